import { advanceClock, countAt, expectedT0, wallOf } from './count-clock.ts';
import type { CountClock } from './count-clock.ts';
import { listSteps, lookUp, make, moveStep } from './draft.ts';
import type { Draft } from './draft.ts';
import { endPause, forgottenWait } from './pauses.ts';
import type { PlannedStep } from './plan.ts';
import type { Run, StepRun } from './run.ts';

/** Brings the count up to now, marks what came due on the way, each step with the instant at which it did, and ends what only waited. */
export function passTime(draft: Draft): void {
  const before = draft.run.clock;
  if (before)
    for (const { clock, atMs, cause } of advanceClock(before, draft.nowMs)) moveClock(draft, clock, cause, atMs);
  const steps = listSteps(draft.run);
  markDue(draft, before, steps);
  for (const { id, state } of steps) if (state === 'waiting') endPause(draft, id);
}

/** Sets the clock, and says when T-0 is expected now. */
export function moveClock(draft: Draft, clock: CountClock, cause: string, atMs = draft.nowMs): void {
  make(draft, { kind: 'clock_moved', clock, cause, t0Ms: expectedT0(clock, atMs) }, atMs);
}

/** When a step comes due as things stand: null where that is not known, or hangs on its needs alone. */
export function dueAtOf(run: Pick<Run, 'clock'>, { timer }: Pick<PlannedStep, 'timer'>, nowMs: number): number | null {
  if (timer.kind === 'at') return timer.atMs;
  return timer.kind === 'offset' && run.clock ? wallOf(run.clock, timer.offsetMs, nowMs) : null;
}

/** A step that the count has not reached any more is not due any more, in whatever state; work that had not begun is taken back. */
export function unmarkDue(draft: Draft): void {
  const { clock } = draft.run;
  if (!clock) return;
  const tMs = countAt(clock, draft.nowMs);
  for (const { id, state, dueAtMs, part } of listSteps(draft.run)) {
    const timer = draft.planned.get(id)?.timer;
    if (part !== 'forward' || dueAtMs === null || timer?.kind !== 'offset' || timer.offsetMs <= tMs) continue;
    const reason = 'T-0 moved';
    if (state === 'ready') moveStep(draft, id, 'withdraw', { reason, set: { dueAtMs: null, readyAtMs: null } });
    else if (state === 'waiting') moveStep(draft, id, 'withdraw', { reason, set: { dueAtMs: null, ...forgottenWait } });
    else if (state !== 'done' && state !== 'skipped')
      make(draft, { kind: 'step_set', step: id, reason, set: { dueAtMs: null } });
  }
}

function markDue(draft: Draft, before: CountClock | null, steps: readonly StepRun[]): void {
  const { clock } = draft.run;
  const tMs = clock ? countAt(clock, draft.nowMs) : null;
  for (const { id, state, dueAtMs } of steps) {
    if (state !== 'pending' || dueAtMs !== null) continue;
    const timer = lookUp(draft, id)?.planned.timer;
    if (!timer || timer.kind === 'needs') continue;
    const reached = timer.kind === 'at' ? timer.atMs <= draft.nowMs : tMs !== null && timer.offsetMs <= tMs;
    if (!reached) continue;
    const atMs = timer.kind === 'at' ? timer.atMs : before ? wallOf(before, timer.offsetMs, draft.nowMs) : null;
    make(draft, {
      kind: 'step_set',
      step: id,
      reason: 'due',
      set: { dueAtMs: Math.min(atMs ?? draft.nowMs, draft.nowMs) },
    });
  }
}
