import { crossReturn } from './cross-return.ts';
import { lookUp, moveStep } from './draft.ts';
import type { Draft, Refusal } from './draft.ts';
import { failStep, interruptStep, loseStep, repeatStep } from './end-step.ts';
import type { PlannedStep } from './plan.ts';
import { barOf } from './readiness.ts';
import type { InputOf } from './run-input.ts';
import type { StepRun } from './run.ts';
import type { StepState } from './step-transitions.ts';

/** A worker claims a step. Everything is looked at again: what was allowed when it was handed out may not be allowed now (D11). */
export function stepStarted(draft: Draft, { step: id }: InputOf<'step_started'>): Refusal | null {
  const found = lookUp(draft, id);
  if (!found) return { code: 'step_unknown', reason: `step ${id}: expected a step of the run, got none` };
  const { step, planned } = found;
  if (step.state !== 'ready') return { code: 'step_state', reason: `step ${id}: expected ready, got ${step.state}` };
  const bar = barOf(draft.run, planned, draft.nowMs);
  if (bar) return { code: bar.code, reason: `step ${id}: ${bar.text}` };
  const set = {
    attempt: step.attempt + 1,
    tries: step.tries + 1,
    startedAtMs: draft.nowMs,
    endedAtMs: null,
    stopping: null,
    stopAskedAtMs: null,
  };
  moveStep(draft, id, 'begin', { reason: `attempt ${step.attempt + 1}`, set });
  // From here on nobody can say that nothing happened: an irreversible step crosses the point at its start, not at its end.
  if (!planned.reversible && step.part === 'forward')
    crossReturn(draft, id, `${id} has begun and cannot be taken back`);
  return null;
}

/** A worker reports how its attempt ended. A stale attempt changes nothing (law 6). */
export function stepEnded(draft: Draft, { step: id, attempt, outcome, detail }: InputOf<'step_ended'>): Refusal | null {
  const found = findAttempt(draft, { id, attempt, states: ['running'] });
  if ('code' in found) return found;
  const { step, planned } = found;
  if (outcome === 'done') moveStep(draft, id, 'finish', { reason: detail, set: doneFields(draft, detail) });
  else if (outcome === 'failed') failStep(draft, { step, planned, detail });
  else if (step.stopping === 'cancel') {
    moveStep(draft, id, 'cancel', {
      reason: detail,
      set: { endedAtMs: draft.nowMs, detail, stopping: null, stopAskedAtMs: null },
    });
  } else interruptStep(draft, { step, planned, detail });
  return null;
}

/** A worker died, or lost its lease, in the middle of a step or of the probe after it. */
export function stepInterrupted(
  draft: Draft,
  { step: id, attempt, detail }: InputOf<'step_interrupted'>,
): Refusal | null {
  const found = findAttempt(draft, { id, attempt, states: ['running', 'verifying'] });
  if ('code' in found) return found;
  interruptStep(draft, { ...found, detail });
  return null;
}

/** The probe says whether an interrupted step took effect. What it cannot tell, a person has to. */
export function stepProbed(
  draft: Draft,
  { step: id, attempt, result, detail }: InputOf<'step_probed'>,
): Refusal | null {
  const found = findAttempt(draft, { id, attempt, states: ['verifying'] });
  if ('code' in found) return found;
  if (result === 'applied') moveStep(draft, id, 'finish', { reason: detail, set: doneFields(draft, detail) });
  else if (result === 'not_applied') repeatStep(draft, { ...found, detail, hadNoEffect: true });
  // It goes on where it was; where the run does not, what there is of it stays in the way back.
  else if (result === 'unfinished') repeatStep(draft, { ...found, detail });
  else loseStep(draft, { ...found, detail });
  return null;
}

interface Attempt {
  id: string;
  attempt: number;
  states: readonly StepState[];
}

function findAttempt(
  draft: Draft,
  { id, attempt, states }: Attempt,
): { step: StepRun; planned: PlannedStep } | Refusal {
  const found = lookUp(draft, id);
  if (!found) return { code: 'step_unknown', reason: `step ${id}: expected a step of the run, got none` };
  const { state, attempt: current } = found.step;
  if (attempt !== current)
    return { code: 'stale_attempt', reason: `step ${id}: expected attempt ${current}, got ${attempt}` };
  return states.includes(state)
    ? found
    : { code: 'stale_attempt', reason: `step ${id}: expected ${states.join(' or ')}, got ${state}` };
}

function doneFields(
  { nowMs }: Draft,
  detail: string,
): Pick<StepRun, 'endedAtMs' | 'detail' | 'stopping' | 'stopAskedAtMs'> {
  return { endedAtMs: nowMs, detail, stopping: null, stopAskedAtMs: null };
}
