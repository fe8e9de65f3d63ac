import type { Paper, Table } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import { readNumber, readRange } from './numbers.ts';

const exceeds =
  /\ball\b[^.]*\b(?:metrics?|targets?|benchmarks?|results?)\b[^.]*?(\d+(?:\.\d+)?)\s*[-–]\s*(\d+(?:\.\d+)?)\s*(x|%|×)/i;

/** "All metrics exceed targets by 5-20x" over a column of factors that holds a 4x; said several times, it is reported once. */
function rangeDiffers(paper: Paper): Hit[] {
  const said = paper.lines.flatMap((line) => {
    const match = line.prose !== '' && /\ball\b/i.test(line.prose) ? exceeds.exec(line.prose) : null;
    return match === null
      ? []
      : [
          {
            line: line.number,
            column: line.column + match.index,
            low: Number(match[1]),
            high: Number(match[2]),
            unit: match[3] ?? 'x',
            note: 'claimed again',
          },
        ];
  });
  const first = said[0];
  if (first === undefined) return [];
  const outside = factorsOf(paper, first.unit).filter(
    (factor) => factor.value < first.low || factor.value > first.high,
  );
  if (outside.length === 0) return [];
  return [
    {
      line: first.line,
      column: first.column,
      message: `${outside.length} ${outside.length === 1 ? 'row lies' : 'rows lie'} outside the range that is claimed for all`,
      expected: `every row between ${first.low} and ${first.high}${first.unit}`,
      got: outside.map((factor) => `${factor.value}${first.unit}`).join(', '),
      hint: 'say what the table says',
      related: [
        ...outside.map(({ line, column, value }) => ({ line, column, note: `${value}${first.unit}` })),
        ...said.slice(1).map(({ line, column, note }) => ({ line, column, note })),
      ],
    },
  ];
}

function factorsOf(paper: Paper, unit: string): { value: number; line: number; column: number }[] {
  const factors: { value: number; line: number; column: number }[] = [];
  for (const table of paper.tables) {
    const column = table.header.findIndex((cell) => /improvement|factor|speed-?up|vs\.? target|gain/i.test(cell.text));
    if (column === -1) continue;
    for (const row of table.rows) {
      const cell = row[column];
      const value = cell?.text.includes(unit) === true ? readNumber(cell.text.replace(/[^\d.x%×*]/g, '')) : null;
      if (cell !== undefined && value !== null) factors.push({ value, line: cell.line, column: cell.column });
    }
  }
  return factors;
}

/** A row whose own target it misses, marked as met. */
function missedMarkedMet(table: Table): Hit[] {
  const names = table.header.map((cell) => cell.text.replace(/\*/g, '').trim().toLowerCase());
  const [target, actual, status] = [
    names.indexOf('target'),
    names.findIndex((name) => /^(?:actual|result|measured|got|value)$/.test(name)),
    names.findIndex((name) => /^(?:status|met\??|ok\??|improvement)$/.test(name)),
  ];
  if (target === -1 || actual === -1 || status === -1) return [];
  const hits: Hit[] = [];
  for (const row of table.rows) {
    const [wanted, got, mark] = [readRange(row[target]?.text ?? ''), readRange(row[actual]?.text ?? ''), row[status]];
    if (
      wanted === null ||
      got === null ||
      mark === undefined ||
      !/✅|☑|✔|\bmet\b|\bpass(?:ed)?\b|\bok\b|100 ?%|exceeds/i.test(mark.text)
    )
      continue;
    if (wanted.unit !== got.unit && wanted.unit !== '' && got.unit !== '') continue;
    const bounded = wanted.low !== -Infinity && wanted.high !== Infinity && wanted.low !== wanted.high;
    const missed =
      got.high < wanted.low ||
      (wanted.low === -Infinity && got.low > wanted.high) ||
      (bounded && got.low > wanted.high);
    if (missed)
      hits.push({
        line: mark.line,
        column: mark.column,
        message: `the row is marked as met and misses its own target`,
        expected: row[target]?.text ?? '',
        got: row[actual]?.text ?? '',
        hint: 'mark it as missed, or say what was decided about it',
      });
  }
  return hits;
}

const share = /(\d{2,5})\s?% of (?:the )?([\d,]+)?[^.]*?\b(?:target|goal|plan)\b/i;

/** "253 % of target" as an achievement, where more is not better (lines of code, days). */
function overTarget(paper: Paper): Hit[] {
  for (const line of paper.lines) {
    if (line.prose === '' || !line.prose.includes('%')) continue;
    const match = share.exec(line.prose);
    const percent = Number(match?.[1] ?? 0);
    if (match === null || percent <= 120 || !/\b(?:lines?|loc|code|days|timeline)\b/i.test(line.prose)) continue;
    return [
      {
        line: line.number,
        column: line.column + match.index,
        message: `${percent} % of a planned size is counted as an achievement`,
        expected: 'about 100 %, or a reason',
        got: `${percent} %`,
        hint: 'a size far over its plan is a deviation: say why, or leave it out of the decision',
      },
    ];
  }
  return [];
}

/** Measures whose own table or wording disproves them. */
export const measureRules: Rule[] = [
  {
    code: 'range-differs',
    severity: 'warning',
    summary: 'A range claimed for all rows does not hold for each of them.',
    why: 'The decision rests on the sentence, not on the table.',
    fires:
      '# P\n\n| Metric | Target | Actual | Improvement |\n|---|---|---|---|\n| a | >100/sec | ~1000/sec | **10x** ✅ |\n| b | >50/sec | ~200/sec | **4x** ✅ |\n\nAll metrics exceed targets by 5-20x\n',
    silent:
      '# P\n\n| Metric | Target | Actual | Improvement |\n|---|---|---|---|\n| a | >100/sec | ~1000/sec | **10x** ✅ |\n| b | >50/sec | ~250/sec | **5x** ✅ |\n\nAll metrics exceed targets by 5-20x\n',
    check: ({ paper }) => rangeDiffers(paper),
  },
  {
    code: 'missed-marked-met',
    severity: 'warning',
    summary: 'A row is marked as met although its actual value misses its target.',
    why: 'A green mark beside a missed target is how a bad launch gets its GO.',
    fires:
      '# P\n\n| Metric | Target | Actual | Status |\n|---|---|---|---|\n| Timeline | 10-12 days | 14 days | ✅ 100% |\n',
    silent:
      '# P\n\n| Metric | Target | Actual | Status |\n|---|---|---|---|\n| Timeline | 10-12 days | 11 days | ✅ 100% |\n| Coverage | > 80% | 100% | ✅ |\n',
    check: ({ paper }) => paper.tables.flatMap(missedMarkedMet),
  },
  {
    code: 'size-over-plan',
    severity: 'info',
    summary: 'A multiple of a planned size (lines, days) is presented as a success.',
    why: 'Size says nothing about readiness, and twice the plan is a deviation.',
    fires: '# P\n\n**Achievement**: 253% of 6,500 line target\n',
    silent: '# P\n\n**Achievement**: 98% of 6,500 line target, 253% of the availability target\n',
    check: ({ paper }) => overTarget(paper),
  },
];
