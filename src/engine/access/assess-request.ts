import type { ApprovalRequest, LoggedActionVote } from '../../core/access/approval-request.ts';
import { assessApproval } from '../../core/access/assess-approval.ts';
import type { ApprovalAssessment } from '../../core/access/assess-approval.ts';
import type { RightsLaunch } from '../../core/access/document-grants.ts';
import { toApprovalReference } from '../../core/access/to-approval-reference.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { ApprovalReference } from '../../core/procedure/run.ts';
import { readRequestRun } from '../../store/approval-request.ts';
import type { Store } from '../../store/open-store.ts';
import { loadAccess } from './load-access.ts';
import type { AccessGround } from './load-access.ts';

/** How a request stands, and what the run is told where it is approved. */
export interface AssessedRequest {
  run: string;
  request: ApprovalRequest;
  votes: LoggedActionVote[];
  assessment: ApprovalAssessment;
  /** Null where it is not approved. */
  reference: ApprovalReference | null;
}

/** A request of this launch with everything it is judged by. Throws `approval_unknown` where there is none of that id. */
export async function findRequest(
  store: Store,
  launch: RightsLaunch,
  id: string,
): Promise<{ run: string; request: ApprovalRequest; ground: AccessGround }> {
  const run = await readRequestRun(store, launch.id, id);
  const ground = run === null ? null : await loadAccess(store, launch, run);
  const request = ground?.requests.find((each) => each.id === id);
  if (run !== null && ground && request) return { run, request, ground };
  throw new ProductError('approval_unknown', `approval request ${id}: expected one of launch ${launch.id}, got none`, {
    hint: 'name a request as the run shows it, RUN.NUMBER',
  });
}

/** How a request stands at this moment, by the votes in the log. */
export async function assessRequest(
  store: Store,
  { launch }: { launch: RightsLaunch },
  id: string,
  nowMs: number,
): Promise<AssessedRequest> {
  const { run, request, ground } = await findRequest(store, launch, id);
  return { run, ...assess(request, ground, nowMs) };
}

/** Every request of a run as it stands at this moment, the newest first. */
export async function assessRun(
  store: Store,
  { launch }: { launch: RightsLaunch },
  run: string,
  nowMs: number,
): Promise<AssessedRequest[]> {
  const ground = await loadAccess(store, launch, run);
  return ground.requests.toReversed().map((request) => ({ run, ...assess(request, ground, nowMs) }));
}

function assess(request: ApprovalRequest, ground: AccessGround, nowMs: number): Omit<AssessedRequest, 'run'> {
  const votes = ground.votes.filter(({ entry }) => entry.statement.request === request.id);
  const assessment = assessApproval(request, votes, ground.scene, nowMs);
  return { request, votes, assessment, reference: toApprovalReference(request, assessment, votes) };
}
