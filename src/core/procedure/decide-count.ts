import { decidersOf, decisionFault } from './authority.ts';
import { clockAtOffset, clockFor, countAt, expectedT0 } from './count-clock.ts';
import { listSteps, lookUp, make, moveRun, moveStep } from './draft.ts';
import type { Draft, Refusal } from './draft.ts';
import { beginStopping, callPeople, expireStep, interruptStep, loseStep } from './end-step.ts';
import { moveClock, passTime, unmarkDue } from './pass-time.ts';
import { forgottenWait } from './pauses.ts';
import type { PlannedStep } from './plan.ts';
import type { InputOf } from './run-input.ts';
import { activeStates } from './run.ts';
import type { Run, StepRun, Wait } from './run.ts';

/** How long a step that was asked to stop may take to end before its outcome is taken to be unknown (O07). */
export const stopGraceMs = 30_000;

/** Time passed: limits of steps, waits and of the run itself are looked at. Asked twice at one instant, it does nothing. */
export function tick(draft: Draft): Refusal | null {
  const { run, nowMs } = draft;
  if (isOver(run.enqueuedAtMs, run.plan.queueLimitMs, nowMs) && run.state === 'queued') {
    moveRun(draft, 'end_timed_out', 'it waited too long in the queue', { endedAtMs: nowMs });
    return null;
  }
  for (const { id } of listSteps(run)) lookAtLimit(draft, id);
  if (activeStates.includes(run.state) && isOver(run.startedAtMs, run.plan.limitMs, nowMs)) {
    beginStopping(draft, { ending: 'timed_out', reason: 'the run is past its limit', takeBack: false });
  }
  return null;
}

/** Moves T-0: what hangs on the count moves with it, what hangs on the wall clock does not. */
export function retarget(draft: Draft, input: InputOf<'retarget'>): Refusal | null {
  const { run, nowMs } = draft;
  const { clock, plan } = run;
  if (!clock) return { code: 'count_missing', reason: 'expected a run that hangs on T-0, got one that does not' };
  const fault = decisionFault(plan, input, plan.deciders);
  if (fault) return fault;
  if (!Number.isFinite(input.t0Ms) || input.t0Ms <= nowMs)
    return { code: 't0_past', reason: 'expected a T-0 in the future, got one that has passed' };
  if (countAt(clock, nowMs) >= 0 || hasBegunT0(draft))
    return { code: 't0_begun', reason: 'expected a count before T-0, got one at or after it' };
  if (expectedT0(clock, nowMs) === input.t0Ms) return null;
  const moved = clockFor(input.t0Ms, nowMs, plan.builtInHolds);
  const called = clock.stops.filter(({ id }) => run.holds.some((hold) => hold.id === id));
  setCount(draft, { ...moved, stops: [...moved.stops, ...called] }, `T-0 moved by ${input.by.person}: ${input.reason}`);
  return null;
}

/** Takes the count back to a declared point. What changed nothing is done again; what did is kept unless declared otherwise. */
export function recycle(draft: Draft, input: InputOf<'recycle'>): Refusal | null {
  const { run, nowMs } = draft;
  const { clock, plan } = run;
  if (!clock) return { code: 'count_missing', reason: 'expected a run that hangs on T-0, got one that does not' };
  const fault = decisionFault(plan, input, plan.deciders);
  if (fault) return fault;
  const point = plan.recyclePoints.find(({ id }) => id === input.point);
  if (!point)
    return { code: 'point_unknown', reason: `recycle point ${input.point}: expected one of the plan, got none` };
  if (run.returnPoint.state !== 'ahead')
    return { code: 'past_return', reason: 'expected a run before its point of no return' };
  if (countAt(clock, nowMs) < point.atMs)
    return { code: 'point_ahead', reason: `recycle point ${point.id}: the count has not been there` };
  const after = listSteps(run).filter(({ id }) => isAfter(draft.planned.get(id), point.atMs));
  const busy = after.find(({ state }) => state === 'running' || state === 'verifying' || state === 'unknown');
  if (busy) return { code: 'step_busy', reason: `step ${busy.id}: expected it to have ended, got ${busy.state}` };
  for (const step of after) recycleStep(draft, step);
  setCount(
    draft,
    clockAtOffset(clock, point.atMs, nowMs, plan.builtInHolds),
    `recycled to ${point.id} by ${input.by.person}: ${input.reason}`,
  );
  return null;
}

