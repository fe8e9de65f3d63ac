import { shorten } from '../paper/line-marks.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Command } from '../understand/commands.ts';
import type { Subject } from '../understand/subject.ts';
import { gatherPlaces, printWords } from './gathered.ts';

const alwaysSet =
  /^(?:HOME|PATH|PWD|USER|SHELL|HOSTNAME|LANG|TMPDIR|EDITOR|RANDOM|SECONDS|UID|OLDPWD|TERM|IFS|EUID|CI|GITHUB_\w+|NF|NR|NVM_DIR|KUBECONFIG|BASH_\w+|XDG_\w+|DISPLAY|LOGNAME|PS1|OSTYPE|REPLY|LINENO|FUNCNAME|PPID)$/;

function variablesNotSet({ paper, commands }: Subject): Hit[] {
  const all = commands.filter((command) => command.language === 'sh').map((command) => command.text);
  if (!all.some((text) => text.includes('$'))) return [];
  const body = [...all, ...paper.fences.flatMap((fence) => fence.lines)].join('\n');
  const prose = paper.lines
    .filter((line) => line.kind !== 'code')
    .map((line) => line.raw)
    .join('\n');
  const seen = new Map<string, { line: number; column: number; note: string }>();
  for (const command of commands) {
    if (command.language !== 'sh' || command.fence === null || /^(?:powershell|ps1|bat)$/.test(command.fence.language))
      continue;
    for (const match of command.text
      .replace(/'[^']*'/g, (quoted) =>
        quoted.includes('{{') || quoted.length > 40 || /awk|jq|sed/.test(command.text)
          ? ' '.repeat(quoted.length)
          : quoted,
      )
      .matchAll(/(?<!\\)\$\{?([A-Za-z_][A-Za-z0-9_]*)(?![A-Za-z0-9_]*:[-=?+]|[A-Za-z0-9_]*\?)/g)) {
      const name = match[1] ?? '';
      if (seen.has(name) || alwaysSet.test(name) || isSet(name, body, prose)) continue;
      seen.set(name, { line: command.line, column: command.column, note: `$${name}` });
    }
  }
  const places = [...seen.values()].toSorted((left, right) => left.line - right.line);
  return gatherPlaces({
    places,
    message: `${printWords(places.map((place) => place.note))} ${places.length === 1 ? 'is' : 'are'} used and never set`,
    expected: 'an assignment, or a sentence that says what to put there',
    got: printWords(places.map((place) => place.note)),
    hint: 'an empty variable makes another command: set it, or write ${NAME:?} so that the shell stops',
  });
}

function isSet(name: string, body: string, prose: string): boolean {
  const assigned = new RegExp(
    `(?:^|[\\s;&(|"])(?:export |set |local |readonly |declare )?${name}=|\\bread (?:-\\w+ )*(?:\\w+ )*${name}\\b|\\bfor ${name} in\\b|\\$env:${name}\\b|\\b${name}\\s*:=`,
    'm',
  );
  return (
    assigned.test(body) ||
    new RegExp(
      `\\$\\{?${name}\\b|\\b${name}\\b.{0,40}(?:environment|variable|set to|is the|=)|(?:set|export|replace|substitute|define)[^.\\n]{0,40}\\b${name}\\b`,
      'i',
    ).test(prose)
  );
}

