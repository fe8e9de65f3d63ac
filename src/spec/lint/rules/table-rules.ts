import { shorten } from '../paper/line-marks.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { gatherPlaces, printCount } from './gathered.ts';

function automatedWithSteps({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const section of paper.sections) {
    const kind = /^(\w+) process type$/i.exec(section.title)?.[1];
    const value =
      kind === undefined
        ? undefined
        : paper.lines.slice(section.line, section.end).find((line) => line.kind === 'text')?.text;
    if (kind === undefined || value === undefined || !/^fully ?automated$/i.test(value)) continue;
    const list = paper.paragraphs.find((paragraph) => new RegExp(`^${kind}:$`, 'i').test(paragraph.text));
    if (list !== undefined && paper.items.some((item) => item.line > list.end && item.line <= list.end + 2))
      hits.push({
        line: section.line + 2,
        column: 1,
        message: `${kind.toLowerCase()} is called fully automated and has steps for people`,
        expected: 'no steps, or "manual"',
        got: value,
        hint: 'say what people still do',
        related: [{ line: list.line, column: 1, note: 'steps' }],
      });
  }
  return hits;
}

function commandMissing({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const table of paper.tables) {
    const column = table.header.findIndex((cell) => /^commands?$/i.test(cell.text));
    if (column === -1) continue;
    const cells = table.rows.flatMap((row) => (row[column] === undefined ? [] : [row[column]]));
    const without = cells.filter((cell) => !/^`.+`$/.test(cell.text));
    if (cells.length < 4 || without.length === 0 || without.length * 3 > cells.length) continue;
    hits.push(
      ...gatherPlaces({
        places: without.map((cell) => ({ line: cell.line, column: cell.column, note: shorten(cell.text, 40) })),
        message: `${printCount(without.length, 'check')} without a command`,
        expected: 'a command, as in the other rows',
        got: shorten(without[0]?.text ?? '', 40),
        hint: 'give the command or the query; a dashboard is looked at by eye',
      }),
    );
  }
  return hits;
}

function rowsMissing({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const [index, table] of paper.tables.entries()) {
    const names = table.rows.map((row) => row[0]?.text ?? '');
    if (names.length < 4 || /^\**(?:role|name|approver)/i.test(table.header[0]?.text ?? '')) continue;
    for (const other of paper.tables.slice(index + 1)) {
      if (other.header[0]?.text !== table.header[0]?.text) continue;
      const missing = names.filter((name) => !other.rows.some((row) => row[0]?.text === name));
      if (missing.length !== 1 || other.rows.length !== names.length - 1) continue;
      hits.push({
        line: other.line,
        column: 1,
        message: `the row "${missing[0] ?? ''}" of the table above is gone here`,
        expected: `${names.length} rows`,
        got: `${other.rows.length} rows`,
        hint: 'add the row, or say why it is no longer compared',
        related: [{ line: table.line, column: 1, note: `${names.length} rows` }],
      });
    }
  }
  return hits;
}

/** Rows and cells that are missing. */
export const tableRules: Rule[] = [
  {
    code: 'automated-with-steps',
    severity: 'info',
    summary: 'Something is called fully automated and has steps for people.',
    why: 'Nobody is there when the steps are due.',
    fires: '# S\n\n## Release Process Type\n\nFullyAutomated\n\n## Details\n\nRelease:\n\n- a\n',
    silent: '# S\n\n## Release Process Type\n\nManual\n\n## Details\n\nRelease:\n\n- a\n',
    check: automatedWithSteps,
  },
  {
    code: 'check-without-command',
    severity: 'info',
    summary: 'In a table of checks some rows have no command.',
    why: 'They are looked at by eye, or not at all.',
    fires: '# V\n\n| Check | Command |\n|---|---|\n| a | `x` |\n| b | `x` |\n| c | `x` |\n| d | Grafana |\n',
    silent: '# V\n\n| Check | Command |\n|---|---|\n| a | `x` |\n| b | `x` |\n| c | `x` |\n| d | `y` |\n',
    check: commandMissing,
  },
  {
    code: 'row-gone',
    severity: 'info',
    summary: 'A table that compares with an earlier one lacks one of its rows.',
    why: 'The measure that got worse is the one that is no longer shown.',
    fires:
      '# K\n\n| KPI | v |\n|---|---|\n| a | 1 |\n| b | 1 |\n| c | 1 |\n| d | 1 |\n\n## After\n\n| KPI | v |\n|---|---|\n| a | 1 |\n| b | 1 |\n| c | 1 |\n',
    silent:
      '# K\n\n| KPI | v |\n|---|---|\n| a | 1 |\n| b | 1 |\n| c | 1 |\n| d | 1 |\n\n## After\n\n| Metric | v |\n|---|---|\n| a | 1 |\n| b | 1 |\n| c | 1 |\n',
    check: rowsMissing,
  },
];
