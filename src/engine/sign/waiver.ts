import type { Signed, Waiver } from '@tminus/verify';

import { signatureFault } from '../../core/approval/authority.ts';
import { waiverTermsFault } from '../../core/gate/waiver-fault.ts';
import { findCriterion, listCriteria } from '../../core/launch/find-criterion.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { keepLaunch } from '../keep-launch.ts';
import type { Scene } from '../scene.ts';
import { appendEntry, assertCounts, assertSigned } from './append-signed.ts';
import type { Appended } from './append-signed.ts';
import { assertCurrent } from './assert-current.ts';
import { toHeldRole } from './held-role.ts';
import { toPrepared } from './prepared.ts';
import type { Prepared } from './prepared.ts';
import { toDeclaredPerson } from './signer.ts';

/** What somebody says who sets a criterion aside. */
export interface WaiverWish {
  criterion: string;
  reason: string;
  role: string | null;
  requestedBy: string;
  /** RFC 3339. */
  expiresAt: string;
}

/** The waiver of a person as it would count now. Throws `statement_void` where it would not, and `criterion_unknown`; writes nothing. */
export async function prepareWaiver(
  store: Store,
  scene: Scene,
  person: string,
  wish: WaiverWish,
): Promise<Prepared<Waiver>> {
  const { launch, binding } = scene;
  const { waivable, check } = findCriterion(launch, wish.criterion);
  toDeclaredPerson(launch, person);
  const signedAt = await readNow(store);
  const { criterion, reason, requestedBy, expiresAt } = wish;
  const role = toHeldRole(launch, person, wish.role);
  const said = { criterion, reason, person, role, requestedBy, signedAt, expiresAt };
  const statement: Waiver = { format: 'tminus/waiver/1', ...binding, ...said };
  const gate = launch.gates.find((one) => listCriteria({ gates: [one] }).some(({ id }) => id === criterion));
  const requester = gate?.requester ?? null;
  const terms = {
    ...binding,
    waivable,
    checkKind: check?.kind ?? null,
    requester,
    roster: launch,
    nowMs: Date.parse(signedAt),
  };
  assertCounts(person, waiverTermsFault(statement, terms));
  return toPrepared(statement);
}

/** Appends a signed waiver, if it is what would be prepared now and carries the signature of the declared key; else as `appendSignedApproval`. */
export async function appendSignedWaiver(store: Store, scene: Scene, signed: Signed<Waiver>): Promise<Appended> {
  assertSigned(signed, 'tminus/waiver/1');
  const { statement: said } = signed;
  const { statement } = await prepareWaiver(store, scene, said.person, said);
  assertCurrent(said, { ...statement, signedAt: said.signedAt }, { words: {}, now: statement.signedAt });
  assertCounts(said.person, signatureFault(scene.launch, signed));
  await keepLaunch(store, scene);
  return appendEntry(store, scene.launch.id, signed);
}
