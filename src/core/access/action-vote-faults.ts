import type { ActionVote } from '@tminus/verify';

import { signatureFault } from '../approval/authority.ts';
import { clockSkewMs, toDurationText, toInstantMs } from '../gate/instant.ts';
import { isStrongMethod, levelRules } from './approval-level.ts';
import { requestSha256 } from './approval-request.ts';
import type { ApprovalRequest, ApprovalScene, LoggedActionVote } from './approval-request.ts';

/** What a request was when a vote was cast and is no more, one sentence each; none where all is as it was shown (A26, A28). */
export function changesSince(vote: ActionVote, request: ApprovalRequest): string[] {
  const compared: [unknown, unknown, string][] = [
    [vote.format, 'tminus/action-vote/1', 'it is not a vote of this format'],
    [vote.request, request.id, 'it is about another request'],
    [vote.launch, request.launch, 'it is about another launch'],
    [vote.environment, request.environment, 'it is about another environment'],
    [vote.planHash, request.planHash, 'the plan has changed since'],
    [vote.candidateSha256, request.candidateSha256, 'it is about another candidate'],
    [vote.dryRunSha256, request.dryRunSha256, 'the dry run has changed since'],
    [vote.requestSha256, requestSha256(request), 'the request has changed since'],
  ];
  return compared.filter(([was, is]) => was !== is).map(([, , sentence]) => sentence);
}

/** Why a vote is not of this time, or null. */
export function voteTimeFault(vote: ActionVote, request: ApprovalRequest, nowMs: number): string | null {
  const signed = toInstantMs(vote.signedAt);
  const expires = toInstantMs(vote.expiresAt);
  if (signed === null || expires === null) return 'its times cannot be read';
  if (signed > nowMs + clockSkewMs) return 'it is from the future';
  if (signed < (toInstantMs(request.requestedAt) ?? Infinity)) return 'it is older than the request';
  if (expires <= nowMs) return `it expired at ${vote.expiresAt}`;
  const limit = levelRules[request.level].lifeMs;
  return expires - signed > limit ? `a vote of level ${request.level} lasts ${toDurationText(limit)} at most` : null;
}

/** A27: why the way in which the voter was known will not do, or null. A no-go is heard from everywhere: stopping is cheap. */
export function methodFault({ authMethod, vote }: ActionVote, { level }: ApprovalRequest): string | null {
  const isEnough = vote === 'no-go' || !levelRules[level].secondFactor || isStrongMethod(authMethod);
  return isEnough ? null : `level ${level} wants a second factor, and ${authMethod || 'nothing'} is none`;
}

/** Why a vote does not carry the signature of its person by the declared key, or says neither go nor no-go; null where it does. */
export function voteFormFault({ entry }: LoggedActionVote, scene: ApprovalScene): string | null {
  const { vote, reason } = entry.statement;
  if (vote !== 'go' && vote !== 'no-go') return 'it is neither go nor no-go';
  if (reason.trim() === '') return 'it gives no reason';
  return signatureFault(scene.launch, entry);
}
