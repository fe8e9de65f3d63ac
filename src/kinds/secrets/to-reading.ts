import type { SecretReading, SecretReference } from '../../core/secret/secret.ts';
import { SecretValue } from '../../core/secret/secret-value.ts';
import { failedReading } from './failed-reading.ts';

/** Secrets are small; whatever is larger is a wrong path. */
export const maxSecretBytes = 64 * 1024;

/** The bytes of a store as a reading: nothing, and too much, is a failure. Takes the bytes over. */
export function toReading(
  secret: SecretReference,
  bytes: Uint8Array,
  found: { version: string | null; createdAt: string | null } = { version: null, createdAt: null },
): SecretReading {
  if (bytes.length === 0)
    return failedReading(secret, 'empty', 'expected a value, got an empty one', 'put the value into its store');
  if (bytes.length > maxSecretBytes) {
    bytes.fill(0);
    return failedReading(
      secret,
      'too_large',
      `expected ${maxSecretBytes} bytes at most, got more`,
      'check where the reference points',
    );
  }
  return { state: 'resolved', value: new SecretValue(secret.id, bytes), ...found };
}

/** Bytes without the one line break that editors leave at the end of a file. Works on the same memory, so that there is no second copy. */
export function withoutLastLineBreak(bytes: Uint8Array): Uint8Array {
  if (bytes.at(-1) !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}

/** The value under a key of a JSON object; without a key, its only value. Only texts are values. */
export function pickValue(
  secret: SecretReference,
  fields: unknown,
  key: string | null,
): { ok: true; text: string } | { ok: false; failed: SecretReading } {
  const fail = (code: 'missing' | 'unreadable', says: string): { ok: false; failed: SecretReading } => ({
    ok: false,
    failed: failedReading(secret, code, says, 'name one key of the secret in the reference'),
  });
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    return fail('unreadable', 'expected named values, got something else');
  const names = Object.keys(fields);
  if (key === null && names.length !== 1)
    return fail('unreadable', `expected one value or a key, got ${names.length} values`);
  const name = key ?? names[0]!;
  if (!Object.hasOwn(fields, name)) return fail('missing', `expected the key ${name}, got ${names.length} others`);
  const value: unknown = (fields as { [name: string]: unknown })[name];
  return typeof value === 'string'
    ? { ok: true, text: value }
    : fail('unreadable', `expected a text under ${name}, got ${typeof value}`);
}