function unclosedQuotes({ commands }: Subject): Hit[] {
  const places: { line: number; column: number; note: string }[] = [];
  for (const command of commands) {
    if (command.language !== 'sh' || command.fence === null || /<<-?\s*['"]?\w+/.test(command.text)) continue;
    const open = openQuote(command.text);
    if (open !== null && !closesLater(command, open))
      places.push({ line: command.line, column: command.column, note: shorten(command.text, 40) });
  }
  return gatherPlaces({
    places,
    message: `${places.length === 1 ? 'a command misses' : `${places.length} commands miss`} the closing quote`,
    expected: 'a closing quote',
    got: places[0]?.note ?? '',
    hint: 'close the quote; the shell waits for more, or runs the next line as text',
  });
}

function openQuote(text: string): string | null {
  let open: string | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\' && open !== "'") at += 1;
    else if (open === null && character === '#' && (at === 0 || text[at - 1] === ' ')) return null;
    else if (open === null && (character === "'" || character === '"'))
      open = /\w'\w/.test(text.slice(at - 1, at + 2)) && character === "'" ? null : character;
    else if (character === open) open = null;
  }
  return open;
}

/** A quote may span lines: then the rest of the fence closes it before another command begins. */
function closesLater(command: Command, quote: string): boolean {
  const lines = command.fence?.lines.slice(command.end - (command.fence?.line ?? 0)) ?? [];
  const until = lines.findIndex((line) => line.includes(quote));
  if (until === -1) return false;
  const next = lines[until] ?? '';
  return (
    ((next.split(quote).length - 1) % 2 === 1 && !/^\s*(?:\$ )?[a-z]+ (?:ssh|-|[a-z]+ )/.test(next)) ||
    /^\s*[}\])"']/.test(next)
  );
}

