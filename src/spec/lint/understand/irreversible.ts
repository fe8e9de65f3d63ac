import type { Paper } from '../paper/paper.ts';
import type { Command } from './commands.ts';

/** Something that a second command does not take back. */
export interface IrreversibleAction {
  what: string;
  line: number;
  column: number;
  /** True where a command does it, false where a sentence tells it. */
  command: boolean;
  /** `destroys` loses data, `publishes` shows something to others that cannot be unseen. */
  kind: 'destroys' | 'publishes';
}

const destroying: [RegExp, string][] = [
  [/\bDROP\s+(?:TABLE|DATABASE|SCHEMA|COLUMN|USER|OWNED|INDEX|ROLE|VIEW)\b/i, 'drop'],
  [/\bTRUNCATE\b/i, 'truncate'],
  [/\bDELETE\s+FROM\b/i, 'delete from'],
  [/\bdropdb\b/, 'dropdb'],
  [/\bterraform\s+(?:destroy|taint)\b|\b(?:tofu|pulumi|cdk) destroy\b/, 'destroy'],
  [/\bkubectl\b.*\sdelete\s|\boc delete\b|\bhelm (?:uninstall|delete)\b/, 'delete'],
  [/\baws\b.*\b(?:delete|terminate)-\w+|\bgcloud\b.*\sdelete\b|\baz\b.*\sdelete\b/, 'delete'],
  [/\b(?:mkfs|shred|wipefs)\b|\bdd if=.* of=\/dev/, 'wipe'],
  [/\bgit push\b.*(?:--force\b(?!-with)| -f\b|--delete| :[\w/])/, 'force push'],
  [/\bFLUSH(?:ALL|DB)\b/i, 'flush'],
  [/\b(?:db:drop|db:reset|migrate:reset|flyway clean|seed:undo:all|migrate:undo:all)\b/, 'reset of a database'],
];
const publishing: [RegExp, string][] = [
  [/\b(?:npm|yarn|pnpm|cargo|poetry|gem) (?:publish|push)\b|\btwine upload\b/, 'publish of a package'],
  [/\bgit push\b.*(?:--tags|\$\{?\w*TAG\w*\}?|\bv?(?:\d+|[XYM])\.(?:\d+|[xym])|\btags?\b|<tag>)/i, 'push of a tag'],
  [/\bgh release create\b|"draft":\s*false/, 'release'],
];
const destroyingWords =
  /(?:\b(?:destroy(?:s|ing)? (?:and|the)|drop(?:s|ping)? (?:the )?(?:\w+ )?(?:table|database|column|schema|user)s?\b|delete(?:s|ing)? (?:the )?(?:old|legacy|unclaimed|production|previous|all)(?: \w+)? (?:\w+ )?(?:user|record|table|database|data|credential|bucket|volume|instance|snapshot|stack|cluster|server)s?|purg(?:e|es|ing) (?:the|all|unclaimed)|wipe (?:the|all)))/i;
const publishingWords =
  /^(?:\*\*[^*]+\*\*:?\s*)?(?:(?:then|finally|once \w+,?) )?(?:push (?:the )?(?:release )?tags?\b|tag (?:the )?(?:release|repository|`?head`?)\b|publish (?:the |a |to )?(?:release|package|image|artifact|draft|app|new version|images|\[)|click the `?publish|announce\b.*\bpublicly|submit to (?:the )?(?:app )?store|send (?:the )?(?:mailout|newsletter|announcement)|(?:perform|do|make) the dns (?:flip|switch|cutover)|dns flip\b)/i;

/** Returns the actions that lose data or show something to others, from the commands and from what the steps tell people to do. */
export function findIrreversible(paper: Paper, commands: readonly Command[]): IrreversibleAction[] {
  const found: IrreversibleAction[] = [];
  for (const command of commands) {
    const what = matchFirst(destroying, command.text);
    const shown = what === null ? matchFirst(publishing, command.text) : null;
    if (what !== null)
      found.push({ what, line: command.line, column: command.column, command: true, kind: 'destroys' });
    else if (shown !== null)
      found.push({ what: shown, line: command.line, column: command.column, command: true, kind: 'publishes' });
  }
  const seen = new Set(found.map((action) => action.line));
  for (const line of paper.lines) {
    if (line.prose === '' || seen.has(line.number) || line.quoted || line.kind === 'table') continue;
    const destroys = destroyingWords.exec(line.prose);
    if (
      destroys !== null &&
      !/\b(?:not|never|without|if|avoid|don't)\b[^.]*$/i.test(line.prose.slice(0, destroys.index))
    ) {
      found.push({
        what: destroys[0].toLowerCase(),
        line: line.number,
        column: line.column + destroys.index,
        command: false,
        kind: 'destroys',
      });
    } else if (line.kind === 'item') {
      const publishes = publishingWords.exec(line.text);
      if (publishes !== null)
        found.push({
          what: publishes[0].toLowerCase(),
          line: line.number,
          column: line.column,
          command: false,
          kind: 'publishes',
        });
    }
  }
  return found.toSorted((left, right) => left.line - right.line);
}

function matchFirst(patterns: readonly [RegExp, string][], text: string): string | null {
  return patterns.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
