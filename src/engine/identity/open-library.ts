import { setTimeout as pause } from 'node:timers/promises';

import type { IdentityGround } from './identity-ground.ts';
import { openAuth } from './open-auth.ts';
import type { Auth } from './open-auth.ts';

/** The library, once without identity providers and once with them, so that one that is down keeps nobody else from signing in. */
export interface Library {
  plain: Auth;
  /** The one that knows the identity providers; null while one of them does not describe itself. */
  withProviders(): Promise<Auth | null>;
}

/** How long a provider may take to describe itself. */
const patienceMs = 10_000;

/** Returns the library over the tables. Providers are asked when somebody first wants to go there, and again after they could not be reached. */
export function openLibrary({ settings, secret, tables: db }: IdentityGround): Library {
  let complete: Promise<Auth | null> | null = null;
  const open = async (): Promise<Auth | null> => {
    const auth = openAuth({ settings, secret, db });
    const ended = new AbortController();
    const late = pause(patienceMs, null, { signal: ended.signal, ref: false }).catch(() => null);
    const context = await Promise.race([auth.$context, late]);
    ended.abort();
    const known = new Set(context?.socialProviders.map(({ id }) => id));
    return settings.signOns.every(({ id }) => known.has(id)) ? auth : null;
  };
  return {
    plain: openAuth({ settings: { ...settings, signOns: [] }, secret, db }),
    async withProviders() {
      const opening = (complete ??= open());
      const auth = await opening.catch(() => null);
      if (auth === null && complete === opening) complete = null;
      return auth;
    },
  };
}
