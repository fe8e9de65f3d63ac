import { listSteps, make, moveRun } from './draft.ts';
import type { Draft } from './draft.ts';
import { holdsAll } from './holds.ts';
import type { RunMove, RunState } from './run-transitions.ts';
import { activeStates, finalStates } from './run.ts';
import type { Run, StepRun } from './run.ts';
import { isBlocking, isBusy, isSettled } from './readiness.ts';
import { newStepRun } from './step-run.ts';
import { undoPlan } from './undo-plan.ts';

/** Lets the state of the run follow from its steps and holds, and ends it when nothing is left. */
export function settleRun(draft: Draft): void {
  const { state } = draft.run;
  if (activeStates.includes(state)) settleActive(draft);
  else if (state === 'stopping' && !forwardOf(draft.run).some(isBusy)) endStopping(draft);
  else if (state === 'undoing' && undoOf(draft.run).every(isSettled)) endUndoing(draft);
}

/** Ends the run by a named transition. Why it ended otherwise than by its last step stays with it, above all the words of who ended it. */
export function endRun(draft: Draft, move: RunMove, reason: string): void {
  const isTold = move === 'complete' || draft.run.endingReason !== null;
  moveRun(draft, move, reason, { endedAtMs: draft.nowMs, ...(isTold ? {} : { endingReason: reason }) });
}

const follows: { [state in RunState]?: RunMove } = {
  running: 'proceed',
  held: 'hold',
  waiting_human: 'await',
  outcome_unknown: 'lose',
};

function settleActive(draft: Draft): void {
  const steps = forwardOf(draft.run);
  if (steps.every(isSettled) && endHold(draft.run) === undefined) {
    const skipped = steps.filter(({ state }) => state === 'skipped').map(({ id }) => id);
    if (skipped.length === 0) endRun(draft, 'complete', 'every step is done');
    else endRun(draft, 'end_partial', `skipped: ${skipped.join(', ')}`);
    return;
  }
  const { state, reason } = followed(draft, steps);
  const move = follows[state];
  if (move && state !== draft.run.state) moveRun(draft, move, reason);
}

function followed(draft: Draft, steps: readonly StepRun[]): { state: RunState; reason: string } {
  const lost = steps.find(({ state }) => state === 'unknown');
  if (lost) return { state: 'outcome_unknown', reason: `whether ${lost.id} took effect cannot be told` };
  const hold = draft.run.holds.find(holdsAll) ?? (steps.every(isSettled) ? endHold(draft.run) : undefined);
  if (hold) return { state: 'held', reason: `hold ${hold.id}: ${hold.reason}` };
  const blocking = steps.find(isBlocking);
  if (blocking) return { state: 'held', reason: `${blocking.id}: ${blocking.detail ?? blocking.state}` };
  // What is busy, and what only time is waited for, goes on without a person.
  const isMoving = steps.some((step) => isBusy(step) || step.state === 'waiting');
  const asking = steps.find(({ state }) => state === 'waiting_human' || state === 'failed' || state === 'timed_out');
  if (asking && !isMoving) return { state: 'waiting_human', reason: `${asking.id} waits for a person` };
  return { state: 'running', reason: 'nothing holds it' };
}

function endHold({ holds }: Run): Run['holds'][number] | undefined {
  return holds.find(({ scope }) => scope === 'end');
}

function endStopping(draft: Draft): void {
  const { run } = draft;
  const reason = run.endingReason ?? '';
  if (run.undoing) {
    for (const { step } of undoPlan(run).steps) make(draft, { kind: 'step_added', step: newStepRun(step, 'undo') });
    moveRun(draft, 'undo', reason);
  } else if (run.ending === 'failed') endRun(draft, 'end_failed', reason);
  else if (run.ending === 'timed_out') endRun(draft, 'end_timed_out', reason);
  else {
    const lost = forwardOf(run).find(({ state }) => state === 'unknown');
    if (lost) endRun(draft, 'end_partial', `${reason}; whether ${lost.id} took effect cannot be told`);
    else endRun(draft, 'end_cancelled', reason);
  }
}

function endUndoing(draft: Draft): void {
  const { run } = draft;
  if (finalStates.includes(run.state)) return;
  const left = [
    ...undoPlan(run)
      .cannot.filter(({ matters }) => matters)
      .map(({ step, why }) => `${step}: ${why}`),
    ...undoOf(run)
      .filter(({ state }) => state === 'skipped')
      .map(({ id }) => `${id}: skipped`),
  ];
  if (left.length > 0) endRun(draft, 'end_partial', `not taken back: ${left.join('; ')}`);
  else if (run.ending === 'cancelled') endRun(draft, 'end_cancelled', run.endingReason ?? '');
  else endRun(draft, 'end_rolled_back', run.endingReason ?? '');
}

function forwardOf(run: Run): StepRun[] {
  return listSteps(run).filter(({ part }) => part === 'forward');
}

function undoOf(run: Run): StepRun[] {
  return listSteps(run).filter(({ part }) => part === 'undo');
}
