import type { CanonRow } from '../../../core/dataset/canon.ts';
import { nameOfKey } from '../../../core/dataset/fix/decide-changes.ts';
import type { FixPlan } from '../../../core/dataset/fix/fix-plan.ts';
import type { DatastoreTransaction, RowChange, WriteTarget } from '../../../core/dataset/datastore-kind.ts';
import { refuseFix } from './fix-setting.ts';

const rowsAtOnce = 1_000;

/** Returns the rows with these keys as they are now, whole and locked until the transaction ends, by `nameOfKey`. */
export async function lockWhole(
  transaction: DatastoreTransaction,
  { table, columns, key }: FixPlan,
  keys: readonly CanonRow[],
): Promise<Map<string, CanonRow>> {
  const query = { table, columns, key, where: [], order: 'any' as const, after: null };
  const found = new Map<string, CanonRow>();
  for (let from = 0; from < keys.length; from += rowsAtOnce)
    for (const row of await transaction.lockRows(query, keys.slice(from, from + rowsAtOnce)))
      found.set(nameOfKey(row.slice(0, key.length)), row);
  return found;
}

/** A change of a whole row, as it is handed to the datastore: only the columns that differ are written. */
export interface WholeChange {
  key: CanonRow;
  before: CanonRow | null;
  after: CanonRow | null;
  /** Columns of an insert that are written; others get what the engine gives them. Null for all. */
  columns: readonly string[] | null;
}

/** Makes changes in this order; those that follow each other and write the same columns go together. Throws `fix_refused` where a guard does not hold. */
export async function changeRows(
  transaction: DatastoreTransaction,
  plan: FixPlan,
  { changes, what }: { changes: readonly WholeChange[]; what: string },
): Promise<void> {
  for (const { target, rows } of toGroups(plan, changes)) {
    const refused = await transaction.change(target, rows);
    if (refused.length === 0) continue;
    throw refuseFix(what, [`${refused.length} rows could not be changed: their guards do not hold`], planAgain);
  }
}

interface ChangeGroup {
  name: string;
  target: WriteTarget;
  rows: RowChange[];
}

function toGroups(plan: FixPlan, changes: readonly WholeChange[]): ChangeGroup[] {
  const groups: ChangeGroup[] = [];
  for (const change of changes) {
    const { name, target, row } = narrow(plan, change);
    if (groups.at(-1)?.name !== name) groups.push({ name, target, rows: [] });
    groups.at(-1)?.rows.push(row);
  }
  return groups;
}

export const planAgain =
  'nothing was changed: look at the rows with "tminus reconcile" or "tminus rules", and plan again';

function narrow(
  { table, columns, key }: FixPlan,
  change: WholeChange,
): { name: string; target: WriteTarget; row: RowChange } {
  const { before, after } = change;
  const operation = before === null ? 'insert' : after === null ? 'delete' : 'update';
  const written = columns.map(({ name }, at) => {
    if (at < key.length || operation === 'delete') return true;
    if (operation === 'insert') return change.columns === null || change.columns.includes(name);
    return before?.[at] !== after?.[at];
  });
  const pick = (row: CanonRow | null): CanonRow | null => row?.filter((_, at) => written[at]) ?? null;
  const target = { table, columns: columns.filter((_, at) => written[at]), key };
  const name = `${operation} ${target.columns.map((column) => column.name).join('\t')}`;
  return { name, target, row: { operation, key: change.key, before: pick(before), after: pick(after) } };
}
