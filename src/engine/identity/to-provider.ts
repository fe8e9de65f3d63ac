import type { GenericOAuthConfig } from 'better-auth/plugins';
import { z } from 'zod';

import { exchange } from './exchange.ts';
import type { SignOnSettings } from './identity-settings.ts';

const claimsShape = z.looseObject({
  iss: z.string(),
  sub: z.string().min(1),
  email: z.email(),
  name: z.string().optional(),
});

type Claims = z.infer<typeof claimsShape>;

/** Returns an identity provider as the library wants it: PKCE, state and nonce, and an id token that is verified by the keys of the issuer, or nobody is signed in. */
export function toProvider(signOn: SignOnSettings): GenericOAuthConfig {
  return {
    providerId: signOn.id,
    name: signOn.name,
    discoveryUrl: `${signOn.issuer}/.well-known/openid-configuration`,
    clientId: signOn.clientId,
    clientSecret: signOn.clientSecret,
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    requireIdTokenVerification: true,
    async getUserInfo({ idToken }) {
      // Called once the id token was verified. Without one the library would ask the user info endpoint, which is bound to no nonce.
      const claims = readClaims(idToken);
      if (claims === null || claims.iss.replace(/\/$/, '') !== signOn.issuer) return null;
      const store = exchange.getStore();
      if (store !== undefined && signOn.personClaim !== null) store.person = personOf(claims, signOn);
      const { sub, email, name } = claims;
      return { sub, id: sub, email, emailVerified: false, name: name ?? email };
    },
  };
}

function readClaims(idToken: string | undefined): Claims | null {
  const payload = idToken?.split('.')[1];
  if (payload === undefined) return null;
  const read = claimsShape.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  return read.success ? read.data : null;
}

/** The person of a claim; null for a value that the settings do not know, and for anything but a word. */
function personOf(claims: Claims, { personClaim, people }: SignOnSettings): string | null {
  const value = claims[personClaim ?? ''];
  if (typeof value !== 'string' || value === '') return null;
  if (people === null) return value;
  return Object.hasOwn(people, value) ? (people[value] ?? null) : null;
}
