import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** A public key on P-256 for ES256 in the one spelling that CTAP 2.1 (section 8) allows, around the two coordinates (RFC 9053, 7.1.1). */
const coseEs256 = /^a5010203262001215820([0-9a-f]{64})225820([0-9a-f]{64})$/;

/** Returns the uncompressed point (SEC 1, 2.3.3) of a passkey's stored key, 65 bytes; null for a key of another kind. */
export function toPoint(publicKey: string): Buffer | null {
  const [, x, y] = coseEs256.exec(Buffer.from(publicKey, 'base64').toString('hex')) ?? [];
  return x === undefined || y === undefined ? null : Buffer.from(`04${x}${y}`, 'hex');
}

/** Returns the key as a launch document declares it beside a person; null for a key of another kind. */
export function toDeclaredKey(publicKey: string, rpId: string): string | null {
  const point = toPoint(publicKey);
  return point === null ? null : `webauthn-es256:${rpId}:${point.toString('base64')}`;
}

/** Returns the key for checking signatures; null for a key of another kind. */
export function toPublicKey(publicKey: string): KeyObject | null {
  const point = toPoint(publicKey);
  if (point === null) return null;
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, format: 'jwk' });
}
