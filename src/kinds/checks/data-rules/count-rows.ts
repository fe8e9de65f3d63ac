import { compilePass } from '../../../core/dataset/rules/compile-pass.ts';
import type { PassCount } from '../../../core/dataset/rules/compile-pass.ts';
import { createFold } from '../../../core/dataset/rules/fold-rows.ts';
import type { ReadRule } from '../../../core/dataset/rules/read-data-rule.ts';
import { askOne, readRows } from './rule-table.ts';
import type { RuleTable } from './rule-table.ts';

/** What was counted for one rule, and how. */
export interface CountedRule extends PassCount {
  how: 'pass' | 'stream';
}

/** Rows of the dataset, and what was counted for each rule that looks at one row at a time. */
export interface CountedRows {
  rows: number;
  rules: Map<string, CountedRule>;
}

/** Counts rows for all rules that look at one row at a time: in one statement, and in one stream for what the engine cannot be asked. */
export async function countRows(table: RuleTable, rules: readonly ReadRule[]): Promise<CountedRows> {
  const scanned = rules.filter(({ kind }) => kind !== 'orphans' && kind !== 'unique' && kind !== 'at-most');
  const pass = table.dialect === null ? null : compilePass(scanned, table, table.dialect);
  const counted: CountedRows = { rows: 0, rules: new Map() };
  if (pass !== null) {
    const { rows, counts } = pass.read(await askOne(table, pass.statement));
    counted.rows = rows;
    for (const [id, count] of counts) counted.rules.set(id, { ...count, how: 'pass' });
  }
  const left = scanned.filter(({ id }) => !counted.rules.has(id));
  const isWhole = table.where.length === 0;
  if (left.length > 0) for (const [id, count] of await streamCounts(table, left)) counted.rules.set(id, count);
  if (pass === null || !isWhole) {
    const { session, where } = table;
    counted.rows = await session.count({ table: table.table, key: [], where });
  }
  return counted;
}

async function streamCounts(table: RuleTable, rules: readonly ReadRule[]): Promise<Map<string, CountedRule>> {
  const folds = rules.map((rule) => ({ id: rule.id, fold: createFold(rule, table.columns) }));
  for await (const row of readRows(table, { where: [] })) for (const { fold } of folds) fold.add(row);
  return new Map(folds.map(({ id, fold }) => [id, { ...fold.read(), how: 'stream' as const }]));
}
