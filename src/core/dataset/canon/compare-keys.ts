import type { CanonColumn, CanonRow, CanonValue } from '../canon.ts';

/**
 * Returns below zero, zero or above it as one key comes before another: integers as numbers, everything else by its UTF-8 bytes, column by column, null before all.
 * `types` are those of the columns of the key.
 */
export function compareKeys(a: CanonRow, b: CanonRow, types: readonly CanonColumn['type'][]): number {
  for (const [at, type] of types.entries()) {
    const order = compareParts(a[at] ?? null, b[at] ?? null, type);
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts(a: CanonValue, b: CanonValue, type: CanonColumn['type']): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return type === 'integer' ? compareIntegers(a, b) : compareUtf8(a, b);
}

/** Digits of any size: more digits are a greater number, and equally many compare as text. */
function compareIntegers(a: string, b: string): number {
  const [belowA, belowB] = [a.startsWith('-'), b.startsWith('-')];
  if (belowA !== belowB) return belowA ? -1 : 1;
  const order = a.length - b.length || (a < b ? -1 : 1);
  return belowA ? -order : order;
}

/** Returns the order of two texts by their UTF-8 bytes. JavaScript compares UTF-16 units, in which U+1F600 comes before U+FFFD. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === length) return a.length - b.length;
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}

function rank(unit: number): number {
  if (unit < 0xd8_00) return unit;
  return unit < 0xe0_00 ? unit + 0x20_00 : unit - 0x8_00;
}
