import { approvalFault, approvalLevel, decisionFault } from './authority.ts';
import { make, moveRun } from './draft.ts';
import type { Draft, Refusal } from './draft.ts';
import { beginStopping } from './end-step.ts';
import type { InputOf } from './run-input.ts';
import type { ApprovalReference } from './run.ts';
import { endRun } from './settle-run.ts';
import { undoPlan } from './undo-plan.ts';

/** Keeps an approval: the first lets the run begin, a later one stands in for one that expires. */
export function approve(draft: Draft, { approval }: InputOf<'approve'>): Refusal | null {
  const fault = approvalFault(draft.run, approval, approvalLevel(draft.run.plan), draft.nowMs);
  if (fault) return fault;
  if (JSON.stringify(draft.run.approval) !== JSON.stringify(approval))
    make(draft, { kind: 'approval_given', approval });
  if (draft.run.state === 'pending_approval')
    moveRun(draft, 'approve', `approval ${approval.id} of level ${approval.level}`);
  return null;
}

/** Ends a run that waits for approval. */
export function reject(draft: Draft, input: InputOf<'reject'>): Refusal | null {
  const fault = decisionFault(draft.run.plan, input, draft.run.plan.deciders);
  if (fault) return fault;
  endRun(draft, 'reject', `${input.by.person}: ${input.reason}`);
  return null;
}

/** Hands an approved run to the workers (mode background). */
export function enqueue(draft: Draft): Refusal | null {
  moveRun(draft, 'enqueue', 'handed to the workers', { enqueuedAtMs: draft.nowMs });
  return null;
}

/** Begins a run, from the queue or at once (mode immediate). An approval that expired in between does not begin anything. */
export function start(draft: Draft): Refusal | null {
  const level = approvalLevel(draft.run.plan);
  const fault = level === 0 ? null : approvalFault(draft.run, draft.run.approval, level, draft.nowMs);
  if (fault) return fault;
  moveRun(draft, 'begin', 'begun', { startedAtMs: draft.nowMs });
  return null;
}

/** Cancels: at once where nothing has begun, else running steps are asked to end first. Asked twice, it does nothing (O07). */
export function cancel(draft: Draft, input: InputOf<'cancel'>): Refusal | null {
  const { run } = draft;
  if (run.state === 'undoing') {
    return run.ending === 'cancelled' ? null : { code: 'run_undoing', reason: `run ${run.id} is being taken back` };
  }
  const fault =
    decisionFault(run.plan, input, run.plan.deciders) ?? wayBackFault(draft, input.takeBack, input.approval);
  if (fault) return fault;
  const reason = `${input.cause}, ${input.by.person}: ${input.reason}`;
  if (run.startedAtMs === null) endRun(draft, 'end_cancelled', reason);
  else beginStopping(draft, { ending: 'cancelled', reason, takeBack: input.takeBack });
  return null;
}

/** Takes back what was done, newest first, once what runs has ended (C17). */
export function undo(draft: Draft, input: InputOf<'undo'>): Refusal | null {
  const { plan } = draft.run;
  const fault = decisionFault(plan, input, plan.deciders) ?? wayBackFault(draft, true, input.approval);
  if (fault) return fault;
  const reason = `${input.by.person}: ${input.reason}`;
  beginStopping(draft, { ending: 'rolled_back', reason, takeBack: true });
  return null;
}

/** After the point of no return the approval of the run is not enough: another has to be handed in, of a higher level (C16). */
function wayBackFault(draft: Draft, takeBack: boolean, given: ApprovalReference | null): Refusal | null {
  if (!takeBack || draft.run.startedAtMs === null) return null;
  const { approvalLevel: level, variant } = undoPlan(draft.run);
  if (level === 0) return null;
  const approval = given ?? (variant === 'full' ? draft.run.approval : null);
  const fault = approvalFault(draft.run, approval, level, draft.nowMs);
  if (!fault && given) make(draft, { kind: 'approval_given', approval: given });
  return fault;
}
