import type { CanonColumn, CanonRow, CanonValue } from '../../../core/dataset/canon.ts';
import type { FixGround } from '../../../core/dataset/fix/decide-changes.ts';
import { nameOfKey } from '../../../core/dataset/fix/decide-changes.ts';
import type { FixCascade, FixChange } from '../../../core/dataset/fix/fix-plan.ts';
import { orderByParents } from '../../../core/dataset/fix/order-by-parents.ts';
import type { RuleTable } from '../../../kinds/checks/data-rules/rule-table.ts';
import { readReferences } from './read-references.ts';

const valuesAtOnce = 500;

/** Returns the rows of other tables that the deletions of a plan would delete, or empty, because a foreign key says so. */
export async function countCascades(
  table: RuleTable,
  changes: readonly FixChange[],
  { rows, columns }: FixGround,
): Promise<FixCascade[]> {
  const deleted = changes.filter(({ operation }) => operation === 'delete');
  const found = deleted.map(({ key }) => rows.get(nameOfKey(key))).filter((row) => row !== undefined);
  return countTakenAlong(table, { rows: found, columns });
}

/** Returns the rows of other tables that deleting these would delete, or empty. */
export async function countTakenAlong(
  table: RuleTable,
  { rows, columns }: { rows: readonly CanonRow[]; columns: readonly CanonColumn[] },
): Promise<FixCascade[]> {
  if (rows.length === 0) return [];
  const references = (await readReferences(table)).filter(({ takesAlong }) => takesAlong);
  const cascades: FixCascade[] = [];
  for (const { child, column, parentColumn } of references) {
    const at = columns.findIndex(({ name }) => name === parentColumn);
    const values = rows.flatMap((row) => row[at] ?? []);
    let count = 0;
    for (let from = 0; from < values.length; from += valuesAtOnce) {
      const some = values.slice(from, from + valuesAtOnce);
      const where = [{ column, operator: 'in' as const, values: some, text: `${column} in deleted` }];
      count += await table.session.count({ table: child, key: [], where });
    }
    if (count > 0) cascades.push({ table: child, column, rows: count });
  }
  return cascades;
}

/** Returns the changes so that rows which refer to rows of the same table come after them where they are inserted, and before them where they are deleted. */
export async function orderForReferences(table: RuleTable, changes: readonly FixChange[]): Promise<FixChange[]> {
  const moved = changes.some(({ operation }) => operation !== 'update');
  const own = moved ? (await readReferences(table)).find(({ isOwn }) => isOwn) : undefined;
  if (own === undefined) return [...changes];
  const valueOf =
    (name: string, when: 'before' | 'after') =>
    ({ key, values }: FixChange): CanonValue =>
      table.key.includes(name)
        ? (key[table.key.indexOf(name)] ?? null)
        : (values.find(({ column }) => column === name)?.[when] ?? null);
  const of = (wanted: FixChange['operation']): FixChange[] => changes.filter(({ operation }) => operation === wanted);
  const order = (some: FixChange[], when: 'before' | 'after'): FixChange[] =>
    orderByParents(some, { own: valueOf(own.parentColumn, when), parent: valueOf(own.column, when) });
  return [...order(of('insert'), 'after'), ...of('update'), ...order(of('delete'), 'before').toReversed()];
}
