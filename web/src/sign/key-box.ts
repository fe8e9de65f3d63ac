import { openDB } from 'idb';
import type { IDBPDatabase } from 'idb';

/** DER in front of the 32 bytes of a public key (RFC 8410 section 4). */
const spkiLength = 44;

interface StoredKey {
  person: string;
  /** As the launch declares it. */
  key: string;
  /** Cannot be taken out again: the browser signs with it and shows it to nobody. */
  privateKey: CryptoKey;
}

/** The key of a person that was loaded into this browser and fits the declared one; null where there is none. */
export async function findKey(person: string, key: string): Promise<CryptoKey | null> {
  const kept = (await (await openBox()).get('keys', `${person} ${key}`)) as StoredKey | undefined;
  return kept?.privateKey ?? null;
}

/**
 * Loads a key file as "tminus key create" writes it (PKCS #8 in PEM) for a person. Returns whether it fits the declared public key; one that does not is
 * not kept. Throws where the file is no such key, or the browser knows no Ed25519.
 */
export async function loadKey(person: string, key: string, pem: string): Promise<boolean> {
  const der = fromPem(pem);
  const pair = await crypto.subtle.importKey('pkcs8', der, 'Ed25519', true, ['sign']);
  if ((await publicKeyOf(pair)) !== key) return false;
  const privateKey = await crypto.subtle.importKey('pkcs8', der, 'Ed25519', false, ['sign']);
  const kept: StoredKey = { person, key, privateKey };
  await (await openBox()).put('keys', kept, `${person} ${key}`);
  return true;
}

/** Forgets one key of a person. */
export async function forgetKey(person: string, key: string): Promise<void> {
  await (await openBox()).delete('keys', `${person} ${key}`);
}

async function publicKeyOf(privateKey: CryptoKey): Promise<string> {
  const { x = '', ...rest } = await crypto.subtle.exportKey('jwk', privateKey);
  const publicKey = await crypto.subtle.importKey('jwk', toPublic(rest, x), 'Ed25519', true, ['verify']);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  const raw = spki.subarray(spkiLength - 32);
  return `ed25519:${btoa(Array.from(raw, (byte) => String.fromCharCode(byte)).join(''))}`;
}

function toPublic({ kty, crv }: JsonWebKey, x: string): JsonWebKey {
  return { kty: kty ?? 'OKP', crv: crv ?? 'Ed25519', x, key_ops: ['verify'], ext: true };
}

function fromPem(pem: string): Uint8Array<ArrayBuffer> {
  const [, body = ''] = /-----BEGIN PRIVATE KEY-----([\s\S]+?)-----END PRIVATE KEY-----/u.exec(pem) ?? [];
  const text = atob(body.replaceAll(/\s/gu, ''));
  if (text === '') throw new TypeError('expected a private key in PEM, got something else');
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function openBox(): Promise<IDBPDatabase> {
  return openDB('tminus-keys', 1, { upgrade: (database) => void database.createObjectStore('keys') });
}
