import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { decodeBase64, encodeBase64 } from './base64.ts';
import { canonicalize } from './canonicalize.ts';
import { readClientData } from './client-data.ts';
import { FormatError, quoteShort } from './format-error.ts';
import { decodeUtf8, parseStrictJson } from './parse-strict-json.ts';
import type { PersonKey } from './person-key.ts';
import { sha256Hex } from './sha256.ts';

/** What an authenticator answers, each part as base64url without padding: `AuthenticatorAssertionResponse`, section 5.2.2. */
export interface PasskeyAssertion {
  authenticatorData: string;
  clientDataJSON: string;
  signature: string;
}

/** A passkey that was declared, with its site. */
export type Passkey = Extract<PersonKey, { kind: 'passkey' }>;

/** The longest `signature.value` that is looked at: an answer has some 500 bytes, and its size is up to whoever sends it. */
export const maxSignatureValue = 8192;

/** Flags of authenticator data (section 6.1). */
const flags = { up: 0x01, uv: 0x04, be: 0x08, bs: 0x10, at: 0x40, ed: 0x80 } as const;

/** What a passkey signs for a statement, as base64url: the WebAuthn challenge is the SHA-256 of the RFC 8785 form. */
export function challengeOf(statement: unknown): string {
  return Buffer.from(sha256Hex(canonicalize(statement)), 'hex').toString('base64url');
}

/** The answer of an authenticator in the form of `signature.value`: base64 of the RFC 8785 form of its three parts. */
export function encodeAssertion({ authenticatorData, clientDataJSON, signature }: PasskeyAssertion): string {
  return encodeBase64(Buffer.from(canonicalize({ authenticatorData, clientDataJSON, signature })));
}

/**
 * Returns only when `value` is an answer of this passkey to the challenge of exactly this statement, given on its own site, by
 * somebody who was present and verified: W3C WebAuthn Level 3, section 7.2, as far as it can be checked from what is stored.
 * The signature counter (step 22) is left alone: only whoever saw the answers before can compare it.
 */
export function verifyAssertion(statement: unknown, value: string, passkey: Passkey, where: string): void {
  const { authenticatorData, clientDataJSON, signature } = readAssertion(value, where);
  readClientData(clientDataJSON, { challenge: challengeOf(statement), rpId: passkey.rpId, where });
  checkAuthenticatorData(authenticatorData, passkey.rpId, `${where} authenticatorData`);
  // Steps 20 and 21: the signature is over the data of the authenticator, and the digest of what the browser said.
  const signed = Buffer.concat([authenticatorData, Buffer.from(sha256Hex(clientDataJSON), 'hex')]);
  if (!holds(signed, signature, passkey)) {
    const expected = `a signature of the declared passkey of ${passkey.rpId} over these bytes`;
    throw new FormatError({ where, expected, got: 'one that does not hold' });
  }
}

function readAssertion(value: string, where: string): { [Part in keyof PasskeyAssertion]: Buffer } {
  if (value.length > maxSignatureValue) {
    throw new FormatError({ where, expected: `at most ${maxSignatureValue} characters`, got: String(value.length) });
  }
  const read = parseStrictJson(decodeUtf8(decodeBase64(value, where), where), where);
  const parts: Record<string, unknown> = typeof read === 'object' && read !== null ? { ...read } : {};
  const { authenticatorData, clientDataJSON, signature, ...rest } = parts;
  const extra = Object.keys(rest)[0];
  if (extra !== undefined) {
    const expected = 'authenticatorData, clientDataJSON and signature alone';
    throw new FormatError({ where, expected, got: quoteShort(extra) });
  }
  return {
    authenticatorData: decodeBase64Url(authenticatorData, `${where} authenticatorData`),
    clientDataJSON: decodeBase64Url(clientDataJSON, `${where} clientDataJSON`),
    signature: decodeBase64Url(signature, `${where} of the authenticator`),
  };
}

/** The bytes behind base64url without padding (RFC 4648 section 5), in its one canonical spelling. */
function decodeBase64Url(text: unknown, where: string): Buffer {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'base64url') : null;
  if (bytes !== null && bytes.length > 0 && bytes.toString('base64url') === text) return bytes;
  const got = typeof text === 'string' ? quoteShort(text) : 'none';
  throw new FormatError({ where, expected: 'canonical base64url without padding', got });
}

/**
 * Section 6.1: digest of the site, flags, counter, and nothing behind them. Keys are attested when they are made, not when they
 * sign, and no extension is asked for: what is not understood here is refused.
 */
function checkAuthenticatorData(data: Buffer, rpId: string, where: string): void {
  if (data.length < 37) throw new FormatError({ where, expected: '37 bytes', got: `${data.length} bytes` });
  const refuse = (expected: string, got: string) => new FormatError({ where, expected, got });
  // Section 7.2 step 15.
  const site = data.subarray(0, 32).toString('hex');
  if (site !== sha256Hex(rpId)) throw refuse(`the digest of ${rpId}`, `that of another site, ${site.slice(0, 12)}`);
  const set = data.readUInt8(32);
  // Steps 16 to 18.
  if ((set & flags.up) === 0) throw refuse('a person who was present (flag UP)', 'none');
  if ((set & flags.uv) === 0) throw refuse('a person whom the authenticator verified (flag UV)', 'none');
  if ((set & flags.be) === 0 && (set & flags.bs) !== 0) throw refuse('no BS without BE', 'one');
  if ((set & (flags.at | flags.ed)) !== 0) throw refuse('neither a new key nor extensions (flags AT, ED)', 'one');
  if (data.length !== 37) throw refuse('37 bytes', `${data.length} bytes`);
}

/** ES256 is ECDSA on P-256 with SHA-256 in DER (section 6.5.5); OpenSSL refuses DER of another spelling, and bytes behind it. */
function holds(signed: Buffer, signature: Buffer, { algorithm, publicKey }: Passkey): boolean {
  const digest = algorithm === 'es256' ? 'sha256' : null;
  if (algorithm === 'ed25519' && signature.length !== 64) return false;
  const key: { key: KeyObject; dsaEncoding: 'der' } = { key: publicKey, dsaEncoding: 'der' };
  return verify(digest, signed, key, signature);
}
