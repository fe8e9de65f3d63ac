import type { CanonType } from '../canon.ts';

/** True where one of two unequal values is the other with fewer digits: cut or rounded, of a number or of a second. */
export function isLessPrecise(a: string, b: string, type: CanonType): boolean {
  if (type === 'float') return isNearby(Number(a), Number(b));
  const [one, other] = [split(a), split(b)];
  if (one === null || other === null) return false;
  const [less, more] = one.digits.length <= other.digits.length ? [one, other] : [other, one];
  if (less.digits.length === more.digits.length) return endsInZeros(one, other);
  return isCut(less, more) || isRounded(less, more);
}

interface Parts {
  head: string;
  digits: string;
  tail: string;
}

/** Everything before the last point, the digits behind it, and what follows them. */
function split(text: string): Parts | null {
  const parts = /^(.*?\d)(?:\.(\d+))?(Z?)$/.exec(text);
  return parts === null ? null : { head: parts[1] ?? '', digits: parts[2] ?? '', tail: parts[3] ?? '' };
}

function isCut(less: Parts, more: Parts): boolean {
  return less.head === more.head && less.tail === more.tail && more.digits.startsWith(less.digits);
}

/** Only where nothing is carried into the head: a carry across a minute is named `value`, which is never wrong. */
function isRounded(less: Parts, more: Parts): boolean {
  if (less.tail !== more.tail) return false;
  const places = less.digits.length;
  const whole = BigInt(`1${more.digits.slice(0, places)}`) + (Number(more.digits[places]) >= 5 ? 1n : 0n);
  const rounded = whole.toString();
  if (rounded.startsWith('1')) return less.head === more.head && rounded.slice(1) === less.digits;
  return /^-?\d+$/.test(more.head) && isNext(more.head, less.head) && /^0*$/.test(less.digits);
}

function isNext(from: string, to: string): boolean {
  const step = from.startsWith('-') ? -1n : 1n;
  return BigInt(from) + step === BigInt(to);
}

/** `05.123456` and `05.123000`: as many digits written, fewer that say something. */
function endsInZeros(a: Parts, b: Parts): boolean {
  if (a.head !== b.head || a.tail !== b.tail) return false;
  const [one, other] = [a.digits.replace(/0+$/, ''), b.digits.replace(/0+$/, '')];
  return one !== other && (one.startsWith(other) || other.startsWith(one));
}

/** As far apart as a detour over `real`, or over a text of 15 digits, takes two doubles. */
function isNearby(a: number, b: number): boolean {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.fround(a) === Math.fround(b) || a.toPrecision(15) === b.toPrecision(15);
}
