import { decidersOf, humansIn } from './authority.ts';
import { listSteps, make, moveStep } from './draft.ts';
import type { Draft } from './draft.ts';
import { beginPause } from './pauses.ts';
import type { PlannedStep } from './plan.ts';
import { barOf, dispatchKey, isBlocking, isSettled, needsMet } from './readiness.ts';
import { activeStates } from './run.ts';
import type { StepRun } from './run.ts';
import { settleRun } from './settle-run.ts';

/** Hands out whatever may begin now, takes back what may not any more, and lets the run's own state follow. Doing it twice does nothing. */
export function settle(draft: Draft): void {
  // A pause that is over as it begins lets steps begin that were looked at before it.
  while (activeStates.includes(draft.run.state) && settleForward(draft));
  if (draft.run.state === 'stopping') stopSteps(draft);
  settleRun(draft);
  if (draft.run.state === 'undoing') {
    while (settleUndo(draft));
    settleRun(draft);
  }
}

/** True where a pause was over as it began, so that others may begin now. */
function settleForward(draft: Draft): boolean {
  let isMoreFree = false;
  const steps = listSteps(draft.run).filter(({ part }) => part === 'forward');
  const isBlocked = steps.some(isBlocking);
  for (const step of steps) {
    const planned = draft.planned.get(step.id)!;
    if (step.state === 'ready' && (isBlocked || barOf(draft.run, planned, draft.nowMs))) {
      moveStep(draft, step.id, 'withdraw', { reason: 'it may not begin now', set: { readyAtMs: null } });
    }
    if (step.state !== 'pending' || isBlocked) continue;
    if (planned.timer.kind !== 'needs' && step.dueAtMs === null) continue;
    if (needsMet(draft.run, planned) && barOf(draft.run, planned, draft.nowMs) === null)
      isMoreFree = handOut(draft, step, planned) || isMoreFree;
  }
  return isMoreFree;
}

/** One after the other: the next begins only when the one before is settled. */
function settleUndo(draft: Draft): boolean {
  const next = listSteps(draft.run).find((step) => step.part === 'undo' && !isSettled(step));
  const planned = next && draft.planned.get(next.id);
  if (!next || !planned) return false;
  const bar = barOf(draft.run, planned, draft.nowMs);
  if (next.state === 'ready' && bar)
    moveStep(draft, next.id, 'withdraw', { reason: bar.text, set: { readyAtMs: null } });
  return next.state === 'pending' && !bar && handOut(draft, next, planned);
}

/** Gives a step to a person, to time, or to the workers. True where it is done already. */
function handOut(draft: Draft, step: StepRun, planned: PlannedStep): boolean {
  const { nowMs } = draft;
  const lateMs = step.dueAtMs === null ? 0 : nowMs - step.dueAtMs;
  if (planned.askWhenLateMs !== null && lateMs > planned.askWhenLateMs && !step.lateAccepted) {
    askLate(draft, step, lateMs);
    return false;
  }
  announceReturn(draft, step, planned);
  const { pause } = planned;
  if (!planned.human && pause) return beginPause(draft, step, { ...planned, pause });
  if (planned.human) askPerson(draft, step, planned);
  else handToWorkers(draft, step);
  return false;
}

function handToWorkers(draft: Draft, step: StepRun): void {
  moveStep(draft, step.id, 'dispatch', {
    reason: 'due, and its needs are met',
    set: { readyAtMs: draft.nowMs, notBeforeMs: null },
  });
  make(draft, { kind: 'dispatch', step: step.id, key: dispatchKey(draft.run, step) });
}

function announceReturn(draft: Draft, step: StepRun, planned: PlannedStep): void {
  const { run } = draft;
  if (
    !planned.reversible &&
    step.part === 'forward' &&
    run.returnPoint.state !== 'crossed' &&
    !run.returnPoint.announced
  ) {
    const text = `${step.id} cannot be taken back: the point of no return is next`;
    make(draft, { kind: 'return_moved', returnPoint: { ...run.returnPoint, announced: true }, reason: text });
    make(draft, { kind: 'announce', what: 'return_ahead', text });
  }
}

function askPerson(draft: Draft, step: StepRun, { role, limitMs, onTimeout }: PlannedStep): void {
  const { plan } = draft.run;
  const people = role === null ? decidersOf(plan) : humansIn(plan, role);
  const untilMs = limitMs === null ? null : draft.nowMs + limitMs;
  const wait = { for: 'confirmation' as const, role, people, sinceMs: draft.nowMs, untilMs, onLimit: onTimeout };
  const set = { wait, startedAtMs: draft.nowMs, endedAtMs: null };
  moveStep(draft, step.id, 'await', { reason: `${role ?? 'somebody who decides'} has to do it`, set });
  make(draft, { kind: 'call', step: step.id, people, text: `${step.id} waits for you` });
}

function askLate(draft: Draft, step: StepRun, lateMs: number): void {
  const { plan } = draft.run;
  const people = decidersOf(plan);
  const wait = {
    for: 'late-start' as const,
    role: null,
    people,
    sinceMs: draft.nowMs,
    untilMs: null,
    onLimit: 'hold' as const,
  };
  const text = `${step.id} is ${Math.round(lateMs / 1_000)} s late`;
  moveStep(draft, step.id, 'await', { reason: text, set: { wait } });
  make(draft, { kind: 'announce', what: 'late', text });
  make(draft, { kind: 'call', step: step.id, people, text: `${text}: let it begin, or skip it` });
}

/** Asks what runs to end, once, and calls off what has not begun. */
function stopSteps(draft: Draft): void {
  for (const { id, state, attempt, stopping } of listSteps(draft.run)) {
    if (state === 'pending' || state === 'ready' || state === 'waiting_human' || state === 'waiting') {
      moveStep(draft, id, 'cancel', {
        reason: 'the run is being stopped',
        set: { endedAtMs: draft.nowMs, wait: null },
      });
    } else if (state === 'running' && stopping !== 'cancel') {
      make(draft, {
        kind: 'step_set',
        step: id,
        reason: 'asked to stop',
        set: { stopping: 'cancel', stopAskedAtMs: draft.nowMs },
      });
      make(draft, { kind: 'stop_step', step: id, attempt, cause: 'cancel' });
    }
  }
}
