import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { decodeBase64, encodeBase64 } from './base64.ts';
import { publicKeyFromRaw, rawPublicKey } from './ed25519.ts';
import { FormatError, quoteShort } from './format-error.ts';

/** DER in front of an uncompressed point of P-256 (RFC 5480 section 2). */
const p256Prefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
const forms = '"ed25519:", "webauthn-es256:RPID:" or "webauthn-ed25519:RPID:" and base64';

/**
 * The public half of what a person signs with. An `ed25519` key lies in a file and signs the statement itself; a passkey
 * stays in its authenticator, answers only the site `rpId`, and signs a WebAuthn assertion over the digest of the statement.
 */
export type PersonKey =
  | { kind: 'ed25519'; publicKey: KeyObject }
  | { kind: 'passkey'; algorithm: 'es256' | 'ed25519'; rpId: string; publicKey: KeyObject };

/**
 * The public key behind `ed25519:BASE64`, `webauthn-es256:RPID:BASE64` (65 bytes, SEC 1 section 2.3.3 uncompressed) or
 * `webauthn-ed25519:RPID:BASE64`; any other algorithm is refused, and so is a point that is not on the curve.
 */
export function parsePersonKey(text: string, where = 'person key'): PersonKey {
  const passkey = /^webauthn-(es256|ed25519):([^:]*):([^:]*)$/u.exec(text);
  if (passkey !== null) {
    const [, algorithm = '', rpId = '', encoded = ''] = passkey;
    if (!isRpId(rpId)) throw new FormatError({ where, expected: 'a domain in lower case', got: quoteShort(rpId) });
    const raw = decodeBase64(encoded, where);
    return algorithm === 'es256'
      ? { kind: 'passkey', algorithm, rpId, publicKey: publicKeyFromPoint(raw, where) }
      : { kind: 'passkey', algorithm: 'ed25519', rpId, publicKey: toEd25519(raw, where) };
  }
  const [, encoded] = /^ed25519:(.*)$/su.exec(text) ?? [];
  if (encoded === undefined) throw new FormatError({ where, expected: forms, got: quoteShort(text) });
  return { kind: 'ed25519', publicKey: toEd25519(decodeBase64(encoded, where), where) };
}

/** How the public key of a person's key file is declared in a launch document and written beside a signature. */
export function formatPersonKey(key: KeyObject): string {
  return `ed25519:${encodeBase64(rawPublicKey(key))}`;
}

/** How the public key of a passkey, made for the site `rpId`, is declared in a launch document and written beside a signature. */
export function formatPasskey(rpId: string, key: KeyObject): string {
  const text =
    key.asymmetricKeyType === 'ed25519'
      ? `webauthn-ed25519:${rpId}:${encodeBase64(rawPublicKey(key))}`
      : `webauthn-es256:${rpId}:${encodeBase64(key.export({ format: 'der', type: 'spki' }).subarray(p256Prefix.length))}`;
  parsePersonKey(text, 'passkey');
  return text;
}

/** Whether a declared key is a passkey, whose holder signs in the browser and nowhere else. */
export function isPasskey(key: string): boolean {
  return key.startsWith('webauthn-');
}

/** Whether a host may speak for a site: the site itself, or a domain below it (HTML, "is a registrable domain suffix of or is equal to"). */
export function isHostOf(host: string, rpId: string): boolean {
  return host === rpId || host.endsWith(`.${rpId}`);
}

/** A valid domain (W3C WebAuthn Level 3, section 4, "Relying Party Identifier"): never an address, never a port. */
function isRpId(text: string): boolean {
  const labels = text.split('.');
  return (
    text.length <= 253 &&
    labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/u.test(label)) &&
    !/^\d+$/u.test(labels.at(-1) ?? '')
  );
}

function toEd25519(raw: Buffer, where: string): KeyObject {
  if (raw.length !== 32) throw new FormatError({ where, expected: '32 bytes', got: `${raw.length} bytes` });
  return publicKeyFromRaw(raw);
}

function publicKeyFromPoint(point: Buffer, where: string): KeyObject {
  const expected = 'an uncompressed point of P-256, 65 bytes';
  if (point.length !== 65 || point[0] !== 0x04) {
    throw new FormatError({ where, expected, got: `${point.length} bytes, the first ${point[0] ?? 'missing'}` });
  }
  try {
    return createPublicKey({ key: Buffer.concat([p256Prefix, point]), format: 'der', type: 'spki' });
  } catch {
    throw new FormatError({ where, expected, got: 'a point that is not on the curve' });
  }
}
