import type { Cell, Paper, Table } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import { readNumber } from './numbers.ts';
import { printCount } from './gathered.ts';
import { stem } from './count-rules.ts';

function sumDiffers(table: Table): Hit[] {
  const total = table.rows.findIndex((row) => /^\**(?:grand )?(?:total|sum)\b/i.test(row[0]?.text ?? ''));
  if (total < 2) return [];
  const hits: Hit[] = [];
  for (const [column, cell] of (table.rows[total] ?? []).entries()) {
    const declared = column === 0 ? null : readNumber(cell.text);
    const parts = table.rows.slice(0, total).map((row) => readNumber(row[column]?.text ?? ''));
    if (declared === null || parts.some((part) => part === null) || cell.text.includes('%')) continue;
    const sum = parts.reduce<number>((left, right) => left + (right ?? 0), 0);
    if (Math.abs(sum - declared) > 1e-9) hits.push(describeSum(cell, declared, Math.round(sum * 1e6) / 1e6));
  }
  return hits;
}

function describeSum(cell: Cell, declared: number, sum: number): Hit {
  return {
    line: cell.line,
    column: cell.column,
    message: 'the total is not the sum of its rows',
    expected: String(sum),
    got: String(declared),
    hint: 'add the rows up again and correct the row or the total',
  };
}

/** The same thing counted twice with different numbers: "73 tests" here, "75 tests" there. */
function countsDisagree(paper: Paper): Hit[] {
  const totals = new Map<string, { count: number; line: number; column: number }[]>();
  for (const table of paper.tables) {
    const total = table.rows.find((row) => /^\**total\b/i.test(row[0]?.text ?? ''));
    for (const [column, cell] of (total ?? []).entries()) {
      const noun = stem(table.header[column]?.text ?? '');
      const count = readNumber(cell.text);
      if (column > 0 && count !== null && noun.length > 2 && !cell.text.includes('%'))
        totals.set(noun, [...(totals.get(noun) ?? []), { count, line: cell.line, column: cell.column }]);
    }
  }
  if (totals.size === 0) return [];
  const hits: Hit[] = [];
  for (const line of paper.lines) {
    if (line.kind === 'code' || line.prose === '') continue;
    for (const match of line.prose.matchAll(
      /(?<![\w.,~<>=+-])(\d{1,3}(?:,\d{3})+|\d{2,6}) ([a-z]{3,}s)\b(?! (?:per|each))/gi,
    )) {
      const known = totals.get(stem(match[2] ?? ''))?.[0];
      const claimed = readNumber(match[1] ?? '');
      if (known === undefined || claimed === null || known.count === claimed || line.kind === 'table') continue;
      hits.push({
        line: line.number,
        column: line.column + match.index,
        message: `${printCount(claimed, (match[2] ?? '').replace(/s$/, ''))} here, ${known.count} in the table's total`,
        expected: String(known.count),
        got: String(claimed),
        hint: 'correct the one that is wrong',
        related: [{ line: known.line, column: known.column, note: `total ${known.count}` }],
      });
    }
  }
  return hits;
}

/** Totals that their own rows disprove. */
export const sumRules: Rule[] = [
  {
    code: 'sum-differs',
    severity: 'warning',
    summary: 'A total row is not the sum of the rows above it.',
    why: 'A total that was typed was not counted, and neither were the rows.',
    fires: '# T\n\n| Part | Tests |\n|---|---|\n| a | 25 |\n| b | 13 |\n| **Total** | **40** |\n',
    silent: '# T\n\n| Part | Tests |\n|---|---|\n| a | 25 |\n| b | 1,013 |\n| **Total** | **1,038** |\n',
    check: ({ paper }) => paper.tables.flatMap(sumDiffers),
  },
  {
    code: 'counts-disagree',
    severity: 'warning',
    summary: 'The text counts the same thing as a table total, and comes to another number.',
    why: 'Two numbers for one thing mean that at least one was never measured.',
    fires: '# T\n\n75 tests pass.\n\n| Part | Tests |\n|---|---|\n| a | 60 |\n| b | 13 |\n| Total | 73 |\n',
    silent: '# T\n\n73 tests pass.\n\n| Part | Tests |\n|---|---|\n| a | 60 |\n| b | 13 |\n| Total | 73 |\n',
    check: ({ paper }) => countsDisagree(paper),
  },
];
