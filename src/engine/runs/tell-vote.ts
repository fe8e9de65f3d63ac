import type { ActionVote } from '@tminus/verify';

import { humansIn } from '../../core/procedure/authority.ts';
import type { ApprovalReference, Run } from '../../core/procedure/run.ts';
import type { AssessedRequest } from '../access/assess-request.ts';
import { runRefused, runUnknown } from './act-on-run.ts';
import type { Engine } from './open-engine.ts';

/** Hands an approval to its run; from there on the run waits for a worker, and for nobody who would have to remember to start it. */
export async function tellApproval({ advancer }: Engine, run: string, approval: ApprovalReference): Promise<void> {
  const advanced = await advancer.advance({ run, input: { kind: 'approve', approval } });
  if (advanced.state === 'refused') throw runRefused(run, 'approve', advanced.refusal);
  if (advanced.state !== 'decided') throw runUnknown(run);
  if (advanced.run.state === 'approved') await advancer.advance({ run, input: { kind: 'enqueue' } });
}

/** A vote that was counted, and how its request stands with it. */
type CountedVote = Pick<AssessedRequest, 'reference' | 'request'> & { vote: ActionVote };

/** Tells a run what comes of a vote: approved it begins, refused by one who decides it ends. True where the vote ended it. */
export async function tellVote(
  engine: Engine,
  run: Run,
  { reference, request, vote: { vote, person, reason } }: CountedVote,
): Promise<boolean> {
  if (reference !== null) await tellApproval(engine, run.id, reference);
  // A no-go to the way back is no word about the run.
  return vote === 'no-go' && request.action.kind === 'run' && (await tellRefusal(engine, run, { person, reason }));
}

/**
 * Ends a run that waits for its approval where somebody who decides about it says no-go. Returns whether it ended: a no-go of anybody else keeps the
 * approval back and leaves the run to those who decide, and one that was approved already stops before its next step.
 */
export async function tellRefusal(
  { advancer }: Engine,
  { id, plan, state }: Run,
  { person, reason }: { person: string; reason: string },
): Promise<boolean> {
  const role = plan.deciders.find((one) => humansIn(plan, one).includes(person));
  if (state !== 'pending_approval' || role === undefined) return false;
  const advanced = await advancer.advance({ run: id, input: { kind: 'reject', by: { person, role }, reason } });
  if (advanced.state === 'refused') throw runRefused(id, 'reject', advanced.refusal);
  return advanced.state === 'decided';
}
