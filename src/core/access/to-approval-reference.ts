import { toInstantMs } from '../gate/instant.ts';
import type { ApprovalReference } from '../procedure/run.ts';
import type { ApprovalRequest, LoggedActionVote } from './approval-request.ts';
import type { ApprovalAssessment } from './assess-approval.ts';
import { breakGlassPrefix } from './break-glass.ts';
import type { Grant } from './grant.ts';

/** What a run is told of an approval: its level and how long it holds, which is as long as the first of its parts. Null where it is not approved. */
export function toApprovalReference(
  request: ApprovalRequest,
  assessment: ApprovalAssessment,
  votes: readonly LoggedActionVote[],
): ApprovalReference | null {
  const counted = votes.filter(({ id }) => assessment.go.includes(id)).map(({ entry }) => entry.statement);
  const first = counted[0];
  if (!assessment.approved || first === undefined) return null;
  return {
    id: request.id,
    level: request.level,
    planHash: request.planHash,
    approver: first.person,
    expiresAtMs: approvalEndMs(request, counted),
  };
}

/** The moment at which an approval ends by itself: the request's own end, or that of the first of its votes. */
export function approvalEndMs(
  request: Pick<ApprovalRequest, 'expiresAt'>,
  votes: readonly { expiresAt: string }[],
): number {
  return Math.min(...[request, ...votes].map(({ expiresAt }) => toInstantMs(expiresAt) ?? -Infinity));
}

/**
 * What a run is told where the glass was broken (A29): in the place of an approval, under an id that says so. A run refuses it where whoever
 * stands behind it asked for the run; with a second human, that one stands behind it.
 */
export function toBreakGlassReference(
  grant: Grant,
  { level, planHash }: Pick<ApprovalReference, 'level' | 'planHash'>,
): ApprovalReference | null {
  if (grant.breakGlass === null) return null;
  const second = grant.breakGlass.confirmedBy ?? (grant.givenBy === grant.holder.id ? null : grant.givenBy);
  return {
    id: `${breakGlassPrefix}${grant.id}`,
    level,
    planHash,
    approver: second ?? grant.holder.id,
    expiresAtMs: toInstantMs(grant.expiresAt ?? '') ?? -Infinity,
  };
}
