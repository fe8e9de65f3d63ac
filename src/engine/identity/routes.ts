import { z } from 'zod';

/** One path of the library that is answered. */
export interface AuthRoute {
  method: 'GET' | 'POST';
  /** Behind `/api/auth`; `:id` stands for the id of an identity provider. */
  path: string;
  /** Every field that is read; any other is refused (A37). Null for a GET, whose query is the library's. */
  body: z.ZodType | null;
  /**
   * Who may ask: anybody; whoever is signed in; or, to change how an account is opened, whoever showed within ten minutes a second factor, or signed in where
   * the account has none.
   */
  asker: 'anybody' | 'session' | 'recent';
  /** Which guesses it takes. */
  guesses: 'password' | 'code' | 'passkey' | null;
}

const password = z.string().min(1).max(256);
const code = z.string().min(1).max(64);
const none = z.strictObject({});
const withPassword = z.strictObject({ password });
/** Within our own pages only: an address elsewhere would make us a redirector. */
const page = z
  .string()
  .regex(/^\/(?![/\\])[\w\-./?=&#]*$/)
  .max(500);
const signOn = z.strictObject({ provider: z.string().max(31), callbackURL: page, errorCallbackURL: page.optional() });
const signIn = z.strictObject({ email: z.string().min(3).max(254), password });
const registration = z.strictObject({
  response: z.record(z.string(), z.unknown()),
  name: z.string().trim().min(1).max(100).optional(),
});
const newPassword = z.strictObject({ currentPassword: password, newPassword: password });

/** The whole of what is answered under `/api/auth`. What is not here is 404, whatever a newer library brings. */
export const routes: readonly AuthRoute[] = [
  { method: 'POST', path: '/sign-in/email', body: signIn, asker: 'anybody', guesses: 'password' },
  { method: 'POST', path: '/sign-out', body: none, asker: 'anybody', guesses: null },
  { method: 'POST', path: '/change-password', body: newPassword, asker: 'recent', guesses: 'code' },
  { method: 'POST', path: '/two-factor/enable', body: withPassword, asker: 'recent', guesses: 'code' },
  { method: 'POST', path: '/two-factor/disable', body: withPassword, asker: 'recent', guesses: 'code' },
  { method: 'POST', path: '/two-factor/generate-backup-codes', body: withPassword, asker: 'recent', guesses: 'code' },
  {
    method: 'POST',
    path: '/two-factor/verify-totp',
    body: z.strictObject({ code: z.string().regex(/^\d{6}$/) }),
    asker: 'anybody',
    guesses: 'code',
  },
  {
    method: 'POST',
    path: '/two-factor/verify-backup-code',
    body: z.strictObject({ code }),
    asker: 'anybody',
    guesses: 'code',
  },
  { method: 'GET', path: '/passkey/generate-register-options', body: null, asker: 'recent', guesses: null },
  { method: 'POST', path: '/passkey/verify-registration', body: registration, asker: 'recent', guesses: null },
  { method: 'GET', path: '/passkey/generate-authenticate-options', body: null, asker: 'anybody', guesses: null },
  {
    method: 'POST',
    path: '/passkey/verify-authentication',
    body: registration.omit({ name: true }),
    asker: 'anybody',
    guesses: 'passkey',
  },
  {
    method: 'POST',
    path: '/passkey/delete-passkey',
    body: z.strictObject({ id: z.string().max(64) }),
    asker: 'recent',
    guesses: null,
  },
  { method: 'POST', path: '/sign-in/social', body: signOn, asker: 'anybody', guesses: null },
  { method: 'POST', path: '/link-social', body: signOn, asker: 'recent', guesses: null },
  { method: 'GET', path: '/callback/:id', body: null, asker: 'anybody', guesses: null },
];

/** Returns the route of a method and a path behind `/api/auth`; null where nothing is answered. */
export function findRoute(method: string, path: string): AuthRoute | null {
  const plain = path.replace(/^\/callback\/[a-z][a-z0-9-]{0,30}$/, '/callback/:id');
  return routes.find((route) => route.method === method && route.path === plain) ?? null;
}