function setCount(draft: Draft, clock: NonNullable<Run['clock']>, cause: string): void {
  moveClock(draft, clock, cause);
  make(draft, { kind: 'announce', what: 't0_moved', text: cause });
  unmarkDue(draft);
  passTime(draft);
}

function recycleStep(draft: Draft, step: StepRun): void {
  const planned = draft.planned.get(step.id);
  const reason = 'the count went back before it';
  const fresh = { dueAtMs: null, wait: null, tries: 0, lateAccepted: false, notBeforeMs: null, readyAtMs: null };
  if (step.state === 'pending') make(draft, { kind: 'step_set', step: step.id, reason, set: fresh });
  else if (step.state === 'ready') moveStep(draft, step.id, 'withdraw', { reason, set: fresh });
  else if (step.state === 'waiting')
    moveStep(draft, step.id, 'withdraw', { reason, set: { ...fresh, ...forgottenWait } });
  else if (step.state === 'done' && planned?.onRecycle === 'repeat') {
    moveStep(draft, step.id, 'recycle', { reason, set: { ...fresh, round: step.round + 1, endedAtMs: null } });
  } else if (step.state === 'failed' || step.state === 'timed_out' || step.state === 'waiting_human') {
    moveStep(draft, step.id, 'recycle', { reason, set: { ...fresh, endedAtMs: null } });
  }
}

function lookAtLimit(draft: Draft, id: string): void {
  const found = lookUp(draft, id);
  if (!found) return;
  const { step, planned } = found;
  const { nowMs } = draft;
  if (step.state === 'running' && step.stopping !== null && isOver(step.stopAskedAtMs, stopGraceMs, nowMs)) {
    interruptStep(draft, { step, planned, detail: 'asked to stop, it did not end in time' });
  } else if (step.state === 'running' && isOver(step.startedAtMs, planned.limitMs, nowMs)) {
    expireStep(draft, { step, planned, detail: `past its limit of ${planned.limitMs} ms` }, planned.onTimeout);
  } else if (step.state === 'verifying' && isOver(step.probedAtMs, planned.limitMs, nowMs)) {
    loseStep(draft, { step, planned, detail: 'the probe did not answer in time' });
  } else if (step.state === 'waiting_human' && step.wait !== null) expireWait(draft, found, step.wait);
}

function expireWait(draft: Draft, { step, planned }: { step: StepRun; planned: PlannedStep }, wait: Wait): void {
  if (wait.for === 'time' || wait.untilMs === null || wait.untilMs > draft.nowMs) return;
  const detail = `nobody acted until the limit of ${planned.limitMs} ms`;
  if (wait.onLimit !== 'escalate') return expireStep(draft, { step, planned, detail }, wait.onLimit);
  const people = [...new Set([...wait.people, ...decidersOf(draft.run.plan)])];
  const longer = { ...wait, people, untilMs: draft.nowMs + (planned.limitMs ?? 0), onLimit: 'hold' as const };
  make(draft, { kind: 'step_set', step: step.id, reason: detail, set: { wait: longer } });
  callPeople(draft, step.id, planned, `${step.id}: ${detail}`);
}

function isOver(sinceMs: number | null, limitMs: number | null, nowMs: number): boolean {
  return sinceMs !== null && limitMs !== null && nowMs - sinceMs >= limitMs;
}

function isAfter(planned: PlannedStep | undefined, atMs: number): boolean {
  return planned?.timer.kind === 'offset' && planned.timer.offsetMs > atMs;
}

function hasBegunT0({ run, planned }: Draft): boolean {
  return listSteps(run).some(({ id, startedAtMs }) => {
    const timer = planned.get(id)?.timer;
    return startedAtMs !== null && timer?.kind === 'offset' && timer.offsetMs >= 0;
  });
}
