import { decisionFault, reasonFault } from './authority.ts';
import { crossReturn } from './cross-return.ts';
import { resumeCount, stopCount } from './count-clock.ts';
import { listSteps, make, moveStep } from './draft.ts';
import type { Draft, Refusal } from './draft.ts';
import { holdsStep } from './holds.ts';
import { moveClock } from './pass-time.ts';
import { forgottenWait } from './pauses.ts';
import type { InputOf } from './run-input.ts';
import type { Hold } from './run.ts';

/** Anybody with a role may call a hold; for the scopes above the run, whoever hands it in has checked who may. */
export function putHold(draft: Draft, input: InputOf<'hold'>): Refusal | null {
  const { plan, holds } = draft.run;
  const { id, scope, subject, mode, count } = input.hold;
  const known = holds.find((hold) => hold.id === id);
  if (known) {
    // What somebody else holds for another reason is another hold: swallowed, it would end with the first.
    const isSame =
      known.scope === scope &&
      known.subject === subject &&
      known.by === input.by.person &&
      known.reason === input.reason;
    return isSame ? null : { code: 'hold_known', reason: `hold ${id}: expected a new id, got one of ${known.scope}` };
  }
  const fault = isOuter(input.hold) ? reasonFault(input) : decisionFault(plan, input, Object.keys(plan.roles));
  if (fault) return fault;
  if ((scope === 'step' || scope === 'asset') && !isKnown(draft, scope, subject))
    return { code: 'hold_subject', reason: `hold ${id}: expected a ${scope} of the run, got ${subject ?? 'none'}` };
  const by = input.by.person;
  addHold(draft, {
    id,
    scope,
    subject,
    mode,
    count,
    cause: 'person',
    watch: null,
    by,
    reason: input.reason,
    sinceMs: draft.nowMs,
  });
  return null;
}

/** A hold on a name that nothing bears would hold nothing, and nobody would know. */
function isKnown({ planned }: Draft, scope: 'step' | 'asset', subject: string | null): boolean {
  if (subject === null) return false;
  return scope === 'step' ? planned.has(subject) : [...planned.values()].some(({ assets }) => assets.includes(subject));
}

/** Somebody who decides lifts a hold, or says go at a built-in one. A go before the planned end lets the count go on at that end. */
export function release(draft: Draft, input: InputOf<'release'>): Refusal | null {
  const { run } = draft;
  const hold = run.holds.find(({ id }) => id === input.hold);
  const stop = run.clock?.stops.find(({ id }) => id === input.hold && !hold);
  if (!hold && !stop) return { code: 'hold_unknown', reason: `hold ${input.hold}: expected one of this run, got none` };
  const fault = hold && isOuter(hold) ? reasonFault(input) : decisionFault(run.plan, input, run.plan.deciders);
  if (fault) return fault;
  if (hold) liftHold(draft, hold.id, { by: input.by.person, reason: input.reason });
  else if (stop && run.clock) {
    const isOver = stop.untilMs === null || stop.untilMs <= draft.nowMs;
    const stops = run.clock.stops.map((one) => (one.id === stop.id ? { ...one, release: 'clock' as const } : one));
    const clock = isOver ? resumeCount(run.clock, stop.id, draft.nowMs) : { ...run.clock, stops };
    moveClock(draft, clock, `${input.by.person} says go at ${stop.id}: ${input.reason}`);
  }
  return null;
}

/** A stop condition was looked at. Met holds the run until somebody who decides lifts it; unreadable holds it until it can be read. */
export function stopSeen(draft: Draft, { stop: id, result, detail }: InputOf<'stop_seen'>): Refusal | null {
  const watch = draft.run.plan.stops.find((stop) => stop.id === id);
  if (!watch) return { code: 'watch_unknown', reason: `stop condition ${id}: expected one of the plan, got none` };
  const [met, unreadable] = [`stop:${id}`, `stop-unreadable:${id}`];
  if (result === 'met')
    holdFor(draft, { id: met, cause: 'stop-condition', watch: id, reason: `${watch.text}: ${detail}` });
  if (result === 'unknown')
    holdFor(draft, { id: unreadable, cause: 'stop-unreadable', watch: id, reason: `${watch.text}: ${detail}` });
  else if (hasHold(draft, unreadable)) liftHold(draft, unreadable, { by: null, reason: 'it can be read again' });
  return null;
}

