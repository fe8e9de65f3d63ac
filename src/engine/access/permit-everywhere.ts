import { allows } from '../../core/access/allows.ts';
import type { RightsLaunch } from '../../core/access/document-grants.ts';
import type { Permission } from '../../core/access/permission.ts';
import { insertAccessDecisions } from '../../store/access-decision.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { loadAccess } from './load-access.ts';
import { permissionDenied } from './permit-person.ts';

/** Who wants to do what to the whole installation. */
export interface EverywhereAsk {
  person: string;
  permission: Permission;
  subject: string;
}

/**
 * Returns where this person holds a permission in every environment of every launch, else throws `permission_denied`; the answer is in the audit either way.
 * For what belongs to the installation and not to a launch: a right in staging must not reach production by that way.
 */
export async function permitEverywhere(
  store: Store,
  launches: readonly RightsLaunch[],
  { person, permission, subject }: EverywhereAsk,
): Promise<void> {
  const nowMs = Date.parse(await readNow(store));
  // Of no launch nothing follows, least of all a right.
  let refusal: string | null = launches.length === 0 ? 'no launch is served that could give it' : null;
  for (const launch of launches) {
    const { scene } = await loadAccess(store, launch, null);
    const answers = launch.environments.map(({ id: environment }) => {
      const scope = { launch: launch.id, environment };
      const { allowed, reason, exception } = allows(scene, { actor: person, permission, scope }, nowMs);
      return { ...scope, actor: person, permission, run: null, subject, allowed, exception, reason };
    });
    await insertAccessDecisions(store, answers);
    const refused = answers.find(({ allowed }) => !allowed);
    if (answers.length === 0) refusal ??= `${launch.id} has no environment in which it could be given`;
    if (refused !== undefined) refusal ??= refused.reason;
  }
  if (refusal !== null) throw permissionDenied(person, permission, refusal);
}
