import { compareKeys } from '../../../core/dataset/canon/compare-keys.ts';
import { meetsConditions } from '../../../core/dataset/canon/meets-conditions.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { RowCondition } from '../../../core/dataset/dataset.ts';
import type { ReadRule } from '../../../core/dataset/rules/read-data-rule.ts';
import { findRuledColumn, readRows } from './rule-table.ts';
import type { RuleTable } from './rule-table.ts';

/** Rows that break a rule, and how many rows it is about. */
export interface FoundRows {
  applies: number;
  violations: number;
  /** Keys of the first ones. */
  keys: CanonRow[];
}

/** Returns the keys of the first rows that break a rule which looks at one row at a time. */
export async function findBroken(
  table: RuleTable,
  rule: Extract<ReadRule, { kind: 'implies' }>,
  keep: number,
): Promise<CanonRow[]> {
  const holds = meetsConditions(rule.demands, table.columns);
  const keyOf = keyReader(table);
  const keys: CanonRow[] = [];
  for await (const row of readRows(table, { where: rule.where })) {
    if (!holds(row)) keys.push(keyOf(row));
    if (keys.length >= keep) break;
  }
  return keys;
}

/** Returns the rows that share their values of some columns with more rows than a rule allows: all of them, read in the order of those columns. */
export async function findRepeated(
  table: RuleTable,
  rule: Extract<ReadRule, { kind: 'unique' | 'at-most' }>,
  keep: number,
): Promise<FoundRows> {
  const places = rule.columns.map((name) => table.columns.indexOf(findRuledColumn(table, name)));
  const keyOf = keyReader(table);
  const found: FoundRows = { applies: 0, violations: 0, keys: [] };
  let run: { name: string; count: number; keys: CanonRow[] } = { name: '', count: 0, keys: [] };
  const end = (): void => {
    if (run.count <= rule.rows) return;
    found.violations += run.count;
    found.keys.push(...run.keys.slice(0, keep - found.keys.length));
  };
  const where = [...rule.where, ...rule.columns.map(exists)];
  for await (const row of readRows(table, { where, order: [...rule.columns, ...table.key] })) {
    found.applies += 1;
    const name = JSON.stringify(places.map((at) => row[at] ?? null));
    if (name !== run.name) {
      end();
      run = { name, count: 0, keys: [] };
    }
    run.count += 1;
    if (run.keys.length < keep) run.keys.push(keyOf(row));
  }
  end();
  return found;
}

/** Returns the rows whose parent is not there, by reading both sides in the order of the reference: they may lie in two datastores. */
export async function findOrphans(
  child: RuleTable,
  parent: RuleTable,
  { rule, parentColumn, keep }: { rule: Extract<ReadRule, { kind: 'orphans' }>; parentColumn: string; keep: number },
): Promise<FoundRows> {
  const at = child.columns.indexOf(findRuledColumn(child, rule.column));
  const key = findRuledColumn(parent, parentColumn);
  const type = orderOf(child.columns[at]?.type, key.type);
  const parents = readRows({ ...parent, columns: [key] }, { where: [exists(key.name)], order: [key.name] });
  const keyOf = keyReader(child);
  const found: FoundRows = { applies: 0, violations: 0, keys: [] };
  let known = await parents.next();
  try {
    const where = [...rule.where, exists(rule.column)];
    for await (const row of readRows(child, { where, order: [rule.column, ...child.key] })) {
      found.applies += 1;
      const value = [row[at] ?? null];
      while (known.done !== true && compareKeys(known.value, value, [type]) < 0) known = await parents.next();
      if (known.done !== true && compareKeys(known.value, value, [type]) === 0) continue;
      found.violations += 1;
      if (found.keys.length < keep) found.keys.push(keyOf(row));
    }
  } finally {
    await parents.return(undefined);
  }
  return found;
}

/** Both sides have to come in the same order: whole numbers do not come as texts do. */
function orderOf(child: string | undefined, parent: string): 'integer' | 'text' {
  if ((child === 'integer') === (parent === 'integer')) return parent === 'integer' ? 'integer' : 'text';
  throw new MixedKeys();
}

/** A reference of one type to a key of another, whose orders are not the same. */
export class MixedKeys extends Error {}

function keyReader({ columns, key }: RuleTable): (row: CanonRow) => CanonRow {
  const places = key.map((name) => columns.findIndex((column) => column.name === name));
  return (row) => places.map((at) => row[at] ?? null);
}

function exists(column: string): RowCondition {
  return { column, operator: 'exists', values: [], text: `${column} exists` };
}
