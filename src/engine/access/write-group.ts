import { allows } from '../../core/access/allows.ts';
import { findPerson } from '../../core/approval/authority.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { insertAccessDecisions } from '../../store/access-decision.ts';
import { insertGroup, lockRights } from '../../store/grant.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { loadAccess } from './load-access.ts';
import { permissionDenied } from './permit-person.ts';

/** Who is in a group from now on. */
export interface GroupWish {
  id: string;
  people: readonly string[];
  by: string;
  environment: string;
}

/**
 * Writes the members of a group. Whoever does so changes who holds its grants, so it wants `grant.give` in the environment and in every one in which
 * the group was granted anything, and nobody puts an account of their own into a group.
 */
export async function writeGroup(store: Store, launch: Launch, wish: GroupWish): Promise<void> {
  const fault = membersFault(launch, wish);
  if (fault !== null)
    throw new ProductError('grant_refused', `group ${wish.id}: ${fault}`, { hint: 'nothing was written' });
  const nowMs = Date.parse(await readNow(store));
  const denied = await store.tables.transaction().execute(async (tx) => {
    await lockRights(tx, launch.id);
    const { scene } = await loadAccess(store, launch, null, tx);
    const held = scene.grants.filter(({ holder }) => holder.kind === 'group' && holder.id === wish.id);
    const reasons = [...new Set([wish.environment, ...held.map(({ environment }) => environment)])].map(
      (environment) => {
        const scope = { launch: launch.id, environment };
        return allows(scene, { actor: wish.by, permission: 'grant.give', scope }, nowMs);
      },
    );
    const refusal = reasons.find(({ allowed }) => !allowed)?.reason ?? null;
    const about = { launch: launch.id, environment: wish.environment, actor: wish.by, run: null, exception: false };
    const reason = refusal ?? `members: ${wish.people.join(', ') || 'nobody'}`;
    const row = { ...about, permission: 'grant.give', subject: `group ${wish.id}`, allowed: refusal === null, reason };
    await insertAccessDecisions(store, [row], tx);
    if (refusal === null) await insertGroup(store, { launch: launch.id, ...wish }, tx);
    return refusal;
  });
  if (denied !== null) throw permissionDenied(wish.by, 'grant.give', denied);
}

function membersFault(launch: Launch, { id, people, by }: GroupWish): string | null {
  if (findPerson(launch, id) !== null) return `expected a name of its own, got that of a person`;
  const own = findPerson(launch, by)?.human;
  for (const each of people) {
    const person = findPerson(launch, each);
    if (person === null) return `expected people whom the launch declares, got ${each}`;
    if (person.human === own) return `expected others than ${by}, who writes it, got ${each}`;
  }
  return null;
}
