import type { CanonValue } from '../canon.ts';
import type { ColumnTolerance } from '../dataset.ts';

/** True where a declared tolerance takes two unequal values for the same. Null is like nothing but null. */
export function tolerates(source: CanonValue, target: CanonValue, { kind, amount }: ColumnTolerance): boolean {
  if (source === null || target === null) return false;
  if (kind === 'ulp' || kind === 'absolute' || kind === 'relative')
    return isClose(source, target, kind, Number(amount));
  return folds[kind](source) === folds[kind](target);
}

const folds = {
  trim: (text: string): string => text.trim(),
  case: (text: string): string => text.toLowerCase(),
  nfc: (text: string): string => text.normalize('NFC'),
  newline: (text: string): string => text.replaceAll(/\r\n?/g, '\n'),
};

function isClose(source: string, target: string, kind: 'ulp' | 'absolute' | 'relative', amount: number): boolean {
  const [a, b] = [Number(source), Number(target)];
  if (!Number.isFinite(a) || !Number.isFinite(b) || !Number.isFinite(amount) || amount < 0) return false;
  if (kind === 'absolute') return Math.abs(a - b) <= amount;
  if (kind === 'relative') return Math.abs(a - b) <= amount * Math.max(Math.abs(a), Math.abs(b));
  const steps = orderOf(a) - orderOf(b);
  return (steps < 0n ? -steps : steps) <= BigInt(Math.floor(amount));
}

/** The place of a double among all doubles: neighbours are one apart (IEEE 754-2019, 5.10: sign and magnitude order). */
function orderOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fff_ffff_ffff_ffffn) : bits;
}
