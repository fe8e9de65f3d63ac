import type { Approval, Signed } from '@tminus/verify';

import { signatureFault } from '../../core/approval/authority.ts';
import { ballotFault } from '../../core/approval/vote-fault.ts';
import type { Decision } from '../../core/gate/decision.ts';
import type { Store } from '../../store/open-store.ts';
import { readNow } from '../../store/open-store.ts';
import { explainGate } from '../explain-gate.ts';
import { keepLaunch } from '../keep-launch.ts';
import type { Scene } from '../scene.ts';
import { appendEntry, assertCounts, assertSigned } from './append-signed.ts';
import type { Appended } from './append-signed.ts';
import { assertCurrent } from './assert-current.ts';
import { toHeldRole } from './held-role.ts';
import { toPrepared } from './prepared.ts';
import type { Prepared } from './prepared.ts';
import { toDeclaredPerson } from './signer.ts';

/** What somebody says at a gate. */
export interface ApprovalWish {
  gate: string;
  /** Phase that is decided for; null for that of the gate. */
  phase: string | null;
  vote: Approval['vote'];
  /** Null takes one that the gate wants and the person holds. */
  role: string | null;
  comment: string;
}

/** A vote at a gate, before it is signed, with the decision that it speaks of. */
export type PreparedApproval = Prepared<Approval> & { decision: Decision };

/**
 * The go or no-go vote of a person on a gate as it stands now. Throws `statement_void` where it would not count, whoever signs it, and
 * `person_unknown` or `role_missing`; writes nothing.
 */
export async function prepareApproval(
  store: Store,
  scene: Scene,
  person: string,
  wish: ApprovalWish,
): Promise<PreparedApproval> {
  toDeclaredPerson(scene.launch, person);
  const { gate, phase } = wish;
  const { decision } = await explainGate(store, scene, { gate, phase: phase ?? undefined });
  const signedAt = await readNow(store);
  const { roles, requester } = scene.launch.gates.find(({ id }) => id === decision.gate)!;
  const { subjectSha256 } = decision;
  const statement: Approval = {
    format: 'tminus/approval/1',
    ...scene.binding,
    gate: decision.gate,
    subjectSha256,
    vote: wish.vote,
    person,
    role: toHeldRole(scene.launch, person, wish.role, roles),
    comment: wish.comment,
    signedAt,
  };
  const about = { ...scene.binding, gate: decision.gate, subjectSha256, roles, requester };
  assertCounts(person, ballotFault(statement, { ...about, roster: scene.launch, nowMs: Date.parse(signedAt) }));
  return { ...toPrepared(statement), decision };
}

/**
 * Appends a signed vote, if it is what would be prepared now and carries the signature of the declared key. `phase` as it was prepared for.
 * Throws `statement_stale` where anything that was shown has changed (A28), `statement_void` where it would not count.
 */
export async function appendSignedApproval(
  store: Store,
  scene: Scene,
  signed: Signed<Approval>,
  { phase }: { phase: string | null },
): Promise<Appended> {
  assertSigned(signed, 'tminus/approval/1');
  const { statement: said } = signed;
  const { gate, vote, role, comment, signedAt } = said;
  const { statement } = await prepareApproval(store, scene, said.person, { gate, phase, vote, role, comment });
  const words = { subjectSha256: 'what the decision shows has changed since' };
  assertCurrent(said, { ...statement, signedAt }, { words, now: statement.signedAt });
  assertCounts(said.person, signatureFault(scene.launch, signed));
  await keepLaunch(store, scene);
  return appendEntry(store, scene.launch.id, signed);
}
