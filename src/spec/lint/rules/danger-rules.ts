import { shorten } from '../paper/line-marks.ts';
import type { Paper, Section } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { vocabulary } from '../understand/vocabulary.ts';
import { gatherPlaces, printCount, printWords } from './gathered.ts';
import { says, topOf } from './places.ts';

function irreversibleNotMarked({ paper, irreversible, actionable }: Subject): Hit[] {
  const places = irreversible
    .filter((action) => action.kind === 'destroys' && (action.command || actionable))
    .filter((action) => {
      const section = paper.lines[action.line - 1]?.section;
      const around = paper.lines
        .slice(Math.max(0, action.line - 5), action.line + 3)
        .filter((line) => line.section === section);
      return !around.some((line) =>
        /⚠|❗|\b(?:warning|caution|danger|irreversible|cannot be undone|permanent|destructive|point of no return)\b/i.test(
          line.raw,
        ),
      );
    })
    .map((action) => ({ line: action.line, column: action.column, note: action.what }));
  return gatherPlaces({
    places,
    message: `${printCount(places.length, 'destructive action')} not marked as irreversible`,
    expected: 'a warning beside the step',
    got: printWords([...new Set(places.map((place) => place.note))].slice(0, 4)),
    hint: 'mark the step `reversible=no` or with a warning, and have somebody confirm it',
  });
}

const effect =
  /\b(?:remove|roll-?back|rollback|restore|undo|revert|failback|mitigation|release day|unpause|disable|publish)\b/i;

/** Sections that change something and never look whether it worked. */
function effectNotVerified({ paper, actionable, commands }: Subject): Hit[] {
  if (!actionable && paper.frontMatter === null && commands.length === 0) return [];
  const places = paper.sections.filter((section) => {
    if (section.level === 0 || !effect.test(section.title) || !isLeaf(paper, section)) return false;
    const body = paper.lines.slice(section.line, section.end).filter((line) => line.kind !== 'comment');
    const runs = commands.some((command) => command.line > section.line && command.line <= section.end);
    const acts =
      runs ||
      body.some(
        (line) =>
          (line.kind === 'item' && /^(?:\*\*)?[A-Z]/.test(line.text)) ||
          /\bpress the\b|\bnavigate to\b/i.test(line.prose),
      );
    const dummy = /^step \d/i.test(body.find((line) => line.kind === 'item')?.text ?? '');
    return acts && !dummy && body.length >= 3 && !body.some((line) => vocabulary.verify.test(line.raw));
  });
  const found = gatherPlaces({
    places: places.map((section) => ({ line: section.line, column: section.column, note: shorten(section.title, 40) })),
    message: 'nothing checks that this worked',
    expected: 'a last step that looks at the result',
    got: shorten(places[0]?.title ?? '', 50),
    hint: 'say what is looked at afterwards, and what it must show',
  });
  const restore =
    actionable &&
    /\brestor/i.test(paper.title) &&
    !says(paper, /\b(?:verif\w+|compar\w+|checksums?|row counts?|reconcil\w*|spot[- ]check|smoke|integrity)\b/i);
  return restore
    ? [
        ...found,
        {
          ...topOf(paper),
          message: 'nothing checks that the restored data is right',
          expected: 'a comparison with what was backed up',
          got: 'a restore without a look at the data',
          hint: 'count, compare or read back: a restore that finished is not a restore that worked',
        },
      ]
    : found;
}

function isLeaf(paper: Paper, section: Section): boolean {
  return paper.sections[section.index + 1]?.parent !== section;
}

function lastStepNotVerified({ paper, actionable, steps }: Subject): Hit[] {
  if (!actionable) return [];
  const risky = steps.filter((item) =>
    /\b(?:initiate (?:the )?rollback|publish (?:the )?`?release|click the `?publish|start the (?:rollback|release))/i.test(
      item.text.replace(/\[[^\]]*\]\([^)]*\)/g, '').replace(/`/g, ''),
    ),
  );
  return risky.flatMap((item): Hit[] => {
    const section = item.section;
    const around = steps.filter(
      (other) => other.section === section && Math.abs(steps.indexOf(other) - steps.indexOf(item)) <= 2,
    );
    const after = paper.lines.slice(item.line - 1, section.end);
    const checked = /publish/i.test(item.text)
      ? around.filter((other) => other.line <= item.line).some((other) => vocabulary.verify.test(other.text))
      : after.slice(item.end - item.line + 1).some((line) => vocabulary.verify.test(line.raw));
    return checked
      ? []
      : [
          {
            line: item.line,
            column: item.column,
            message: 'nothing is verified around the step that cannot be taken back',
            expected: /publish/i.test(item.text)
              ? 'a look at what will be published, before it is'
              : 'a check that it worked, and an end state',
            got: shorten(item.text, 50),
            hint: 'add the check and what it must show',
          },
        ];
  });
}

function destroyWithoutBackup({ paper, irreversible }: Subject): Hit[] {
  const drops = irreversible.filter(
    (action) =>
      action.kind === 'destroys' &&
      /^(?:drop(?! owned| user)|truncate|delete from|dropdb|reset)/i.test(action.what) &&
      !/\bDROP\s+(?:USER|ROLE|OWNED|INDEX|VIEW)\b/i.test(paper.lines[action.line - 1]?.raw ?? ''),
  );
  if (drops.length === 0 || says(paper, vocabulary.backup)) return [];
  return gatherPlaces({
    places: drops.map((action) => ({ line: action.line, column: action.column, note: action.what })),
    message: 'data is dropped and no backup is taken',
    expected: 'a backup, with proof that it restores, before the first drop',
    got: printWords([...new Set(drops.map((action) => action.what))]),
    hint: 'back up first; a rollback that drops tables loses what was written since',
  });
}

/** Actions that destroy, and effects that nobody looks at. */
export const dangerRules: Rule[] = [
  {
    code: 'irreversible-not-marked',
    severity: 'warning',
    summary: 'A command or step destroys data and nothing marks it.',
    why: 'It looks like the harmless line above it.',
    fires: '# Convert\n\nRun this:\n\n```sql\nDROP TABLE orders;\n```\n',
    silent: '# Convert\n\n**WARNING**: cannot be undone.\n\n```sql\nDROP TABLE orders;\n```\n',
    check: irreversibleNotMarked,
  },
  {
    code: 'effect-not-verified',
    severity: 'info',
    summary: 'A rollback, removal, restore or publication is never checked.',
    why: 'The list ends, and nobody knows whether it worked.',
    fires:
      '# Banner runbook\n\n## Remove the banner\n\nNavigate to the admin page and press the button.\n\n1. Open it\n2. Press\n3. Leave\n',
    silent: '# Banner runbook\n\n## Remove the banner\n\n1. Open it\n2. Press\n3. Check that the banner is gone\n',
    check: (subject) => [...effectNotVerified(subject), ...lastStepNotVerified(subject)],
  },
  {
    code: 'destroy-without-backup',
    severity: 'warning',
    summary: 'Tables or data are dropped, and the document never takes a backup.',
    why: 'The rollback then loses everything written since.',
    fires: '# Migration runbook\n\n```sql\nDROP TABLE a;\n```\n',
    silent: '# Migration runbook\n\nTake a backup.\n\n```sql\nDROP TABLE a;\n```\n',
    check: destroyWithoutBackup,
  },
];
