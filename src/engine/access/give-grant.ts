import { randomBytes } from 'node:crypto';

import { allows } from '../../core/access/allows.ts';
import type { ApprovalScene } from '../../core/access/approval-request.ts';
import { grantFault } from '../../core/access/grant-fault.ts';
import { isHeldBy } from '../../core/access/grant.ts';
import type { Grant } from '../../core/access/grant.ts';
import type { AccessRole } from '../../core/access/permission.ts';
import { findPerson } from '../../core/approval/authority.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { insertAccessDecisions } from '../../store/access-decision.ts';
import { insertGrants, lockRights } from '../../store/grant.ts';
import type { NewGrant } from '../../store/grant.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { loadAccess } from './load-access.ts';
import type { AccessGround } from './load-access.ts';
import { permissionDenied } from './permit-person.ts';

/** A right that somebody wants to give. */
export interface GrantWish {
  holder: Grant['holder'];
  role: AccessRole;
  environment: string;
  /** Account that gives it, known by its key; null for the first admin, whom whoever installs names. */
  giver: string | null;
  /** RFC 3339; null for no end of its own. */
  expiresAt: string | null;
  /** Grant of the giver's that is passed on; null for a right of its own. */
  delegates: string | null;
  /** Makes it a way round the approvals (A29). */
  breakGlass: boolean;
  reason: string;
}

type Answer = { ok: true; why: string; grants: NewGrant[] } | { ok: false; kind: 'denied' | 'refused'; why: string };

/**
 * Gives a right, written down with the answer. The first of a launch is an admin, a declared human, for every environment, given by whoever installs;
 * every other wants `grant.give` there, the giver's own grant to pass on, or, to break the glass, a lead or an admin.
 * Throws `permission_denied`, or `grant_refused` for a right that would not hold.
 */
export async function giveGrant(store: Store, launch: Launch, wish: GrantWish): Promise<NewGrant[]> {
  const nowMs = Date.parse(await readNow(store));
  const answer = await store.tables.transaction().execute(async (tx) => {
    await lockRights(tx, launch.id);
    const answered = answerTo(await loadAccess(store, launch, null, tx), wish, nowMs);
    if (answered.ok) await insertGrants(store, answered.grants, tx);
    const about = { launch: launch.id, environment: wish.environment, actor: wish.giver ?? 'installation', run: null };
    const row = { ...about, permission: 'grant.give', allowed: answered.ok, exception: wish.breakGlass };
    const subject = `${wish.role} to ${wish.holder.kind} ${wish.holder.id}`;
    await insertAccessDecisions(store, [{ ...row, subject, reason: answered.why }], tx);
    return answered;
  });
  if (answer.ok) return answer.grants;
  if (answer.kind === 'denied') throw permissionDenied(wish.giver ?? 'nobody', 'grant.give', answer.why);
  throw new ProductError(
    'grant_refused',
    `grant of ${wish.role} to ${wish.holder.id}: expected one that holds: ${answer.why}`,
    {
      hint: 'nothing was written; give what would hold',
    },
  );
}

function answerTo(ground: AccessGround, wish: GrantWish, nowMs: number): Answer {
  const { scene } = ground;
  if (!scene.launch.environments.some(({ id }) => id === wish.environment))
    return refuse(`the environment ${wish.environment || '(none)'} is not declared in the launch`);
  if (wish.reason.trim() === '') return refuse('it gives no reason');
  if (wish.giver === null) return firstAdmin(ground, wish);
  const denied = denial(scene, { ...wish, giver: wish.giver }, nowMs);
  if (denied !== null) return { ok: false, kind: 'denied', why: denied };
  const grant = toGrant(wish, wish.environment, scene);
  const fault = holderFault(scene, wish) ?? standingFault(scene, grant, nowMs);
  return fault === null ? { ok: true, why: `given by ${wish.giver}: ${wish.reason}`, grants: [grant] } : refuse(fault);
}

function refuse(why: string): Answer {
  return { ok: false, kind: 'refused', why };
}

