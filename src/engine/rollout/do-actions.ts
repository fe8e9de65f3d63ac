import type { RolloutAction } from '../../core/rollout/rollout-input.ts';
import { keepMessage } from '../../store/message.ts';
import { lockShift, writeShift } from '../../store/rollout.ts';
import type { Shift } from '../../store/rollout.ts';
import type { NewShiftEntry } from '../../store/rollout-entry.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import { failpoint } from '../../store/failpoint.ts';
import { beginWayBack, prepareWayBack } from './begin-way-back.ts';
import { decideShift, toBody, writeDecided } from './decide-shift.ts';
import { toLine, within } from './look-once.ts';
import { recordPhase } from './record-phase.ts';
import type { ShiftParts } from './shift-parts.ts';

/** How long a router may take over a weight, and over the requests that are under way. */
const patienceMs = { set: 5_000, drain: 60_000 };

/** What came of an action. */
interface Done {
  /** In words or numbers, for the journal. */
  said: object;
  /** Why it was not done; null where it was. */
  failure: string | null;
  /** Written together with the outcome. */
  write?: (tx: StoreTransaction) => Promise<void>;
}

/**
 * Does what was decided about a shift and is not known to be done, weights of all routers first and at once. Each stands in the journal already; its outcome is
 * written after it. False where the shift is carried by somebody else by now.
 */
export async function doActions(parts: ShiftParts, shift: Shift): Promise<boolean> {
  const { pending } = shift;
  const weights = pending.filter(({ kind }) => kind === 'set_weight');
  const others = pending.filter(({ kind }) => kind !== 'set_weight');
  const settled = await Promise.all(weights.map((action) => doOne(parts, shift, action)));
  if (settled.includes(false)) return false;
  for (const action of others) if (!(await doOne(parts, shift, action))) return false;
  return true;
}

async function doOne(parts: ShiftParts, shift: Shift, action: RolloutAction): Promise<boolean> {
  // A process that has lost the lock may not touch a router any more.
  if (parts.locks.signal.aborted) return false;
  failpoint('rollout.act.before', action);
  const done = await carryOut(parts, shift, action);
  failpoint('rollout.act.after', action);
  return settle(parts, shift.id, { action, done });
}

async function carryOut(parts: ShiftParts, shift: Shift, action: RolloutAction): Promise<Done> {
  try {
    return await attempt(parts, shift, action);
  } catch (error) {
    return { said: {}, failure: toLine(error) };
  }
}

async function attempt(parts: ShiftParts, shift: Shift, action: RolloutAction): Promise<Done> {
  if (action.kind === 'set_weight') return setWeight(parts, action);
  if (action.kind === 'drain') return drain(parts, action);
  if (action.kind === 'begin_way_back') return { said: await beginWayBack(parts, shift, action), failure: null };
  if (action.kind === 'prepare_way_back') return { said: prepareWayBack(parts, action), failure: null };
  if (action.kind === 'record_phase')
    return { said: await recordPhase({ ...parts, signal: parts.locks.signal }, shift, action), failure: null };
  const { urgency, text } = action;
  const body = `${shift.id} ${shift.rollout}: ${text}`;
  return {
    said: {},
    failure: null,
    write: async (tx) =>
      void (await keepMessage(tx, { run: 'system', what: urgency === 'page' ? 'alarm' : 'notice', people: [], body })),
  };
}

async function setWeight(
  { connections }: ShiftParts,
  { router, weight }: Extract<RolloutAction, { kind: 'set_weight' }>,
): Promise<Done> {
  const session = connections.routers.get(router);
  if (session === undefined) return { said: {}, failure: `expected a router ${router}, got none` };
  const startedAt = performance.now();
  await within(patienceMs.set, session.set(weight));
  const tookMs = Math.round(performance.now() - startedAt);
  failpoint('rollout.weight.set', { router, weight });
  const { weight: found, detail } = await within(patienceMs.set, session.read());
  return { said: { tookMs, found, detail }, failure: null };
}

async function drain(
  { connections }: ShiftParts,
  { router, arm }: Extract<RolloutAction, { kind: 'drain' }>,
): Promise<Done> {
  const session = connections.routers.get(router);
  if (session?.abilities.drains !== true) return { said: { detail: 'the router cannot drain' }, failure: null };
  await within(patienceMs.drain, session.drain(arm));
  return { said: {}, failure: null };
}

async function settle(
  { engine, locks, seal, now }: ShiftParts,
  id: string,
  { action, done }: { action: RolloutAction; done: Done },
): Promise<boolean> {
  return engine.store.tables.transaction().execute(async (tx) => {
    const shift = await lockShift(tx, id);
    if (shift === null || shift.endedAt !== null || !(await locks.confirm(tx))) return false;
    const { failure, said } = done;
    const outcome: NewShiftEntry = {
      kind: failure === null ? 'done' : 'not-done',
      body: toBody({ ...action, ...said, ...(failure !== null && { failure }) }),
    };
    const left = { ...shift, pending: shift.pending.filter(({ number }) => number !== action.number) };
    const isRouter = failure !== null && action.kind === 'set_weight';
    const nowMs = now();
    await done.write?.(tx);
    // A weight is tried again; whatever else could not be done waits for a person who knows of it.
    if (failure !== null && !isRouter) await tellFailure(tx, shift, { action, failure });
    if (isRouter) {
      const input = { kind: 'router_failed', atMs: nowMs, router: action.router, reason: failure } as const;
      const { write } = decideShift(left, input, { seal, before: [outcome] });
      // What a router refused is tried at the next look, not in a circle.
      await writeDecided(tx, left, { ...write, lookAtMs: write.nowMs + retryMs });
    } else {
      const { state, pending } = left;
      const lookAtMs = Math.max(shift.lookAtMs ?? nowMs, nowMs);
      await writeShift(tx, left, { state, pending, moved: false, lookAtMs, nowMs, entries: [outcome] });
    }
    failpoint('rollout.settle.before-commit', action);
    return true;
  });
}

const retryMs = 1_000;

async function tellFailure(
  tx: StoreTransaction,
  { id, rollout }: Shift,
  { action, failure }: { action: RolloutAction; failure: string },
): Promise<void> {
  const body = `${id} ${rollout}: expected ${action.kind.replaceAll('_', ' ')}, got ${failure}`;
  await keepMessage(tx, { run: 'system', what: 'alarm', people: [], body });
}
