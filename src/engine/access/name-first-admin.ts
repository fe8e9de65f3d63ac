import { ProductError } from '../../core/error/product-error.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { Store } from '../../store/open-store.ts';
import { giveGrant } from './give-grant.ts';

/** Whether somebody became the admin of a launch, and if not, why. */
export interface FirstAdmin {
  launch: string;
  named: boolean;
  why: string;
}

/**
 * Makes a person the first admin of each of these launches, by the right of whoever installs: only where nobody was given a right before, and only a human whom
 * the launch declares. Everything else is said, and is no error: the account is there all the same.
 */
export async function nameFirstAdmin(store: Store, launches: readonly Launch[], person: string): Promise<FirstAdmin[]> {
  const named: FirstAdmin[] = [];
  for (const launch of launches) named.push(await nameIn(store, launch, person));
  return named;
}

async function nameIn(store: Store, launch: Launch, person: string): Promise<FirstAdmin> {
  const environment = launch.environments[0]?.id ?? '';
  const wish = {
    role: 'admin',
    environment,
    giver: null,
    expiresAt: null,
    delegates: null,
    breakGlass: false,
  } as const;
  try {
    const holder = { kind: 'person', id: person } as const;
    await giveGrant(store, launch, { ...wish, holder, reason: 'set the installation up' });
    return { launch: launch.id, named: true, why: 'set the installation up' };
  } catch (error) {
    if (!(error instanceof ProductError)) throw error;
    return { launch: launch.id, named: false, why: error.message };
  }
}