/** Whoever installs names one admin, once. */
function firstAdmin({ scene, untouched }: AccessGround, wish: GrantWish): Answer {
  if (!untouched) return { ok: false, kind: 'denied', why: 'there are grants already, so somebody has to give it' };
  if (wish.role !== 'admin' || wish.breakGlass || wish.delegates !== null || wish.holder.kind !== 'person')
    return refuse('the first grant of a launch names its admin');
  const person = findPerson(scene.launch, wish.holder.id);
  if (person === null || person.automation) return refuse(`${wish.holder.id} is not a human whom the launch declares`);
  const grants = scene.launch.environments.map(({ id }) => toGrant({ ...wish, expiresAt: null }, id, scene));
  return { ok: true, why: `first admin, by whoever installed it: ${wish.reason}`, grants };
}

/** Why the giver may not give this, or null. */
function denial(scene: ApprovalScene, wish: GrantWish & { giver: string }, nowMs: number): string | null {
  const { giver, environment } = wish;
  if (wish.delegates !== null) return automationFault(scene, giver);
  const mayGive = (where: string): string | null => {
    const scope = { launch: scene.launch.id, environment: where };
    const { allowed, reason } = allows(scene, { actor: giver, permission: 'grant.give', scope }, nowMs);
    return allowed ? null : reason;
  };
  if (wish.breakGlass) {
    const isTrusted = [giver, wish.holder.id].some((each) => holdsOrdinarily(scene, each, environment, nowMs));
    const fault = isTrusted ? null : `neither ${giver} nor ${wish.holder.id} is lead or admin in ${environment}`;
    return automationFault(scene, giver) ?? fault;
  }
  const own = mayGive(environment);
  const hasAdmin = scene.grants.some((grant) => grant.role === 'admin' && grant.environment === environment);
  // An environment that was declared after the first admin: an admin of another one names its first.
  const mayBegin = !hasAdmin && wish.role === 'admin';
  const elsewhere = mayBegin && scene.launch.environments.some(({ id }) => mayGive(id) === null);
  return elsewhere ? null : own;
}

function automationFault({ launch }: ApprovalScene, id: string): string | null {
  const person = findPerson(launch, id);
  return person !== null && !person.automation ? null : `${id} is not a human whom the launch declares`;
}

function holdsOrdinarily(scene: ApprovalScene, person: string, environment: string, nowMs: number): boolean {
  return scene.grants.some(
    (grant) =>
      (grant.role === 'lead' || grant.role === 'admin') &&
      grant.environment === environment &&
      grant.breakGlass === null &&
      isHeldBy(grant, person, scene.groups) &&
      grantFault(grant, person, scene, nowMs) === null,
  );
}

function holderFault({ launch, groups }: ApprovalScene, { holder, role }: GrantWish): string | null {
  if (holder.kind === 'group')
    return groups.some(({ id }) => id === holder.id) ? null : `there is no group ${holder.id}`;
  const person = findPerson(launch, holder.id);
  if (person === null) return `${holder.id} is not declared in the launch`;
  return person.automation && role !== 'viewer' && role !== 'operator' ? `${holder.id} is an automation` : null;
}

/** Asked by the rule that will be asked later, so that what is given does hold. */
function standingFault(scene: ApprovalScene, grant: NewGrant, nowMs: number): string | null {
  const given: Grant = { ...grant, givenAt: new Date(nowMs).toISOString(), revokedAt: null };
  const members = scene.groups.find(({ id }) => id === grant.holder.id)?.people ?? [];
  const holders = grant.holder.kind === 'group' ? members : [grant.holder.id];
  const faults = holders.map((each) => grantFault(given, each, { ...scene, grants: [...scene.grants, given] }, nowMs));
  return faults.find((fault) => fault !== null) ?? null;
}

function toGrant(wish: GrantWish, environment: string, { launch }: ApprovalScene): NewGrant {
  const { holder, role, giver, expiresAt, delegates, reason } = wish;
  const confirmedBy = giver === holder.id ? null : giver;
  return {
    id: `g-${randomBytes(6).toString('hex')}`,
    holder,
    role,
    launch: launch.id,
    environment,
    givenBy: giver,
    expiresAt,
    delegates,
    breakGlass: wish.breakGlass ? { reason, confirmedBy } : null,
    reason,
  };
}
