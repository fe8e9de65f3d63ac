import { allows } from '../../core/access/allows.ts';
import type { AccessVerdict } from '../../core/access/allows.ts';
import type { RightsLaunch } from '../../core/access/document-grants.ts';
import type { Permission } from '../../core/access/permission.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { insertAccessDecisions } from '../../store/access-decision.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import { loadAccess } from './load-access.ts';

/** Who wants to do what, where. */
export interface PersonAsk {
  /** Account, as the launch declares it. */
  person: string;
  permission: Permission;
  environment: string;
  nowMs: number;
  /** What it is about, for the audit. */
  run?: string | null;
  subject?: string | null;
}

/**
 * Whether this account may do this now, by the document and the grants of this moment (O05). Every answer but one about looking at something is in
 * the audit before it is returned (ASVS 5.0, V16.3.2); in a transaction it stands or falls with it, so commit after a refusal, too.
 */
export async function permitPerson(
  store: Store,
  launch: RightsLaunch,
  ask: PersonAsk,
  tx?: StoreTransaction,
): Promise<AccessVerdict> {
  const { person: actor, permission, environment, nowMs, run = null, subject = null } = ask;
  const { scene } = await loadAccess(store, launch, null, tx);
  const scope = { launch: launch.id, environment };
  const verdict = allows(scene, { actor, permission, scope }, nowMs);
  if (permission.endsWith('.view')) return verdict;
  const { allowed, exception, reason } = verdict;
  await insertAccessDecisions(store, [{ ...scope, actor, permission, run, subject, allowed, exception, reason }], tx);
  return verdict;
}

/** Returns the answer where it is yes. Throws `permission_denied`, after it was written down. */
export async function requirePermission(store: Store, launch: RightsLaunch, ask: PersonAsk): Promise<AccessVerdict> {
  const verdict = await permitPerson(store, launch, ask);
  if (!verdict.allowed) throw permissionDenied(ask.person, ask.permission, verdict.reason);
  return verdict;
}

/** The error of a refusal. */
export function permissionDenied(person: string, permission: string, reason: string): ProductError {
  return new ProductError(
    'permission_denied',
    `${person}: expected the permission ${permission}, got none: ${reason}`,
    { hint: 'look at "tminus grant list"; an admin gives rights with "tminus grant give", a document with a role' },
  );
}
