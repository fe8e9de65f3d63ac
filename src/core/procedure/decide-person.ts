import { actorFault, decisionFault } from './authority.ts';
import { crossReturn } from './cross-return.ts';
import { lookUp, moveStep } from './draft.ts';
import type { Draft, Refusal } from './draft.ts';
import { failStep } from './end-step.ts';
import type { PlannedStep } from './plan.ts';
import type { InputKind, InputOf } from './run-input.ts';
import type { Note, StepRun, Wait } from './run.ts';
import type { StepState } from './step-transitions.ts';

type StepInput = Extract<InputKind, 'decline' | 'permit_late' | 'skip' | 'retry' | 'settle'>;

/** A person closes a step that waits for them, with the proof that the document asks for. */
export function confirm(draft: Draft, { step: id, by, proof }: InputOf<'confirm'>): Refusal | null {
  const found = findWaiting(draft, id, 'confirmation');
  if ('code' in found) return found;
  const { planned } = found;
  const fault = actorFault(draft.run.plan, by, doersOf(draft, planned)) ?? proofFault(planned, proof);
  if (fault) return fault;
  const set = { endedAtMs: draft.nowMs, proof, detail: `confirmed by ${by.person}`, wait: null };
  moveStep(draft, id, 'confirm', { reason: `${by.person} as ${by.role}`, set });
  if (!planned.reversible && found.step.part === 'forward')
    crossReturn(draft, id, `${id} is done and cannot be taken back`);
  return null;
}

/** A person says that a step that waits for them did not work. */
export function decline(draft: Draft, input: InputOf<'decline'>): Refusal | null {
  const found = findWaiting(draft, input.step, 'confirmation');
  if ('code' in found) return found;
  const fault = decisionFault(draft.run.plan, input, doersOf(draft, found.planned));
  if (fault) return fault;
  failStep(draft, { ...found, detail: noteText(input) });
  return null;
}

/** A person lets a late step begin. */
export function permitLate(draft: Draft, input: InputOf<'permit_late'>): Refusal | null {
  const found = findWaiting(draft, input.step, 'late-start');
  if ('code' in found) return found;
  const fault = decisionFault(draft.run.plan, input, draft.run.plan.deciders);
  if (fault) return fault;
  moveStep(draft, input.step, 'permit', {
    reason: noteText(input),
    set: { wait: null, lateAccepted: true, ...noted(draft, input) },
  });
  return null;
}

/** A person of the step's role, or who decides, skips it, with a reason that stays with it. */
export function skip(draft: Draft, input: InputOf<'skip'>): Refusal | null {
  const found = findIn(draft, input.step, ['pending', 'ready', 'waiting_human', 'waiting', 'failed', 'timed_out']);
  if ('code' in found) return found;
  const past = forwardFault(draft, found.step);
  if (past) return past;
  const { role } = found.planned;
  const roles = [...(role === null ? [] : [role]), ...draft.run.plan.deciders];
  const fault = decisionFault(draft.run.plan, input, roles);
  if (fault) return fault;
  moveStep(draft, input.step, 'skip', {
    reason: noteText(input),
    set: { endedAtMs: draft.nowMs, wait: null, ...noted(draft, input) },
  });
  return null;
}

/** A person asks for a step again, after it failed, ran out of time, or nobody could tell. */
export function retry(draft: Draft, input: InputOf<'retry'>): Refusal | null {
  const found = findIn(draft, input.step, ['failed', 'timed_out', 'unknown']);
  if ('code' in found) return found;
  const past = forwardFault(draft, found.step);
  if (past) return past;
  const fault = decisionFault(draft.run.plan, input, draft.run.plan.deciders);
  if (fault) return fault;
  const set = { tries: 0, endedAtMs: null, notBeforeMs: null, ...noted(draft, input) };
  moveStep(draft, input.step, 'again', { reason: noteText(input), set });
  return null;
}

/** A person looked, and says how a step of unknown outcome ended. */
export function settleOutcome(draft: Draft, input: InputOf<'settle'>): Refusal | null {
  const found = findIn(draft, input.step, ['unknown']);
  if ('code' in found) return found;
  const fault = decisionFault(draft.run.plan, input, draft.run.plan.deciders);
  if (fault) return fault;
  const set = { endedAtMs: draft.nowMs, detail: noteText(input), ...noted(draft, input) };
  if (input.outcome === 'done') moveStep(draft, input.step, 'settle_done', { reason: noteText(input), set });
  else
    moveStep(draft, input.step, 'settle_failed', {
      reason: noteText(input),
      set: { ...set, startedAtMs: null, badEnd: found.planned.onFail },
    });
  return null;
}

function findIn(
  draft: Draft,
  id: string,
  states: readonly StepState[],
): { step: StepRun; planned: PlannedStep } | Refusal {
  const found = lookUp(draft, id);
  if (!found) return { code: 'step_unknown', reason: `step ${id}: expected a step of the run, got none` };
  return states.includes(found.step.state)
    ? found
    : { code: 'step_state', reason: `step ${id}: expected ${states.join(' or ')}, got ${found.step.state}` };
}

/** While a run is taken back its forward steps stand as they ended: the way back was computed from them. */
function forwardFault({ run }: Draft, { id, part }: StepRun): Refusal | null {
  if (run.state !== 'undoing' || part === 'undo') return null;
  return {
    code: 'run_undoing',
    reason: `step ${id}: expected a step of the way back, got one that is being taken back`,
  };
}

function findWaiting(
  draft: Draft,
  id: string,
  waitsFor: Wait['for'],
): { step: StepRun; planned: PlannedStep } | Refusal {
  const found = findIn(draft, id, ['waiting_human']);
  if ('code' in found) return found;
  return found.step.wait?.for === waitsFor
    ? found
    : {
        code: 'step_state',
        reason: `step ${id}: expected a wait for ${waitsFor}, got ${found.step.wait?.for ?? 'none'}`,
      };
}

function doersOf({ run }: Draft, { role }: PlannedStep): readonly string[] {
  return role === null ? run.plan.deciders : [role];
}

function proofFault({ id, proof: wanted }: PlannedStep, proof: string): Refusal | null {
  if (wanted === null) return null;
  const isGiven = wanted === 'url' ? /^https?:\/\/\S+$/.test(proof) : proof.trim() !== '';
  return isGiven
    ? null
    : {
        code: 'proof_missing',
        reason: `step ${id}: expected a proof of kind ${wanted}, got ${proof.trim() === '' ? 'none' : 'another'}`,
      };
}

function noteText({ by, reason }: InputOf<StepInput>): string {
  return `${by.person}: ${reason}`;
}

function noted({ run, nowMs }: Draft, { step, by, reason }: InputOf<StepInput>): { notes: Note[] } {
  return { notes: [...(run.steps[step]?.notes ?? []), { by: by.person, reason, atMs: nowMs }] };
}
