import { isSha256 } from '@tminus/verify';

import { findPerson } from '../approval/authority.ts';
import { toDurationText, toInstantMs } from '../gate/instant.ts';
import { leastLevel, levelRules } from './approval-level.ts';
import type { ApprovalRequest, ApprovalScene } from './approval-request.ts';
import { unknownParties } from './excluded-humans.ts';

/** Why a request cannot be approved by any vote, or null. */
export function requestFault(request: ApprovalRequest, scene: ApprovalScene, nowMs: number): string | null {
  return (
    placeFault(request, scene) ??
    contentFault(request) ??
    lifeFault(request, nowMs) ??
    partyFault(request, scene) ??
    (request.level === 0 ? policyFault(request, scene, nowMs) : null)
  );
}

/** An environment that nobody declared is refused; one that does not say that it is harmless counts as production. */
function placeFault({ launch, environment, level, action }: ApprovalRequest, scene: ApprovalScene): string | null {
  if (launch !== scene.launch.id) return `it is about ${launch}, not about the launch ${scene.launch.id}`;
  const declared = scene.launch.environments.filter(({ id }) => id === environment);
  if (declared.length !== 1) return `the environment ${environment || '(none)'} is not declared in the launch`;
  if (!Object.hasOwn(levelRules, level)) return `there is no approval level ${String(level)}`;
  const least = leastLevel({ ...action, production: declared[0]!.production });
  return level < least ? `${action.id} wants approval of level ${least}, and was asked for at level ${level}` : null;
}

function contentFault({
  planHash,
  candidateSha256,
  dryRunSha256,
  runbook,
  reason,
  level,
}: ApprovalRequest): string | null {
  if (!isSha256(planHash)) return 'it names no plan';
  if (!isSha256(candidateSha256)) return 'it names no candidate';
  if (!isSha256(dryRunSha256)) return 'it has no dry run';
  if (reason.trim() === '') return 'it gives no reason';
  return levelRules[level].runbook && (runbook ?? '').trim() === '' ? `level ${level} wants a runbook` : null;
}

function lifeFault({ requestedAt, expiresAt, level }: ApprovalRequest, nowMs: number): string | null {
  const requested = toInstantMs(requestedAt);
  const expires = toInstantMs(expiresAt);
  if (requested === null || expires === null) return 'its times cannot be read';
  if (requested > nowMs) return 'it is from the future';
  if (expires <= nowMs) return `it expired at ${expiresAt}`;
  const limit = levelRules[level].lifeMs;
  return expires - requested > limit ? `a request of level ${level} lasts ${toDurationText(limit)} at most` : null;
}

/** Where authors or executors are not known, nobody can be shown to be independent of them. */
function partyFault(request: ApprovalRequest, scene: ApprovalScene): string | null {
  if (findPerson(scene.launch, request.requester) === null)
    return `${request.requester}, who asks, is not declared in the launch`;
  if (request.level === 0) return null;
  if (request.authors.length === 0) return 'nobody knows who wrote the change';
  if (request.executors.length === 0) return 'nobody knows who carries it out';
  const unknown = unknownParties(request, scene);
  return unknown.length === 0 ? null : `${unknown.join(', ')} had a hand in it and is not declared in the launch`;
}

function policyFault(
  { policy, action, environment }: ApprovalRequest,
  scene: ApprovalScene,
  nowMs: number,
): string | null {
  if (policy === null) return 'level 0 wants a named policy';
  const named = scene.policies.filter(({ id }) => id === policy);
  const found = named[0];
  if (named.length !== 1 || found === undefined) return `there is no policy ${policy}`;
  const giver = findPerson(scene.launch, found.givenBy);
  if (giver === null || giver.automation)
    return `the policy ${policy} was given by nobody whom the launch knows as a human`;
  const expires = toInstantMs(found.expiresAt);
  if (expires === null || expires <= nowMs) return `the policy ${policy} expired at ${found.expiresAt}`;
  const covers = found.actions.includes(action.kind) && found.environments.includes(environment);
  return covers ? null : `the policy ${policy} does not cover ${action.kind} in ${environment}`;
}
