import { passkey } from '@better-auth/passkey';
import type { BetterAuthOptions } from 'better-auth';
import { APIError, BASE_ERROR_CODES } from '@better-auth/core/error';
import { genericOAuth, twoFactor } from 'better-auth/plugins';
import type { Kysely } from 'kysely';

import type { IdentityTables } from './identity-tables.ts';

import { exchange } from './exchange.ts';
import type { IdentitySettings } from './identity-settings.ts';
import { toNetwork } from './network.ts';
import { toProvider } from './to-provider.ts';

/** Under which every answer of the library stands. */
export const authPath = '/api/auth';

/** Header in which the address of the asker is handed to the library; whatever came in under it is overwritten. */
export const ipHeader = 'x-tminus-ip';

/** What the options need from us. */
export interface AuthParts {
  settings: IdentitySettings;
  /** Key under which cookies are signed and factors encrypted. */
  secret: string;
  /** Bound to the schema `identity`. */
  db: Kysely<IdentityTables>;
}

/** Of passwords. Long enough that no rule about signs is needed (NIST SP 800-63B-4, 3.1.1.2). */
export const passwordLength = { minPasswordLength: 12, maxPasswordLength: 128 } as const;

/** Paths whose new session has shown a second factor: a code, or a passkey that verified its user. */
const strongPaths = new Set([
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  '/passkey/verify-authentication',
]);

/** Returns how the library is set up. It answers more paths than we want: only those of `routes` are handed to it. */
export function toAuthOptions({ settings, secret, db }: AuthParts) {
  const { baseUrl } = settings;
  return {
    appName: 'Tminus',
    baseURL: baseUrl,
    basePath: authPath,
    secret,
    database: { db, type: 'postgres', transaction: true },
    trustedOrigins: [baseUrl],
    emailAndPassword: { enabled: true, disableSignUp: true, ...passwordLength },
    ...toFields(settings),
    plugins: [
      twoFactor({ issuer: 'Tminus', backupCodeOptions: { amount: 10, length: 16 } }),
      toPasskeyPlugin(baseUrl),
      genericOAuth({ config: settings.signOns.map(toProvider) }),
    ],
    databaseHooks: toHooks(settings, db),
    advanced: {
      ...toCookieOptions(baseUrl),
      // A test compares the schema with what the library wants; a check at each start would only cost.
      database: { validateSchema: false },
      ipAddress: { ipAddressHeaders: [ipHeader], ipv6Subnet: 128 },
    },
    // Ours counts in the database, by account and by network, over all processes.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, _message, ...details) => exchange.getStore()?.errors.push(...details) },
    onAPIError: { errorURL: `${baseUrl}/sign-in` },
  } satisfies BetterAuthOptions;
}

function toFields(settings: IdentitySettings) {
  return {
    user: { additionalFields: { person: ownField, disabledAt: ownDate } },
    session: {
      // Of the cookie. The row ends earlier: `startSession` and `identify` see to that.
      expiresIn: settings.absoluteSeconds,
      disableSessionRefresh: true,
      freshAge: 0,
      additionalFields: { strongAt: ownDate, strongFrom: ownField },
    },
    account: {
      // An equal e-mail address proves nothing: whoever has an account links it while signed in.
      accountLinking: {
        disableImplicitLinking: true,
        allowDifferentEmails: true,
        trustedProviders: signOnIds(settings),
      },
    },
  };
}

function toHooks(settings: IdentitySettings, db: Kysely<IdentityTables>) {
  return {
    session: {
      create: {
        before: (session: NewSession, context: { path?: string } | null) =>
          startSession(session, context?.path, settings, db),
        after: noteSession,
      },
    },
    account: { create: { before: dropProviderTokens }, update: { before: dropProviderTokens } },
  };
}

interface NewSession {
  userId: string;
  ipAddress?: string | null | undefined;
}

/** Fields that no request may set (A37). */
const ownField = { type: 'string', required: false, input: false } as const;
const ownDate = { type: 'date', required: false, input: false } as const;

function signOnIds({ signOns }: IdentitySettings): string[] {
  return signOns.map(({ id }) => id);
}

function toPasskeyPlugin(baseUrl: string) {
  return passkey({
    rpID: new URL(baseUrl).hostname,
    rpName: 'Tminus',
    origin: baseUrl,
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    registration: {
      afterVerification: async ({ verification }) => demandUser(verification.registrationInfo?.userVerified),
    },
    authentication: {
      afterVerification: async ({ verification }) => demandUser(verification.authenticationInfo.userVerified),
    },
  });
}

/** The library only asks for user presence: a key that somebody found would do. */
function demandUser(verified: boolean | undefined): void {
  if (verified !== true)
    throw new APIError('UNAUTHORIZED', {
      code: 'USER_NOT_VERIFIED',
      message: 'the authenticator did not verify its user',
    });
}

/** Refuses accounts that are switched off with the words of a wrong password, and says when the new session ends and whether a second factor opened it. */
async function startSession(
  session: NewSession,
  path: string | undefined,
  { idleSeconds, absoluteSeconds }: IdentitySettings,
  db: Kysely<IdentityTables>,
) {
  const user = await db.selectFrom('user').select('disabledAt').where('id', '=', session.userId).executeTakeFirst();
  if (user?.disabledAt !== null) throw APIError.from('UNAUTHORIZED', BASE_ERROR_CODES.INVALID_EMAIL_OR_PASSWORD);
  const nowMs = Date.now();
  const isStrong = strongPaths.has(path ?? '');
  return {
    data: {
      ...session,
      expiresAt: new Date(nowMs + Math.min(idleSeconds, absoluteSeconds) * 1000),
      strongAt: isStrong ? new Date(nowMs) : null,
      strongFrom: isStrong ? toNetwork(session.ipAddress ?? '') : null,
    },
  };
}

async function noteSession(session: { id: string; userId: string }): Promise<void> {
  const store = exchange.getStore();
  if (store !== undefined) store.session = { id: session.id, account: session.userId };
}

/** What the provider gave is used once, to know who it is; nobody can steal what is not kept. */
async function dropProviderTokens(account: Record<string, unknown>) {
  return { data: { ...account, accessToken: null, refreshToken: null, idToken: null } };
}

/** `__Host-` wants https, the whole host and no domain (RFC 6265bis, 4.1.3.2); plain http, for one machine, cannot have it. */
function toCookieOptions(baseUrl: string) {
  const secure = baseUrl.startsWith('https:');
  const state = { attributes: { sameSite: 'lax' as const } };
  return {
    useSecureCookies: false,
    cookiePrefix: secure ? '__Host-tminus' : 'tminus',
    defaultCookieAttributes: { httpOnly: true, secure, sameSite: 'strict' as const, path: '/' },
    // Comes back with the redirect from the provider, which is another site.
    cookies: { state, oauth_state: state },
  };
}
