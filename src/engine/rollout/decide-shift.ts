import type { JsonObject } from '@tminus/verify';

import { decideRollout } from '../../core/rollout/decide-rollout.ts';
import { nextLookIn } from '../../core/rollout/look-interval.ts';
import type { RolloutAction, RolloutDecision, RolloutEvent, RolloutInput } from '../../core/rollout/rollout-input.ts';
import type { RolloutState } from '../../core/rollout/rollout-state.ts';
import { appendEvents } from '../../store/event.ts';
import { isOver, writeShift } from '../../store/rollout.ts';
import type { Shift, ShiftWrite } from '../../store/rollout.ts';
import type { NewShiftEntry } from '../../store/rollout-entry.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import type { Sealer } from './open-sealer.ts';

/** What an input comes to, ready to be written. */
export interface DecidedShift {
  write: ShiftWrite;
  events: readonly RolloutEvent[];
}

/** What an input is decided with. */
export interface Deciding {
  seal: Sealer;
  /** Entries that say what was seen, and stand ahead of what follows from it. */
  before?: readonly NewShiftEntry[];
}

/** Decides on an input to a shift that is locked. */
export function decideShift(shift: Shift, input: RolloutInput, { seal, before = [] }: Deciding): DecidedShift {
  const atMs = Math.max(input.atMs, shift.state.nowMs);
  const { state, actions, events }: RolloutDecision<RolloutState> = decideRollout(shift.state, { ...input, atMs });
  const told = input.kind === 'tick' ? [toLooked(state)] : [];
  return {
    events,
    write: {
      state,
      pending: [...withoutSuperseded(shift.pending, actions), ...actions],
      moved: mark(state) !== mark(shift.state),
      lookAtMs: nextLookMs(shift, state, { atMs, isTick: input.kind === 'tick' }),
      nowMs: atMs,
      entries: [
        ...before,
        ...told,
        ...events.map(toEntry),
        ...seal(shift, state),
        // Before anything of it is done: what dies in between is found here, and done again.
        ...actions.map((action) => ({ kind: 'asked', body: toBody(action) })),
      ],
    },
  };
}

/** Writes what was decided about a shift that `tx` has locked, and tells whoever follows events where a person would see something else. Call it last. */
export async function writeDecided(tx: StoreTransaction, shift: Shift, write: ShiftWrite): Promise<Shift> {
  const written = await writeShift(tx, shift, write);
  if (write.moved) await tellMoved(tx, written, write.nowMs);
  return written;
}

/** Tells whoever follows events that a shift stands otherwise than before. */
export async function tellMoved(tx: StoreTransaction, shift: Shift, atMs: number): Promise<void> {
  const { id, launch, environment, rollout, stands, version, state } = shift;
  const phase = state.rollout.phases[state.phase]?.id ?? null;
  const body = { shift: id, launch, environment, rollout, stands, phase, weight: state.weight.asked, version };
  await appendEvents(tx, [{ run: null, number: null, type: 'rollout.moved', atMs, body }]);
}

/** The newest weight of a router is the one that counts. */
function withoutSuperseded(pending: readonly RolloutAction[], fresh: readonly RolloutAction[]): RolloutAction[] {
  const set = new Set(fresh.flatMap((one) => (one.kind === 'set_weight' ? [one.router] : [])));
  return pending.filter((one) => one.kind !== 'set_weight' || !set.has(one.router));
}

/** What a person sees of it: whoever saw something else is asked again. */
function mark({ stands, phase, weight, hold, notes, outcome }: RolloutState): string {
  return JSON.stringify([stands, phase, weight.asked, hold, notes.length, outcome]);
}

function nextLookMs(shift: Shift, state: RolloutState, { atMs, isTick }: { atMs: number; isTick: boolean }): number {
  // Whatever a person did is looked at now: nobody waits for the interval to end an exposure.
  if (!isTick || isOver(state.stands)) return atMs;
  const everyMs = nextLookIn(state);
  // From the time that was meant, so that the looks themselves do not add up.
  const plannedMs = (shift.lookAtMs ?? atMs) + everyMs;
  return plannedMs > atMs ? Math.min(plannedMs, atMs + everyMs) : atMs + everyMs;
}

/** The instant stands beside it already. */
function toEntry({ kind, atMs: _atMs, ...body }: RolloutEvent): NewShiftEntry {
  return { kind, body: toBody(body) };
}

/** What a look came to: the series that pages draw, and the evidence of a phase. */
function toLooked({ stands, phase, weight, routers, verdicts, exposed, rollout }: RolloutState): NewShiftEntry {
  const read = Object.fromEntries(routers.map((one) => [one.router, one.weight]));
  const id = rollout.phases[phase]?.id ?? null;
  return { kind: 'looked', body: toBody({ stands, phase: id, asked: weight.asked, read, exposed, verdicts }) };
}

/** The value as JSON has it: what is no number there is null. */
export function toBody(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
