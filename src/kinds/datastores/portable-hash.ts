import { createHash } from 'node:crypto';

import type { CanonColumn, CanonRow, CanonValue } from '../../core/dataset/canon.ts';

/**
 * Returns the text whose MD5 is the portable hash of a row: the values joined by `|`, null as nothing, then the lengths in bytes of texts and bytes, -1 for null. Injective, since
 * only those can hold a `|`. Times have a blank instead of `T`, no `Z` and no zeros at the end: so much less work for the engines that write the same.
 */
export function toPortableText(row: CanonRow, columns: readonly CanonColumn[]): string {
  const values = columns.map(({ type }, at) => toPart(row[at] ?? null, type));
  const lengths = columns.flatMap(({ type }, at) => (isMeasured(type) ? [lengthOf(row[at] ?? null)] : []));
  return [...values, lengths.join(',')].join('|');
}

/** Returns the portable hash of a row: the first 64 bits of an MD5, which every engine has. It finds accidents; it does not withstand somebody who makes collisions. */
export function portableHash(row: CanonRow, columns: readonly CanonColumn[]): bigint {
  return BigInt(`0x${md5(toPortableText(row, columns)).slice(0, 16)}`);
}

/** Returns the bucket of a key among `buckets`, as the engines find it. */
export function portableBucket(key: CanonRow, columns: readonly CanonColumn[], buckets: number): number {
  return Number.parseInt(md5(toPortableText(key, columns)).slice(0, 8), 16) % buckets;
}

/** Whether the length of a value is part of the row: values of other types have no `|` in them and are never empty. */
export function isMeasured(type: CanonColumn['type']): boolean {
  return type === 'text' || type === 'bytes';
}

function toPart(value: CanonValue, type: CanonColumn['type']): string {
  if (value === null) return '';
  if (type === 'timestamptz' || type === 'timestamp')
    return trimFraction(value.replace('T', ' ').replace(/Z(?= BC|$)/, ''));
  return type === 'time' ? trimFraction(value) : value;
}

function trimFraction(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+(?= BC|$)/, '') : text;
}

function lengthOf(value: CanonValue): number {
  return value === null ? -1 : Buffer.byteLength(value);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
