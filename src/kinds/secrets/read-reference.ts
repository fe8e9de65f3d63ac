import type { SecretReading, SecretReference } from '../../core/secret/secret.ts';
import { failedReading } from './failed-reading.ts';

/** A reference, read: what the store knows it by, the key inside it, and the version. */
export interface ReadReference {
  target: string;
  key: string | null;
  version: string | null;
}

export type ReferenceReading = { ok: true; reference: ReadReference } | { ok: false; failed: SecretReading };

/** Reads `{ KIND: target, key, version }`. Keys beyond the allowed ones, other types and control characters are refused. */
export function readReference(
  secret: SecretReference,
  kind: string,
  further: readonly ('key' | 'version')[] = [],
): ReferenceReading {
  const known: string[] = [kind, ...further];
  const refuse = (expected: string, got: string): ReferenceReading => ({
    ok: false,
    failed: failedReading(
      secret,
      'reference_invalid',
      `expected ${expected}, got ${got}`,
      `write a reference such as { ${kind}: NAME }`,
    ),
  });
  const unknown = Object.keys(secret.reference).filter((name) => !known.includes(name));
  if (unknown.length > 0) return refuse(`only ${known.join(', ')}`, `${unknown.length} further keys`);
  const read = (name: string): string | null | undefined => {
    const value = Object.hasOwn(secret.reference, name) ? secret.reference[name] : null;
    if (value === null) return null;
    const text = typeof value === 'number' ? String(value) : value;
    return typeof text === 'string' && text.trim() !== '' && !/[\u0000-\u001f\u007f]/.test(text) ? text : undefined;
  };
  const [target, key, version] = [read(kind), read('key'), read('version')];
  if (typeof target !== 'string') return refuse(`a text under ${kind}`, 'something else');
  if (key === undefined || version === undefined) return refuse('texts under key and version', 'something else');
  return { ok: true, reference: { target, key, version } };
}
