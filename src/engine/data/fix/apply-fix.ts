import type { Signed } from '@tminus/verify';

import { fixPlanFaults } from '../../../core/dataset/fix/fix-plan.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { DatastoreSession } from '../../../core/dataset/datastore-kind.ts';
import type { StoredFix } from '../../../store/fix-plan.ts';
import type { Store } from '../../../store/open-store.ts';
import { forStep } from '../import/apply-import.ts';
import { whileAlone } from '../import/while-alone.ts';
import { applyChanges } from './apply-changes.ts';
import { assertNoticed } from './assert-noticed.ts';
import { approvalFaults } from './approve-fix.ts';
import type { FixStatement } from './approve-fix.ts';
import { makeFixLedger, readDone } from './fix-ledger.ts';
import { findRepaired, refuseFix } from './fix-setting.ts';
import type { FixSetting } from './fix-setting.ts';
import { findFix, makeFixMove } from './move-fix.ts';
import { readHiddenValues } from './read-hidden-values.ts';
import { verifyFix } from './verify-fix.ts';
import type { FixVerification } from './verify-fix.ts';

/** A plan of up to so many changes is one transaction; a larger one is several, each whole with its ledger. */
export const changesAtOnce = 10_000;

/** What applying a fix came to; kept with it. */
export interface FixResult {
  /** Rows that this process changed; fewer than the plan where an earlier one had begun. */
  changed: number;
  verification: FixVerification;
}

/**
 * Applies an approved fix, or goes on with one that was killed. Throws `fix_refused`, having changed nothing in that transaction, where the approval or the policy does not
 * hold, where a row is no longer what was planned, or where a row that is read back is not what was written.
 */
export async function applyFix(
  store: Store,
  setting: FixSetting,
  { fix: id, person, verify = true, step }: { fix: string; person: string | null; verify?: boolean; step?: string },
): Promise<StoredFix> {
  const planned = await findFix(store, id);
  return await whileAlone(store, planned, async () => {
    const fix = await findFix(store, id);
    assertApplicable(setting, fix);
    // What was begun was proven; rows that are gone since have no address to ask about.
    if (fix.state === 'approved') await assertNoticed(store, setting, fix);
    const did = fix.state === 'approved' ? 'began' : 'taken up again';
    const detail = step === undefined ? did : `${did}${forStep(step)}`;
    const begun = await makeFixMove(store, fix, { move: 'begin', person, detail });
    const changed = await changeAll(setting, begun).catch(async (error: unknown) => {
      await noteFailure(store, begun, error);
      throw error;
    });
    const verification = verify
      ? await verifyFix(setting, begun)
      : { outcome: 'unknown' as const, reason: 'not asked for' };
    const result: FixResult = { changed, verification };
    return await makeFixMove(store, begun, {
      move: 'finish',
      person,
      detail: `${changed} rows changed; ${verification.reason}`,
      write: { result },
    });
  });
}

function assertApplicable(setting: FixSetting, fix: StoredFix): void {
  const signed = fix.approval as Signed<FixStatement> | null;
  const faults = [...approvalFaults(setting.scene, fix, signed), ...fixPlanFaults(fix.plan)];
  if (faults.length > 0) throw refuseFix(`fix ${fix.id}`, faults, 'plan it again, and have that plan approved');
}

async function changeAll(setting: FixSetting, fix: StoredFix): Promise<number> {
  const { plan } = fix;
  const dataset = findRepaired(setting, fix.dataset);
  const hiddenValue = await readHiddenValues(setting, dataset, plan);
  const session = await setting.data.open(plan.on, 'write', setting.signal);
  try {
    await makeFixLedger(session);
    let changed = 0;
    for (let first = 0; first < plan.changes.length; first += changesAtOnce) {
      setting.signal.throwIfAborted();
      const changes = plan.changes.slice(first, first + changesAtOnce);
      if (await isDone(session, fix.id, { first, count: changes.length })) continue;
      await writeOf(session)((transaction) =>
        applyChanges(transaction, { fix: fix.id, plan, first, changes, hiddenValue }),
      );
      changed += changes.length;
      setting.progress(first + changes.length, plan.changes.length, 'rows changed');
    }
    return changed;
  } finally {
    await session.close();
  }
}

async function isDone(
  session: DatastoreSession,
  fix: string,
  { first, count }: { first: number; count: number },
): Promise<boolean> {
  const done = await readDone(session, fix, [first, first + count - 1]);
  return done.has(first);
}

/** Returns how a session writes; throws for a datastore that is only read. */
export function writeOf({ write }: DatastoreSession): NonNullable<DatastoreSession['write']> {
  if (write === null)
    throw new DatastoreTrouble('permission', 'expected a datastore that can be written, got one that is only read');
  return write;
}

/** What was changed before the failure stays, each transaction whole, and can be taken back; a process that dies leaves `applying`, which may go on. */
async function noteFailure(store: Store, fix: StoredFix, error: unknown): Promise<void> {
  const detail = error instanceof Error ? error.message : 'it failed';
  await makeFixMove(store, fix, { move: 'fail', person: null, detail });
}
