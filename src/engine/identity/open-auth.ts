import { betterAuth } from 'better-auth';

import { toAuthOptions } from './auth-options.ts';
import type { AuthParts } from './auth-options.ts';

/** Returns the library, set up. Opening asks the identity providers to describe themselves. */
export function openAuth(parts: AuthParts) {
  return betterAuth(toAuthOptions(parts));
}

export type Auth = ReturnType<typeof openAuth>;
