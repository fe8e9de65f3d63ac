import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { FormatError } from './format-error.ts';

/** DER in front of the 32 bytes of a public key (RFC 8410 section 4) and of a seed (RFC 8410 section 7). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The private key behind a 32-byte seed (RFC 8032 section 5.1.5). */
export function privateKeyFromSeed(seed: Uint8Array): KeyObject {
  if (seed.length !== 32) throw keyError('private key', 'a seed of 32 bytes', `${seed.length} bytes`);
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
}

/** The private key in a PKCS #8 PEM; any algorithm but Ed25519 is refused. */
export function privateKeyFromPem(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    // The message of the cause never holds key material, only what the parser stumbled over.
    throw keyError('private key', 'an unencrypted PKCS #8 PEM', error instanceof Error ? error.message : 'no PEM');
  }
  if (key.asymmetricKeyType !== 'ed25519') throw keyError('private key', 'Ed25519', String(key.asymmetricKeyType));
  return key;
}

/** The public key behind 32 raw bytes (RFC 8032 section 5.1.5). */
export function publicKeyFromRaw(raw: Uint8Array): KeyObject {
  if (raw.length !== 32) throw keyError('public key', '32 bytes of Ed25519', `${raw.length} bytes`);
  return createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' });
}

/** The 32 raw bytes of the public half of an Ed25519 key. */
export function rawPublicKey(key: KeyObject): Buffer {
  const half = key.type === 'private' ? createPublicKey(key) : key;
  if (half.asymmetricKeyType !== 'ed25519') throw keyError('public key', 'Ed25519', String(half.asymmetricKeyType));
  return half.export({ format: 'der', type: 'spki' }).subarray(spkiPrefix.length);
}

/** The 64 bytes of an Ed25519 signature (RFC 8032 section 5.1.6); the same message and key always give the same bytes. */
export function signEd25519(message: Uint8Array, key: KeyObject): Buffer {
  return sign(null, message, key);
}

/** Whether 64 bytes are this key's signature over the message. Any other length is no signature. */
export function isSignedBy(message: Uint8Array, signature: Uint8Array, key: KeyObject): boolean {
  return signature.length === 64 && key.asymmetricKeyType === 'ed25519' && verify(null, message, key, signature);
}

function keyError(where: string, expected: string, got: string): FormatError {
  return new FormatError({ where, expected, got });
}
