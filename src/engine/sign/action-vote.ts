import { digestOf, isPasskey } from '@tminus/verify';
import type { ActionVote, Signed } from '@tminus/verify';

import { levelRules } from '../../core/access/approval-level.ts';
import { requestSha256 } from '../../core/access/approval-request.ts';
import type { ApprovalRequest, LoggedActionVote } from '../../core/access/approval-request.ts';
import { assessApproval } from '../../core/access/assess-approval.ts';
import { isHeldBy } from '../../core/access/grant.ts';
import type { AccessRole } from '../../core/access/permission.ts';
import type { Person } from '../../core/launch/launch.ts';
import { insertAccessDecisions } from '../../store/access-decision.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { assessRequest, findRequest } from '../access/assess-request.ts';
import type { AssessedRequest } from '../access/assess-request.ts';
import type { AccessGround } from '../access/load-access.ts';
import { keepLaunch } from '../keep-launch.ts';
import type { Scene } from '../scene.ts';
import { appendEntry, assertCounts, assertSigned } from './append-signed.ts';
import type { Appended } from './append-signed.ts';
import { assertCurrent } from './assert-current.ts';
import { toPrepared } from './prepared.ts';
import type { Prepared } from './prepared.ts';
import { toDeclaredPerson } from './signer.ts';

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

/** The vote of a person on a request as it stands now; writes nothing. Whether it would count is known when it is signed. */
export async function prepareActionVote(
  store: Store,
  scene: Scene,
  person: string,
  wish: VoteWish,
): Promise<Prepared<ActionVote>> {
  const { request, ground } = await findRequest(store, scene.launch, wish.request);
  const voter = toDeclaredPerson(scene.launch, person);
  const role = wish.role ?? pickRole(request, ground, person);
  return toPrepared(toStatement({ request, voter, wish: { ...wish, role }, signedAt: await readNow(store) }));
}

/**
 * Appends a signed vote on a request, if it is what would be prepared now for this source, and tells how the request stands then. A vote that
 * would not count is refused with `statement_stale` or `statement_void` before anything is written, but for the audit, which has both.
 */
export async function appendSignedActionVote(
  store: Store,
  scene: Scene,
  signed: Signed<ActionVote>,
  { sourceIp }: { sourceIp: string | null },
): Promise<AssessedRequest & Appended & { vote: ActionVote }> {
  assertSigned(signed, 'tminus/action-vote/1');
  const { statement: said } = signed;
  const { run, request, ground } = await findRequest(store, scene.launch, said.request);
  const now = await readNow(store);
  const nowMs = Date.parse(now);
  let reason = `${said.vote} as ${said.role}`;
  let allowed = false;
  try {
    const voter = toDeclaredPerson(scene.launch, said.person);
    const wish = { ...said, sourceIp };
    assertCurrent(said, toStatement({ request, voter, wish, signedAt: said.signedAt }), { words: staleWords, now });
    assertCounts(said.person, faultOf(signed, request, ground, nowMs));
    allowed = true;
    await keepLaunch(store, scene);
    const place = await appendEntry(store, scene.launch.id, signed);
    return { ...(await assessRequest(store, scene, request.id, nowMs)), ...place, vote: said };
  } catch (error) {
    if (!allowed) reason = error instanceof Error ? error.message : 'unknown';
    throw error;
  } finally {
    const { launch, environment } = request;
    const about = { launch, environment, actor: said.person, run, subject: request.id };
    await insertAccessDecisions(store, [{ ...about, permission: 'approval.vote', allowed, exception: false, reason }]);
  }
}

const staleWords = {
  planHash: 'the plan of the request is another',
  candidateSha256: 'the candidate of the request is another',
  requestSha256: 'the request has changed since',
  dryRunSha256: 'the dry run has changed since',
  principal: 'the declared key is another now',
  authMethod: 'the declared key is another now',
  sourceIp: 'it comes from another address now',
  expiresAt: 'it would end at another time',
};

interface Speech {
  request: ApprovalRequest;
  voter: Person;
  wish: Omit<VoteWish, 'role'> & { role: string };
  signedAt: string;
}

function toStatement({ request, voter, wish, signedAt }: Speech): ActionVote {
  const endMs = Math.min(Date.parse(signedAt) + levelRules[request.level].lifeMs, Date.parse(request.expiresAt));
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
    person: voter.id,
    role: wish.role,
    // The signature is over exactly this vote, by the key that the launch declares; a passkey verifies its holder, too.
    authMethod: isPasskey(voter.key ?? '') ? 'passkey' : 'signing-key',
    principal: voter.key ?? '',
    sourceIp: wish.sourceIp,
    reason: wish.reason,
    signedAt,
    expiresAt: Number.isNaN(endMs) ? '' : new Date(endMs).toISOString(),
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
