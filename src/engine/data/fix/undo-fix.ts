import { nameOfKey } from '../../../core/dataset/fix/decide-changes.ts';
import type { FixPlan } from '../../../core/dataset/fix/fix-plan.ts';
import type { DatastoreTransaction } from '../../../core/dataset/datastore-kind.ts';
import type { StoredFix } from '../../../store/fix-plan.ts';
import type { Store } from '../../../store/open-store.ts';
import { whileAlone } from '../import/while-alone.ts';
import { changesAtOnce, writeOf } from './apply-fix.ts';
import { lockEntries, makeFixLedger, removeEntries } from './fix-ledger.ts';
import type { FixEntry } from './fix-ledger.ts';
import { refuseFix, rowSha256 } from './fix-setting.ts';
import type { FixSetting } from './fix-setting.ts';
import { changeRows, lockWhole } from './guarded-rows.ts';
import type { WholeChange } from './guarded-rows.ts';
import { findFix, makeFixMove } from './move-fix.ts';

const editedSince =
  'nothing was taken back in this transaction: see who wrote to the rows since, and mend them by a plan of their own';

/**
 * Takes a fix back: every row that it changed becomes what it was, the last change first, each only where it still is what the fix left. Throws `fix_refused`, having
 * taken back nothing in that transaction, where somebody wrote to one of them since.
 */
export async function undoFix(
  store: Store,
  setting: FixSetting,
  { fix: id, person }: { fix: string; person: string | null },
): Promise<StoredFix> {
  const known = await findFix(store, id);
  return await whileAlone(store, known, async () => {
    const fix = await findFix(store, id);
    const begun = await makeFixMove(store, fix, { move: 'begin-undo', person, detail: 'began to take it back' });
    const restored = await restoreAll(setting, begun).catch(async (error: unknown) => {
      const detail = error instanceof Error ? error.message : 'it failed';
      await makeFixMove(store, begun, { move: 'fail-undo', person: null, detail });
      throw error;
    });
    const detail = `${restored} rows are what they were`;
    return await makeFixMove(store, begun, {
      move: 'finish-undo',
      person,
      detail,
      write: { result: { ...fix.result, restored } },
    });
  });
}

async function restoreAll({ data, signal, progress }: FixSetting, { id, plan }: StoredFix): Promise<number> {
  const session = await data.open(plan.on, 'write', signal);
  try {
    await makeFixLedger(session);
    let restored = 0;
    const last = Math.floor(Math.max(0, plan.changes.length - 1) / changesAtOnce) * changesAtOnce;
    for (let first = last; first >= 0; first -= changesAtOnce) {
      signal.throwIfAborted();
      const count = Math.min(changesAtOnce, plan.changes.length - first);
      const numbers = Array.from({ length: count }, (_, at) => first + at);
      restored += await writeOf(session)((transaction) => restore(transaction, { fix: id, plan, numbers }));
      progress(restored, plan.changes.length, 'rows taken back');
    }
    return restored;
  } finally {
    await session.close();
  }
}

/** Returns how many changes were taken back: those that the ledger holds, since only they stand. */
async function restore(
  transaction: DatastoreTransaction,
  { fix, plan, numbers }: { fix: string; plan: FixPlan; numbers: readonly number[] },
): Promise<number> {
  const entries = (await lockEntries(transaction, fix, numbers)).toReversed();
  if (entries.length === 0) return 0;
  const keys = entries.map(({ key }) => key);
  const now = await lockWhole(transaction, plan, keys);
  const changes = entries.map((entry): WholeChange => {
    const row = now.get(nameOfKey(entry.key)) ?? null;
    if ((row === null ? null : rowSha256(row)) !== entry.afterSha256)
      throw refuseFix(`undo of fix ${fix}`, ['a row is no longer what the fix left'], editedSince);
    return { key: entry.key, before: row, after: entry.before, columns: null };
  });
  await changeRows(transaction, plan, { changes, what: `undo of fix ${fix}` });
  assertRestored(entries, await lockWhole(transaction, plan, keys), fix);
  await removeEntries(transaction, fix, entries);
  return entries.length;
}

function assertRestored(
  entries: readonly FixEntry[],
  rows: ReadonlyMap<string, readonly (string | null)[]>,
  fix: string,
): void {
  for (const { key, before } of entries) {
    const row = rows.get(nameOfKey(key)) ?? null;
    if (JSON.stringify(row) === JSON.stringify(before)) continue;
    throw refuseFix(
      `undo of fix ${fix}`,
      ['a row that is read back is not what it was: a trigger changes it'],
      editedSince,
    );
  }
}