/**
 * The point of no return was looked for in the data. Once crossed it stays crossed. Unreadable holds the run, and counts as crossed for the way back (F72);
 * crossed while a full undo runs, the undo is held: it would destroy what others wrote.
 */
export function returnSeen(draft: Draft, { point: id, result, detail }: InputOf<'return_seen'>): Refusal | null {
  const { returnPoint, plan, state } = draft.run;
  const watch = plan.pointsOfNoReturn.find((point) => point.id === id);
  if (!watch) return { code: 'watch_unknown', reason: `point of no return ${id}: expected one of the plan, got none` };
  const unreadable = `return-unreadable:${id}`;
  const reason = `${watch.text}: ${detail}`;
  if (result !== 'unknown' && hasHold(draft, unreadable))
    liftHold(draft, unreadable, { by: null, reason: 'it can be read again' });
  if (returnPoint.state === 'crossed') return null;
  if (result === 'crossed') {
    crossReturn(draft, id, reason);
    if (state === 'undoing' || draft.run.undoing)
      holdFor(draft, { id: `return-crossed:${id}`, cause: 'return-crossed', watch: id, reason });
  } else if (result === 'unknown') {
    if (returnPoint.state === 'ahead') {
      make(draft, { kind: 'return_moved', returnPoint: { ...returnPoint, state: 'unknown', by: id }, reason });
      make(draft, { kind: 'announce', what: 'return_unknown', text: reason });
    }
    holdFor(draft, { id: unreadable, cause: 'return-unreadable', watch: id, reason });
  } else if (returnPoint.state === 'unknown' && returnPoint.by === id) {
    make(draft, { kind: 'return_moved', returnPoint: { ...returnPoint, state: 'ahead', by: null }, reason });
  }
  return null;
}

function holdFor(draft: Draft, hold: Pick<Hold, 'id' | 'cause' | 'watch' | 'reason'>): void {
  if (hasHold(draft, hold.id)) return;
  const whole = { scope: 'run', subject: null, mode: 'boundary', count: 'runs', by: null } as const;
  addHold(draft, { ...hold, ...whole, sinceMs: draft.nowMs });
}

function addHold(draft: Draft, hold: Hold): void {
  make(draft, { kind: 'hold_put', hold });
  const { clock } = draft.run;
  if (hold.count === 'stops' && clock) {
    const stop = { id: hold.id, untilMs: null, release: 'person' as const };
    moveClock(draft, stopCount(clock, stop, draft.nowMs), `hold ${hold.id} stops the count`);
  }
  if (hold.mode === 'now') stopHeld(draft, hold);
}

function stopHeld(draft: Draft, hold: Hold): void {
  for (const { id, state, attempt, stopping } of listSteps(draft.run)) {
    const planned = draft.planned.get(id);
    if (!planned || !holdsStep(hold, planned)) continue;
    if (state === 'waiting') moveStep(draft, id, 'withdraw', { reason: `hold ${hold.id}`, set: forgottenWait });
    if (state !== 'running' || stopping !== null) continue;
    make(draft, {
      kind: 'step_set',
      step: id,
      reason: `hold ${hold.id}`,
      set: { stopping: 'hold', stopAskedAtMs: draft.nowMs },
    });
    make(draft, { kind: 'stop_step', step: id, attempt, cause: 'hold' });
  }
}

function liftHold(draft: Draft, id: string, { by, reason }: { by: string | null; reason: string }): void {
  make(draft, { kind: 'hold_lifted', hold: id, by, reason });
  const { clock } = draft.run;
  if (clock?.stops.some((stop) => stop.id === id))
    moveClock(draft, resumeCount(clock, id, draft.nowMs), `hold ${id} is lifted`);
}

function hasHold({ run }: Draft, id: string): boolean {
  return run.holds.some((hold) => hold.id === id);
}

function isOuter({ scope }: Pick<Hold, 'scope'>): boolean {
  return scope === 'global' || scope === 'launch' || scope === 'environment';
}
