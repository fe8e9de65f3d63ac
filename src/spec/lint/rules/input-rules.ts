import { RE2JS } from 're2js';
import { shorten } from '../paper/line-marks.ts';
import type { Paper } from '../paper/paper.ts';
import type { Hit, Rule, Run } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { gatherPlaces } from './gathered.ts';

/** The defaults of inputs, by their name in code, over all documents of a run. */
function defaultsOf(run: Run): Map<string, { value: string; paper: Paper; line: number; column: number }[]> {
  return run.memo('defaults', () => {
    const found = new Map<string, { value: string; paper: Paper; line: number; column: number }[]>();
    for (const { paper } of run.subjects) {
      for (const table of paper.tables) {
        const column = table.header.findIndex((cell) => /^default$/i.test(cell.text));
        if (column < 1) continue;
        for (const row of table.rows) {
          const [name, cell] = [row[0]?.text ?? '', row[column]];
          if (cell === undefined || !/^`[\w.-]{4,}`$/.test(name) || !/^`.+`$/.test(cell.text)) continue;
          found.set(name, [
            ...(found.get(name) ?? []),
            { value: cell.text, paper, line: cell.line, column: cell.column },
          ]);
        }
      }
    }
    return found;
  });
}

function defaultsDiffer({ paper }: Subject, run: Run): Hit[] {
  const hits: Hit[] = [];
  for (const [name, entries] of defaultsOf(run)) {
    const own = entries.find((entry) => entry.paper === paper);
    const other =
      own === undefined
        ? undefined
        : entries.find(
            (entry) => entry.value !== own.value && entry.paper !== paper && folderOf(entry.paper) === folderOf(paper),
          );
    if (own === undefined || other === undefined || other.paper.path > paper.path) continue;
    hits.push({
      line: own.line,
      column: own.column,
      message: `the default of ${name} is another one in a sibling document`,
      expected: other.value,
      got: own.value,
      hint: 'use one default and one unit, or say why they differ',
      related: [{ file: other.paper.path, line: other.line, column: other.column, note: other.value }],
    });
  }
  return hits;
}

const folderOf = (paper: Paper): string => paper.path.split('/').slice(0, -1).join('/');

/** The patterns that tables give for inputs (`namespace` must match ...), over all documents of a run. */
function patternsOf(run: Run): { name: string; pattern: RE2JS; source: string; paper: Paper; line: number }[] {
  return run.memo('patterns', () => {
    const found: { name: string; pattern: RE2JS; source: string; paper: Paper; line: number }[] = [];
    for (const { paper } of run.subjects) {
      for (const row of paper.tables.flatMap((table) => table.rows)) {
        const name = /^`([\w.-]+)`$/.exec(row[0]?.text ?? '')?.[1];
        const source = row
          .slice(1)
          .map((cell) => /`(\^[^`]+\$)`/.exec(cell.text)?.[1])
          .find((text) => text !== undefined);
        if (name === undefined || source === undefined) continue;
        try {
          found.push({ name, pattern: RE2JS.compile(source), source, paper, line: row[0]?.line ?? 1 });
        } catch {
          // a pattern of another dialect tells nothing about the examples
        }
      }
    }
    return found;
  });
}

function patternMismatch({ paper }: Subject, run: Run): Hit[] {
  const hits: Hit[] = [];
  for (const { name, pattern, source, paper: origin, line } of patternsOf(run)) {
    if (folderOf(origin) !== folderOf(paper)) continue;
    const places = paper.lines.flatMap((entry) =>
      [...entry.raw.matchAll(new RegExp(`"${name}":\\s*"([^"]+)"`, 'g'))]
        .filter((match) => !pattern.matches(match[1] ?? ''))
        .map((match) => ({ line: entry.number, column: match.index + 1, note: match[1] ?? '' })),
    );
    hits.push(
      ...gatherPlaces({
        places,
        message: `the example of ${name} does not match the pattern that is declared for it`,
        expected: source,
        got: places[0]?.note ?? '',
        hint: 'correct the example or the pattern',
      }).map((hit) => ({
        ...hit,
        related: [{ file: origin.path, line, column: 1, note: source }, ...(hit.related ?? [])],
      })),
    );
    const listed =
      origin === paper
        ? paper.lines.find(
            (entry) => entry.prose !== '' && new RegExp(`^(?:valid|allowed|known) ${name}s?:`, 'i').test(entry.text),
          )
        : undefined;
    if (listed !== undefined && /[+*]\$?$/.test(source.replace(/\$$/, '$')))
      hits.push({
        line: listed.number,
        column: 1,
        message: `the list of valid ${name}s is narrower than the pattern that checks them`,
        expected: source,
        got: shorten(listed.text, 60),
        hint: 'check what is valid, or drop the list',
        related: [{ line, column: 1, note: source }],
      });
  }
  return hits;
}

function booleansAsText({ paper }: Subject): Hit[] {
  const declared = paper.lines.some((line) => line.kind !== 'code' && /`(?:\w+=)?(?:true|false)`/.test(line.raw));
  if (!declared) return [];
  const places = paper.lines.flatMap((line) => {
    const match = line.kind === 'code' ? /"(\w+)":\s*"(?:true|false)"/.exec(line.raw) : null;
    return match === null ? [] : [{ line: line.number, column: match.index + 1, note: match[0] }];
  });
  return gatherPlaces({
    places,
    message: 'true and false are sent as text',
    expected: 'true, without quotes',
    got: places[0]?.note ?? '',
    hint: 'send them as booleans, or say that text is wanted: "false" is true in many languages',
  });
}

/** Inputs: defaults, patterns, booleans. */
export const inputRules: Rule[] = [
  {
    code: 'default-differs',
    severity: 'info',
    summary: 'The same input has another default in a sibling document.',
    why: 'A timeout of 300 is five minutes for one and five hours for another.',
    fires: {
      'd/a.md': '# A\n\n| Input | Default |\n|---|---|\n| `wait_timeout` | `300` |\n',
      'd/b.md': '# B\n\n| Input | Default |\n|---|---|\n| `wait_timeout` | `10m` |\n',
    },
    silent: {
      'd/a.md': '# A\n\n| Input | Default |\n|---|---|\n| `wait_timeout` | `10m` |\n',
      'd/b.md': '# B\n\n| Input | Default |\n|---|---|\n| `wait_timeout` | `10m` |\n',
    },
    check: defaultsDiffer,
  },
  {
    code: 'pattern-mismatch',
    severity: 'warning',
    summary:
      'An example does not match the pattern declared for it, or the pattern is wider than the list of valid values.',
    why: 'The example is what people copy.',
    fires:
      '# A\n\n| Name | Notes |\n|---|---|\n| `namespace` | `^db-[0-9]+$` |\n\n```json\n{ "namespace": "db-blue" }\n```\n',
    silent:
      '# A\n\n| Name | Notes |\n|---|---|\n| `namespace` | `^db-[0-9]+$` |\n\n```json\n{ "namespace": "db-1" }\n```\n',
    check: patternMismatch,
  },
  {
    code: 'boolean-as-text',
    severity: 'info',
    summary: 'Examples send true and false as text.',
    why: '"false" is true in many languages: the dry run was real.',
    fires: '# A\n\nSet `dry_run=false`.\n\n```json\n{ "dry_run": "false" }\n```\n',
    silent: '# A\n\nSet `dry_run=false`.\n\n```json\n{ "dry_run": false }\n```\n',
    check: booleansAsText,
  },
];
