import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';

import { request } from './request.ts';

/** What is below `/api/auth`: it belongs to the library behind sign-in, and is in no description. Every call throws as `request` does. */
const base = '/api/auth';

function post<Body>(path: string, body: unknown = {}): Promise<Body> {
  return request<Body>({ method: 'POST', path: `${base}${path}`, body });
}

/** Signs in with a password; says whether a second factor is wanted before anybody is signed in. */
export async function signInWithPassword(email: string, password: string): Promise<{ wantsFactor: boolean }> {
  const answer = await post<{ twoFactorRedirect?: boolean } | null>('/sign-in/email', { email, password });
  return { wantsFactor: answer?.twoFactorRedirect === true };
}

/** Shows the code of an authenticator: ends a sign-in, or renews the proof of a session. */
export async function showCode(code: string): Promise<void> {
  await post('/two-factor/verify-totp', { code });
}

/** Shows one of the recovery codes, which is used up. */
export async function showRecoveryCode(code: string): Promise<void> {
  await post('/two-factor/verify-backup-code', { code });
}

/** Whether this browser can use passkeys here: it wants https, or the machine itself. */
export function canUsePasskeys(): boolean {
  return browserSupportsWebAuthn();
}

/** Signs in with a passkey, or renews the proof of a session by it. */
export async function showPasskey(): Promise<void> {
  const path = `${base}/passkey/generate-authenticate-options`;
  const optionsJSON = await request<PublicKeyCredentialRequestOptionsJSON>({ method: 'GET', path });
  await post('/passkey/verify-authentication', { response: await startAuthentication({ optionsJSON }) });
}

/** Makes a passkey for the account that is signed in. */
export async function registerPasskey(name: string): Promise<void> {
  const path = `${base}/passkey/generate-register-options`;
  const optionsJSON = await request<PublicKeyCredentialCreationOptionsJSON>({ method: 'GET', path });
  await post('/passkey/verify-registration', { response: await startRegistration({ optionsJSON }), name });
}

/** Takes a passkey away from the account. */
export async function deletePasskey(id: string): Promise<void> {
  await post('/passkey/delete-passkey', { id });
}

/** An authenticator that is being set up: its address for the QR code, and the recovery codes. */
export interface TotpSetup {
  totpURI: string;
  backupCodes: string[];
}

/** Begins to set an authenticator up; it counts from its first right code on. */
export function beginTotp(password: string): Promise<TotpSetup> {
  return post<TotpSetup>('/two-factor/enable', { password });
}

/** Takes the authenticator and the recovery codes away. */
export async function dropTotp(password: string): Promise<void> {
  await post('/two-factor/disable', { password });
}

/** New recovery codes in the place of the old ones. */
export async function renewRecoveryCodes(password: string): Promise<string[]> {
  return (await post<{ backupCodes: string[] }>('/two-factor/generate-backup-codes', { password })).backupCodes;
}

/** Changes the password, and ends every other session. */
export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  await post('/change-password', { currentPassword, newPassword });
}

/** Address of an identity provider at which to sign in; it leads back to `next`, or to the page of signing in where it refused. */
export async function beginSignOn(provider: string, next: string): Promise<string> {
  const wish = { provider, callbackURL: next, errorCallbackURL: '/sign-in?failed=provider' };
  return (await post<{ url: string }>('/sign-in/social', wish)).url;
}
