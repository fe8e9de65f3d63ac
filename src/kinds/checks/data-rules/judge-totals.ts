import { compareDecimals, multiplyDecimals } from '../../../core/dataset/canon/numbers.ts';
import type { ReadRule, RuleReference } from '../../../core/dataset/rules/read-data-rule.ts';
import { countRows } from './count-rows.ts';
import type { CountedRule } from './count-rows.ts';
import type { RuleScene } from './evaluate-rules.ts';
import { nextOfSequence } from './next-of-sequence.ts';
import { openReference } from './open-reference.ts';
import type { RuleTable } from './rule-table.ts';

interface Judged {
  violations: number | null;
  note: string | null;
}

/** Judges a rule about a whole table by its count, its sum or its greatest value; one that is broken counts as one violation. */
export async function judgeTotals(
  table: RuleTable,
  rule: Extract<ReadRule, { kind: 'sum' | 'sequence' | 'count' }>,
  { counted, scene }: { counted: CountedRule; scene: RuleScene },
): Promise<Judged> {
  if (rule.kind === 'count') {
    const holds = counted.applies >= rule.min && counted.applies <= rule.max;
    return { violations: holds ? 0 : 1, note: `${counted.applies} rows` };
  }
  if (rule.kind === 'sum') return await judgeSum(table, rule, { counted, scene });
  const next = await nextOfSequence(table, rule.column);
  if (next === null) return { violations: null, note: `${rule.column} is counted by no sequence that can be read` };
  if (counted.total === null) return { violations: 0, note: null };
  return { violations: next > BigInt(counted.total) ? 0 : 1, note: null };
}

async function judgeSum(
  table: RuleTable,
  { equals }: Extract<ReadRule, { kind: 'sum' }>,
  { counted, scene }: { counted: CountedRule; scene: RuleScene },
): Promise<Judged> {
  const here = counted.total ?? '0';
  const there = 'text' in equals ? equals.text : await sumThere(table, equals, scene);
  const isEqual = compareDecimals(here, there) === 0;
  // Totals are of nobody in particular, and the difference is what somebody looks for.
  return { violations: isEqual ? 0 : 1, note: isEqual ? null : 'the sums differ' };
}

async function sumThere(
  table: RuleTable,
  equals: RuleReference & { times: string },
  scene: RuleScene,
): Promise<string> {
  const reference = await openReference(table, equals, scene);
  try {
    const column = equals.column ?? '';
    const rule: ReadRule = {
      kind: 'sum',
      id: 'there',
      text: '',
      where: reference.table.where as ReadRule['where'],
      column,
      equals: { text: '0' },
    };
    const { rules } = await countRows(reference.table, [rule]);
    return multiplyDecimals(rules.get('there')?.total ?? '0', equals.times);
  } finally {
    await reference.close();
  }
}
