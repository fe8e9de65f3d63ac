import { applyChanges } from '../../core/procedure/apply-changes.ts';
import type { Change } from '../../core/procedure/change.ts';
import { decide } from '../../core/procedure/decide.ts';
import { nextTickAt } from '../../core/procedure/next-tick-at.ts';
import { startRun } from '../../core/procedure/start-run.ts';
import type { RunRequest, StartFault } from '../../core/procedure/start-run.ts';
import type { Run } from '../../core/procedure/run.ts';
import { appendEvents } from '../../store/event.ts';
import type { NewEvent } from '../../store/event.ts';
import { guardSubmission } from '../../store/idempotency.ts';
import { keepMessage } from '../../store/message.ts';
import type { Store } from '../../store/open-store.ts';
import { lockHolds, readStandingHolds } from '../../store/standing-hold.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import { insertRun, writeRuns } from '../../store/write-runs.ts';
import { readNow } from '../../store/open-store.ts';
import type { RunSetting } from '../run-setting.ts';
import { toEvents, toMarks } from './to-events.ts';
import { toHoldInput } from './to-hold-input.ts';
import { redo, redoSeconds } from '../delivery/outlast.ts';
import { failpoint } from '../../store/failpoint.ts';

/** A run that is wanted. */
export interface RunOrder extends Omit<RunRequest, 'atMs'> {
  launch: string;
  setting: RunSetting;
  /** The caller's own key of idempotency, where it has one; null makes the plan its own (O03). */
  key: string | null;
  /** False lets the same plan run twice within a day, as rehearsals do. */
  once: boolean;
}

/** What became of an order: a new run, the one that an equal order made before, or everything that stands against it. */
export type CreatedRun =
  | { kind: 'created'; run: Run }
  | { kind: 'repeated'; run: string; state: 'open' | 'completed' }
  | { kind: 'key_taken'; run: string }
  | { kind: 'refused'; faults: StartFault[] };

/** Makes a run with its first event, once for any number of equal orders within 24 hours. */
export async function createRun(store: Store, order: RunOrder): Promise<CreatedRun> {
  const started = startRun({ ...order, atMs: Date.parse(await readNow(store)) });
  if ('refused' in started) return { kind: 'refused', faults: started.refused };
  failpoint('create-run.before');
  let events: NewEvent[] = [];
  const inOne = async (tx: StoreTransaction): Promise<CreatedRun> => {
    if (order.once) {
      const outcome = await guardSubmission(store, toSubmission(order), tx);
      if (outcome.kind === 'repeated') return outcome;
      if (outcome.kind === 'refused') return { kind: 'key_taken', run: outcome.run };
    }
    failpoint('create-run.guarded');
    const { run, changes } = await underHolds(store, tx, order, started);
    await insertRun(tx, { run, launch: order.launch, setting: order.setting });
    failpoint('create-run.inserted');
    await writeRuns(tx, [{ run, before: null, events: changes.length, aheadMs: 0, dueAtMs: nextTickAt(run) }]);
    failpoint('create-run.written');
    for (const change of changes)
      if (change.kind === 'announce')
        await keepMessage(tx, { run: run.id, what: change.what, people: [], body: change.text });
    events = toEvents(run, changes, 0);
    await appendEvents(tx, events);
    failpoint('create-run.before-commit');
    return { kind: 'created', run };
  };
  const created = await redo(redoSeconds, () => store.tables.transaction().execute(inOne));
  failpoint('create-run.committed');
  if (created.kind === 'created') store.database.history.note(toMarks(events));
  return created;
}

/** The run under every hold above it that is on at this moment; none can be put before this transaction ends. */
async function underHolds(
  store: Store,
  tx: StoreTransaction,
  { launch, plan }: RunOrder,
  made: { run: Run; changes: Change[] },
): Promise<{ run: Run; changes: Change[] }> {
  await lockHolds(tx, 'share');
  const holds = await readStandingHolds(store, { launch, environment: plan.environment.id }, tx);
  return holds.reduce(({ run, changes }, hold) => {
    const more = decide(run, { ...toHoldInput(hold), atMs: run.nowMs });
    return { run: applyChanges(run, more), changes: [...changes, ...more] };
  }, made);
}

/** Who asks and when is no part of it: the same procedure of the same plan in the same mode and environment is the same wish. */
function toSubmission({ id, launch, plan, mode, t0Ms, key }: RunOrder): Parameters<typeof guardSubmission>[1] {
  const wish = { procedure: plan.id, planHash: plan.planHash, mode, environment: plan.environment.id, t0Ms };
  return { tenant: launch, plan: wish, key, run: id };
}
