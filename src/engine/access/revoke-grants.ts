import { allows } from '../../core/access/allows.ts';
import type { ApprovalScene } from '../../core/access/approval-request.ts';
import { grantFault } from '../../core/access/grant-fault.ts';
import type { Grant } from '../../core/access/grant.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { insertAccessDecisions } from '../../store/access-decision.ts';
import { insertRevocations, lockRights } from '../../store/grant.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { loadAccess } from './load-access.ts';
import { permissionDenied } from './permit-person.ts';

/** What is to end: one grant by its id, or everything that an account or a group holds by its own name, in one environment or in all. */
export interface RevocationWish {
  grant: string | null;
  holder: string | null;
  environment: string | null;
  by: string;
  reason: string;
}

/**
 * Ends grants from this moment on, those of the document, too, and returns them. Wants `grant.revoke` in the environment of each; all end or none.
 * The last admin of an environment stays: without one nobody could ever give a right there again.
 */
export async function revokeGrants(store: Store, launch: Launch, wish: RevocationWish): Promise<Grant[]> {
  const nowMs = Date.parse(await readNow(store));
  const { chosen, fault } = await store.tables.transaction().execute(async (tx) => {
    await lockRights(tx, launch.id);
    const { scene } = await loadAccess(store, launch, null, tx);
    const found = scene.grants.filter((grant) => grant.revokedAt === null && isMeant(grant, wish));
    const refused = found.map((grant) => ({ grant, reason: denial(scene, grant, wish.by, nowMs) }));
    const denied = refused.find(({ reason }) => reason !== null)?.reason ?? lastAdminFault(scene, found, nowMs);
    const rows = refused.map(({ grant, reason }) => ({
      launch: launch.id,
      environment: grant.environment,
      actor: wish.by,
      permission: 'grant.revoke',
      run: null,
      subject: grant.id,
      allowed: denied === null,
      exception: false,
      reason: reason ?? denied ?? wish.reason,
    }));
    if (rows.length > 0) await insertAccessDecisions(store, rows, tx);
    const ends = found.map(({ id }) => ({ grant: id, launch: launch.id, by: wish.by, reason: wish.reason }));
    if (denied === null && ends.length > 0) await insertRevocations(store, ends, tx);
    return { chosen: found, fault: denied };
  });
  if (chosen.length === 0) throw unknownGrant(wish);
  if (fault !== null) throw permissionDenied(wish.by, 'grant.revoke', fault);
  return chosen;
}

function isMeant(grant: Grant, { grant: id, holder, environment }: RevocationWish): boolean {
  const named = id === null ? grant.holder.id === holder : grant.id === id;
  return named && (environment === null || grant.environment === environment);
}

function denial(scene: ApprovalScene, grant: Grant, actor: string, nowMs: number): string | null {
  const scope = { launch: scene.launch.id, environment: grant.environment };
  const { allowed, reason } = allows(scene, { actor, permission: 'grant.revoke', scope }, nowMs);
  return allowed ? null : reason;
}

function lastAdminFault(scene: ApprovalScene, ended: readonly Grant[], nowMs: number): string | null {
  for (const { environment } of ended.filter(({ role }) => role === 'admin')) {
    const left = scene.grants.filter(
      (grant) =>
        grant.role === 'admin' &&
        grant.environment === environment &&
        !ended.includes(grant) &&
        grantFault(grant, grant.holder.id, scene, nowMs) === null,
    );
    if (left.length === 0) return `${environment} would be left without an admin: give the role to somebody else first`;
  }
  return null;
}

function unknownGrant({ grant, holder, environment }: RevocationWish): ProductError {
  const where = environment === null ? '' : ` in ${environment}`;
  return new ProductError('grant_unknown', `${grant ?? holder}${where}: expected a grant that is in force, got none`, {
    hint: 'name one that "tminus grant list" shows',
  });
}
