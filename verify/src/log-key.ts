import type { KeyObject } from 'node:crypto';

import { decodeBase64, encodeBase64 } from './base64.ts';
import { privateKeyFromPem, privateKeyFromSeed, publicKeyFromRaw, rawPublicKey } from './ed25519.ts';
import { FormatError, quoteShort } from './format-error.ts';
import { sha256Hex } from './sha256.ts';

/** Signature type byte of Ed25519 in a signed note (C2SP signed-note, "Signature types"). */
const ed25519Type = 0x01;

/** Whom a note is checked against: the name and key id that stand on its signature lines, and the key. */
export interface LogVerifier {
  name: string;
  /** First four bytes of `SHA-256(name || 0x0A || type || key)`, as 8 hex characters. */
  keyId: string;
  publicKey: KeyObject;
  /** `name+keyId+base64(type || key)`: how the key is handed on, pinned and printed. */
  text: string;
}

/** A log's own key: a verifier, and the half that signs. */
export interface LogKey extends LogVerifier {
  privateKey: KeyObject;
}

/** The signing key of a log, from a 32-byte seed or a PKCS #8 PEM. The name is the log's origin, without spaces or `+`. */
export function createLogKey(name: string, secret: Uint8Array | string): LogKey {
  const privateKey = typeof secret === 'string' ? privateKeyFromPem(secret) : privateKeyFromSeed(secret);
  return { ...toLogVerifier(name, rawPublicKey(privateKey)), privateKey };
}

/** The verifier behind `name+keyId+base64`, checked in every part. */
export function parseLogVerifier(text: string): LogVerifier {
  const where = 'log key';
  const parts = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/su.exec(text);
  if (parts === null) throw new FormatError({ where, expected: 'name+8 hex digits+base64', got: quoteShort(text) });
  const [, name = '', keyId = '', encoded = ''] = parts;
  const key = decodeBase64(encoded, where);
  if (key.length !== 33 || key[0] !== ed25519Type) {
    const got = key.length === 0 ? 'nothing' : `type ${key[0]} and ${key.length - 1} bytes`;
    throw new FormatError({ where, expected: 'type 1 (Ed25519) and 32 bytes', got });
  }
  const verifier = toLogVerifier(name, key.subarray(1));
  if (verifier.keyId !== keyId) throw new FormatError({ where, expected: `key id ${verifier.keyId}`, got: keyId });
  return verifier;
}

/** Whether text may name a key: not empty, no Unicode space, no `+` (C2SP signed-note, "Format"), nothing unprintable. */
export function isKeyName(text: string): boolean {
  return /^[^\s+\p{C}\p{Z}]+$/u.test(text);
}

function toLogVerifier(name: string, raw: Buffer): LogVerifier {
  if (!isKeyName(name)) {
    throw new FormatError({ where: 'log key name', expected: 'a name without spaces or "+"', got: quoteShort(name) });
  }
  const typed = Buffer.concat([Buffer.of(ed25519Type), raw]);
  const keyId = sha256Hex(Buffer.concat([Buffer.from(`${name}\n`), typed])).slice(0, 8);
  return { name, keyId, publicKey: publicKeyFromRaw(raw), text: `${name}+${keyId}+${encodeBase64(typed)}` };
}
