import { digestOf } from '@tminus/verify';
import type { ActionVote, Signed } from '@tminus/verify';

import { levelRules } from '../../core/access/approval-level.ts';
import { requestSha256 } from '../../core/access/approval-request.ts';
import type { ApprovalRequest, LoggedActionVote } from '../../core/access/approval-request.ts';
import { assessApproval } from '../../core/access/assess-approval.ts';
import { isHeldBy } from '../../core/access/grant.ts';
import type { AccessRole } from '../../core/access/permission.ts';
import { insertAccessDecisions } from '../../store/access-decision.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { appendStatement } from '../append-statement.ts';
import type { Signer } from '../append-statement.ts';
import type { Scene } from '../scene.ts';
import { assessRequest, findRequest } from './assess-request.ts';
import type { AssessedRequest } from './assess-request.ts';
import type { AccessGround } from './load-access.ts';

/** What somebody says to a request. */
export interface VoteWish {
  /** Id of the request. */
  request: string;
  vote: 'go' | 'no-go';
  reason: string;
  /** Access role that they speak in; null for one that they hold, above all one that is still wanted. */
  role: AccessRole | null;
  sourceIp: string | null;
}

/**
 * Signs a vote on a request, exactly as it stands now, with the key that the launch declares for the person, and appends it to the log. A vote that
 * would not count is refused with `statement_void` before anything is written, but for the audit, which has both.
 */
export async function castVote(
  store: Store,
  scene: Scene,
  signer: Signer,
  wish: VoteWish,
): Promise<AssessedRequest & { vote: ActionVote; id: string; index: number }> {
  const { run, request, ground } = await findRequest(store, scene.launch, wish.request);
  const signedAt = await readNow(store);
  const nowMs = Date.parse(signedAt);
  const statement = toStatement({ request, ground, signer, wish, signedAt });
  let reason = `${wish.vote} as ${statement.role}`;
  let allowed = false;
  try {
    const place = await appendStatement(store, scene, signer, {
      statement,
      findFault: (signed) => {
        const fault = faultOf(signed, request, ground, nowMs);
        if (fault !== null) reason = fault;
        allowed = fault === null;
        return fault;
      },
    });
    return { ...(await assessRequest(store, scene, request.id, nowMs)), ...place, vote: statement };
  } finally {
    const { launch, environment } = request;
    const about = { launch, environment, actor: signer.person.id, run, subject: request.id };
    await insertAccessDecisions(store, [{ ...about, permission: 'approval.vote', allowed, exception: false, reason }]);
  }
}

interface Speech {
  request: ApprovalRequest;
  ground: AccessGround;
  signer: Signer;
  wish: VoteWish;
  signedAt: string;
}

function toStatement({ request, ground, signer, wish, signedAt }: Speech): ActionVote {
  const lifeMs = levelRules[request.level].lifeMs;
  const endMs = Math.min(Date.parse(signedAt) + lifeMs, Date.parse(request.expiresAt));
  const { launch, planHash, candidateSha256, environment, dryRunSha256 } = request;
  return {
    format: 'tminus/action-vote/1',
    launch,
    planHash,
    candidateSha256,
    environment,
    request: request.id,
    requestSha256: requestSha256(request),
    dryRunSha256,
    vote: wish.vote,
    person: signer.person.id,
    role: wish.role ?? pickRole(request, ground, signer.person.id),
    // The signature is over exactly this vote, by the key that the launch declares.
    authMethod: 'signing-key',
    principal: signer.person.key ?? '',
    sourceIp: wish.sourceIp,
    reason: wish.reason,
    signedAt,
    expiresAt: new Date(endMs).toISOString(),
  };
}

/** A role that the person holds, above all one that the level wants and that nobody spoke in yet; of two such the one that fewer hold. */
function pickRole(request: ApprovalRequest, { scene, votes }: AccessGround, person: string): AccessRole {
  const given = new Set(votes.filter(({ entry }) => entry.statement.request === request.id).map(roleOf));
  const held = (['approver', 'lead'] as const).filter((role) =>
    scene.grants.some((grant) => grant.role === role && isHeldBy(grant, person, scene.groups)),
  );
  const wanted = levelRules[request.level].roles.filter((role) => !given.has(role));
  return held.findLast((role) => wanted.includes(role)) ?? held[0] ?? 'approver';
}

function roleOf({ entry }: LoggedActionVote): string {
  return entry.statement.role;
}

/** Why this vote would not be counted among the others, or null. */
function faultOf(
  signed: Signed<ActionVote>,
  request: ApprovalRequest,
  { scene, votes }: AccessGround,
  nowMs: number,
): string | null {
  const id = digestOf(signed);
  const own = votes.filter(({ entry }) => entry.statement.request === request.id);
  const { go, noGo, reasons, void: refused } = assessApproval(request, [...own, { id, entry: signed }], scene, nowMs);
  if (go.includes(id) || noGo.includes(id)) return null;
  return (refused.find((vote) => vote.id === id)?.reasons ?? reasons).join('; ');
}
