import { approvalFault, approvalLevel } from './authority.ts';
import { holdsOn } from './holds.ts';
import type { PlannedStep } from './plan.ts';
import type { RefusalCode } from './refusals.ts';
import type { Run, StepRun } from './run.ts';

/** The idempotency key of a step: the same for every attempt (law 6), another after a recycle that repeats it. */
export function dispatchKey({ id }: Pick<Run, 'id'>, step: Pick<StepRun, 'id' | 'round'>): string {
  return step.round === 0 ? `${id}/${step.id}` : `${id}/${step.id}/${step.round}`;
}

/** What keeps a step back, with the code of a refusal. */
export interface Bar {
  kind: 'hold' | 'approval' | 'backoff';
  code: RefusalCode;
  text: string;
}

/** Why a step may not begin now although it is due and its needs are met; null where it may. */
export function barOf(run: Run, planned: PlannedStep, nowMs: number): Bar | null {
  const hold = holdsOn(run, planned)[0];
  if (hold) return { kind: 'hold', code: 'step_held', text: `hold ${hold.id}: ${hold.reason}` };
  const step = run.steps[planned.id];
  if (step && step.notBeforeMs !== null && step.notBeforeMs > nowMs)
    return { kind: 'backoff', code: 'step_state', text: 'it is tried again later' };
  // The way back was approved when it began: an approval that expires in the middle must not leave half of it undone.
  if (step?.part === 'undo' || !planned.writes || !run.plan.environment.production) return null;
  const fault = approvalFault(run, run.approval, approvalLevel(run.plan), nowMs);
  return fault && { kind: 'approval', code: fault.code, text: fault.reason };
}

/** Whether a failed step keeps every other from beginning: it wants a decision, and the plan does not let the rest go on. */
export function isBlocking({ state, part, badEnd }: StepRun): boolean {
  return part === 'forward' && (state === 'failed' || state === 'timed_out') && badEnd !== 'escalate';
}

/** Whether everything that a step needs is done, or skipped by somebody. */
export function needsMet(run: Pick<Run, 'steps'>, { needs }: Pick<PlannedStep, 'needs'>): boolean {
  return needs.every((id) => isSettled(run.steps[id]));
}

/** Whether a step is with the workers: to be taken, under way, or looked at after it was interrupted. */
export function isBusy({ state }: StepRun): boolean {
  return state === 'ready' || state === 'running' || state === 'verifying';
}

/** Whether nothing is left to do about a step. */
export function isSettled(step: StepRun | undefined): boolean {
  return step !== undefined && (step.state === 'done' || step.state === 'skipped');
}
