import type { RightsLaunch } from '../../core/access/document-grants.ts';
import type { Store } from '../../store/open-store.ts';
import { permitEverywhere } from '../access/permit-everywhere.ts';

/**
 * Returns where this person may manage accounts, else throws `permission_denied`; the answer is in the audit either way. An account opens every launch and
 * every environment, so `account.manage` has to be held in each of them: an admin of staging makes nobody a lead of production.
 */
export async function permitAccounts(
  store: Store,
  launches: readonly RightsLaunch[],
  ask: { person: string; subject: string },
): Promise<void> {
  await permitEverywhere(store, launches, { ...ask, permission: 'account.manage' });
}
