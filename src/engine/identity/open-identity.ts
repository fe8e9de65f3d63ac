import type { Store } from '../../store/open-store.ts';
import { openAccounts } from './accounts.ts';
import { handleRequest } from './handle-request.ts';
import { listHistory } from './history.ts';
import { identify } from './identify.ts';
import { openGround } from './identity-ground.ts';
import type { IdentityDesk } from './identity.ts';
import type { IdentitySettings } from './identity-settings.ts';
import { openLibrary } from './open-library.ts';
import { allowsOrigin } from './origin.ts';
import { listPasskeys } from './passkeys.ts';
import { openSessions } from './sessions.ts';
import { openSetup } from './setup.ts';
import { openTokens } from './tokens.ts';

/** Returns the desk over an open store, which stays the caller's to close. */
export function openIdentity(store: Store, settings: IdentitySettings): IdentityDesk {
  const ground = openGround(store, settings);
  const library = openLibrary(ground);
  return {
    identify: (asking) => identify(ground, library.plain, asking),
    handle: (request, ip) => handleRequest(ground, library, request, ip),
    allowsOrigin: (request) => allowsOrigin(settings.baseUrl, request),
    setup: openSetup(ground),
    accounts: openAccounts(ground),
    sessions: openSessions(ground),
    tokens: openTokens(ground),
    passkeys: { list: (account) => listPasskeys(ground, account) },
    history: { list: (account, before) => listHistory(ground, account, before) },
    signOns: settings.signOns.map(({ id, name }) => ({ id, name })),
    close: async () => ground.cache.drop(() => true),
  };
}
