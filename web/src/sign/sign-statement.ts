import { findKey } from './key-box.ts';

/** What the server asks to be signed: the bytes, their digest, who signs, and the key that the launch declares for them. */
export interface PreparedStatement {
  canonical: string;
  sha256: string;
  challenge: string;
  person: string;
  key: string | null;
}

/** A statement with a signature, as it stands in the evidence log. */
export interface SignedStatement {
  format: 'tminus/signed/1';
  statement: Record<string, unknown>;
  signature: { person: string; key: string; value: string };
}

/** Why nothing was signed, in a word that the dialog has a text for. */
export class SignError extends Error {
  readonly reason: SignFault;

  constructor(reason: SignFault, cause?: unknown) {
    super(reason, { cause });
    this.name = 'SignError';
    this.reason = reason;
  }
}

export type SignFault = 'no-key-declared' | 'no-key-here' | 'digest-differs' | 'refused' | 'unsupported';

/**
 * Signs the very bytes that were shown: with the passkey that the launch declares (WebAuthn Level 3 section 7.2, the digest as challenge), or with a key
 * file that was loaded into this browser (RFC 8032). The digest is computed here again, so that nobody signs what another digest was shown for.
 */
export async function signStatement(prepared: PreparedStatement): Promise<SignedStatement> {
  const { canonical, person, key } = prepared;
  if (key === null) throw new SignError('no-key-declared');
  const bytes = new TextEncoder().encode(canonical);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  if (toHex(digest) !== prepared.sha256) throw new SignError('digest-differs');
  const value = key.startsWith('webauthn-') ? await askPasskey(key, digest) : await signWithFile(person, key, bytes);
  const statement = JSON.parse(canonical) as Record<string, unknown>;
  return { format: 'tminus/signed/1', statement, signature: { person, key, value } };
}

async function askPasskey(key: string, challenge: Uint8Array<ArrayBuffer>): Promise<string> {
  const rpId = key.split(':')[1] ?? '';
  const credential = await navigator.credentials
    .get({ publicKey: { challenge, rpId, userVerification: 'required', timeout: 120_000 } })
    .catch((cause: unknown) => {
      throw new SignError('refused', cause);
    });
  if (!(credential instanceof PublicKeyCredential)) throw new SignError('refused');
  const { authenticatorData, clientDataJSON, signature } = credential.response as AuthenticatorAssertionResponse;
  // Keys in the order of RFC 8785, which for these three is the alphabet.
  const assertion = {
    authenticatorData: toBase64Url(authenticatorData),
    clientDataJSON: toBase64Url(clientDataJSON),
    signature: toBase64Url(signature),
  };
  return toBase64(new TextEncoder().encode(JSON.stringify(assertion)));
}

async function signWithFile(person: string, key: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const own = await findKey(person, key);
  if (own === null) throw new SignError('no-key-here');
  return toBase64(new Uint8Array(await crypto.subtle.sign('Ed25519', own, bytes)));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function toBase64Url(bytes: ArrayBuffer): string {
  return toBase64(new Uint8Array(bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
}