const environments: [string, RegExp, RegExp][] = [
  ['staging', /(?<![\w/])(?:gstg|stg|staging|stage)(?=[-_.\w]*['"\s:]|-)/, /\b(?:staging|pre-?prod|non-?prod\w*)\b/i],
  ['development', /\bmanifest-dev\b|(?<![\w/])(?:dev)-(?:cluster|env|web|api)\b/, /\b(?:dev|development)\b/i],
];

/** Commands aim at staging while the whole document speaks of production and never of staging. */
function environmentMismatch({ paper, commands }: Subject): Hit[] {
  const prose = paper.lines
    .filter((line) => line.kind !== 'code' && line.prose !== '' && line.kind !== 'fence')
    .map((line) => line.prose)
    .join('\n');
  if (!/\b(?:production|prod|live|gprd|\w+\.com)\b/i.test(prose)) return [];
  for (const [name, inCommand, inProse] of environments) {
    const places = commands
      .filter((command) => inCommand.test(command.text))
      .map((command) => ({ line: command.line, column: command.column, note: shorten(command.text, 40) }));
    if (places.length === 0 || inProse.test(prose)) continue;
    return gatherPlaces({
      places,
      message: `the text speaks of production, the commands aim at ${name}`,
      expected: 'one environment, or a word on which command is for which',
      got: places[0]?.note ?? '',
      hint: 'make the environment a variable that is set once, at the top',
    });
  }
  return [];
}

function alternativesInOneBlock({ paper }: Subject): Hit[] {
  const places: { line: number; column: number; note: string }[] = [];
  for (const fence of paper.fences) {
    const tags = fence.lines.filter((line) => /^\s*git tag (?:-\w+ )*v?\d/.test(line));
    if (tags.length > 1 && !fence.lines.some((line) => /git push/.test(line)))
      places.push({ line: fence.line, column: 1, note: tags.map((line) => line.trim()).join(' / ') });
  }
  return gatherPlaces({
    places,
    message: 'commands that exclude each other stand in one block',
    expected: 'one block for each case',
    got: shorten(places[0]?.note ?? '', 60),
    hint: 'split the block: whoever copies it runs both',
  });
}

function workingDirectory({ paper }: Subject): Hit[] {
  const made = new Map<string, { line: number; column: number }>();
  const hits: Hit[] = [];
  for (const fence of paper.fences) {
    for (const [index, text] of fence.lines.entries()) {
      const make = /^\s*(?:\$ )?mkdir (?:-p )?([\w-]+)\s*$/.exec(text);
      if (make !== null) made.set(make[1] ?? '', { line: fence.line + 1 + index, column: 1 });
      const home = /~\/([\w-]+)(?![\w/.-])/.exec(text);
      const from = home === null ? undefined : made.get(home[1] ?? '');
      if (home !== null && from !== undefined)
        hits.push({
          line: fence.line + 1 + index,
          column: home.index + 1,
          message: 'the folder is made where the shell stands and used in the home directory',
          expected: `~/${home[1] ?? ''} in both`,
          got: `mkdir ${home[1] ?? ''}, then ~/${home[1] ?? ''}`,
          hint: 'say from which directory the commands are run',
          related: [{ ...from, note: 'made here' }],
        });
    }
  }
  return hits;
}

const background =
  /\b(?:starts?|runs?|invokes?)\b[^.]{0,60}\b(?:in the background|asynchronously)|\bbackground (?:job|process|task)\b|\bexit \*?before\*? the\b/i;

function exitIsNotDone({ paper, actionable, commands }: Subject): Hit[] {
  if (!actionable || commands.length === 0) return [];
  const places = paper.lines
    .filter((line) => line.kind === 'text' && background.test(line.prose))
    .map((line) => ({ line: line.number, column: line.column, note: shorten(line.text, 40) }));
  return gatherPlaces({
    places,
    message: 'a command ends before its work does',
    expected: 'a command that waits, or a check of the result',
    got: places[0]?.note ?? '',
    hint: 'its exit code says nothing about the result: add the check that says done',
  });
}

/** Commands as they would really run. */
export const commandRules: Rule[] = [
  {
    code: 'variable-not-set',
    severity: 'warning',
    summary: 'A command uses a variable that nothing sets or explains.',
    why: 'Empty, it makes another command of it.',
    fires: '# R\n\n```bash\n./update.sh tool $VERSION\n```\n',
    silent:
      '# R\n\nReplace `$NAME` with your pool.\n\n```bash\nexport VERSION=1.2.3\n./update.sh tool $VERSION $NAME $HOME ${TAG:?}\n```\n',
    check: variablesNotSet,
  },
  {
    code: 'unclosed-quote',
    severity: 'warning',
    summary: 'A command has a quote that is never closed.',
    why: 'The shell waits, or takes the next line as text.',
    fires: "# R\n\n```sh\nknife ssh 'web' 'sudo systemctl stop chef\nknife ssh 'api' 'sudo systemctl stop chef\n```\n",
    silent: '# R\n\n```sh\ncurl -d \'{\n  "a": 1\n}\'\necho "it\'s fine" # don\'t worry\n```\n',
    check: unclosedQuotes,
  },
  {
    code: 'environment-mismatch',
    severity: 'warning',
    summary: 'The text speaks of production and the commands aim at another environment.',
    why: 'Copied as it stands, production is not touched and everybody believes it was.',
    fires: "# R\n\nFor production:\n\n```sh\nknife ssh 'roles:gstg-base-web' 'sudo chef-client'\n```\n",
    silent:
      "# R\n\nFirst staging, then production:\n\n```sh\nknife ssh 'roles:gstg-base-web' 'sudo chef-client'\n```\n",
    check: environmentMismatch,
  },
  {
    code: 'alternatives-in-one-block',
    severity: 'info',
    summary: 'Commands of which only one is meant stand in one block.',
    why: 'Whoever copies the block runs both.',
    fires: '# R\n\n```sh\n# first\ngit tag v1.2.0-rc.1\n# later\ngit tag v1.2.0-rc.2\n```\n',
    silent: '# R\n\n```sh\ngit tag v1.2.0\ngit push origin v1.2.0\n```\n',
    check: alternativesInOneBlock,
  },
  {
    code: 'working-directory-unsaid',
    severity: 'info',
    summary: 'A folder is made relative to the shell and used relative to home.',
    why: 'It works only for whoever wrote it.',
    fires: '# R\n\n```\nmkdir cov\ntar -x -C ~/cov\n```\n',
    silent: '# R\n\n```\nmkdir cov\ntar -x -C cov\n```\n',
    check: workingDirectory,
  },
  {
    code: 'exit-is-not-done',
    severity: 'info',
    summary: 'A command starts work that goes on after it has ended.',
    why: 'The next step begins too early.',
    fires: '# Release\n\nThe script starts a CI job in the background.\n\n```sh\n./scripts/a.sh\n./scripts/b.sh\n```\n',
    silent: '# Release\n\nThe script waits.\n\n```sh\n./scripts/a.sh\n./scripts/b.sh\n```\n',
    check: exitIsNotDone,
  },
];
