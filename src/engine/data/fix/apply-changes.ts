import type { CanonRow } from '../../../core/dataset/canon.ts';
import { nameOfKey } from '../../../core/dataset/fix/decide-changes.ts';
import type { FixChange, FixPlan, FixValue } from '../../../core/dataset/fix/fix-plan.ts';
import type { DatastoreTransaction } from '../../../core/dataset/datastore-kind.ts';
import { writeEntries } from './fix-ledger.ts';
import type { FixEntry } from './fix-ledger.ts';
import { newToken, refuseFix, rowSha256 } from './fix-setting.ts';
import { changeRows, lockWhole, planAgain } from './guarded-rows.ts';
import type { WholeChange } from './guarded-rows.ts';

/** Some changes of a plan, to be made in one transaction. */
export interface ChangeBatch {
  fix: string;
  plan: FixPlan;
  /** Place of the first one in the plan. */
  first: number;
  changes: readonly FixChange[];
  /** The value of a column that the plan does not hold, from the source; throws where it is no longer what was planned. */
  hiddenValue(change: FixChange, value: FixValue): string | null;
}

/**
 * Makes changes, each only where its row still has the digest that was planned, reads all rows back and keeps what takes them back. Everything in the transaction, so
 * that a guard that fails, or a trigger that changed more than was planned, undoes it all by throwing.
 */
export async function applyChanges(transaction: DatastoreTransaction, batch: ChangeBatch): Promise<void> {
  const { fix, plan, first, changes } = batch;
  const keys = changes.map(({ key }) => key);
  const before = await lockWhole(transaction, plan, keys);
  const whole = changes.map((change) => toWhole(batch, change, before.get(nameOfKey(change.key)) ?? null));
  await changeRows(transaction, plan, { changes: whole, what: `fix ${fix}` });
  const after = await lockWhole(transaction, plan, keys);
  const entries = whole.map((change, at): FixEntry => {
    const row = after.get(nameOfKey(change.key)) ?? null;
    assertAsPlanned(batch, change, row);
    const { operation, key } = changes[at]!;
    return {
      number: first + at,
      operation,
      key,
      before: change.before,
      afterSha256: row === null ? null : rowSha256(row),
    };
  });
  await writeEntries(transaction, fix, entries);
}

function toWhole(batch: ChangeBatch, change: FixChange, row: CanonRow | null): WholeChange {
  const seen = row === null ? null : rowSha256(row);
  if (seen !== change.beforeSha256) {
    const how = row === null ? 'is gone' : change.beforeSha256 === null ? 'is there by now' : 'has changed';
    throw refuseFix(
      `fix ${batch.fix}`,
      [`a row that it is to ${change.operation} ${how} since it was planned`],
      planAgain,
    );
  }
  if (change.operation === 'delete') return { key: change.key, before: row, after: null, columns: null };
  const { columns, key } = batch.plan;
  const after = columns.map(({ name }, at) => {
    const value = change.values.find(({ column }) => column === name);
    if (at < key.length) return change.key[at] ?? null;
    return value === undefined ? (row?.[at] ?? null) : valueOf(batch, change, value);
  });
  const written = change.operation === 'insert' ? change.values.map(({ column }) => column) : null;
  return { key: change.key, before: row, after, columns: written };
}

function valueOf(batch: ChangeBatch, change: FixChange, value: FixValue): string | null {
  if (value.from === 'token') return newToken();
  return value.sha256 === null ? value.after : batch.hiddenValue(change, value);
}

/** Columns are named, values are not. Of an insert only what was written is compared: the engine fills in the rest. */
function assertAsPlanned({ fix, plan }: ChangeBatch, { after, columns }: WholeChange, row: CanonRow | null): void {
  if (after === null && row === null) return;
  const differing = plan.columns.filter(
    ({ name }, at) => (columns === null || columns.includes(name)) && after?.[at] !== row?.[at],
  );
  if (after !== null && row !== null && differing.length === 0) return;
  const what =
    row === null || after === null
      ? 'a row is not as planned when it is read back'
      : `${differing.map(({ name }) => name).join(', ')} is not as planned when a row is read back: a trigger, or a rule of the engine, changes it`;
  throw refuseFix(`fix ${fix}`, [what], 'nothing was changed: see which triggers the table has');
}
