import { UnreadableValue } from './unreadable-value.ts';

const plain = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,5}))?$/;
/** A decimal without a sign or zeros that its canonical text would not have, but for zeros at its end. */
const tidy = /^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d+)$/;
const specials: { readonly [text: string]: string } = {
  nan: 'NaN',
  infinity: 'Infinity',
  '+infinity': 'Infinity',
  inf: 'Infinity',
  '-infinity': '-Infinity',
  '-inf': '-Infinity',
};

/** A number as its digits: `negative`, and the value is `digits` divided by ten to the power of `scale`. */
interface Digits {
  negative: boolean;
  digits: string;
  scale: number;
}

/** Returns the canonical text of a whole number of any size; `5.00` and `5e2` are whole numbers, `5.1` throws `UnreadableValue`. */
export function toInteger(text: string): string {
  if (/^(?:0|-?[1-9]\d*)$/.test(text)) return text;
  const { negative, digits, scale } = readDigits(text, 'a whole number');
  const whole = digits.length > scale ? digits.slice(0, digits.length - scale) : '0';
  if (/[1-9]/.test(digits.slice(whole === '0' ? 0 : whole.length)) && scale > 0) {
    throw new UnreadableValue('a whole number');
  }
  return sign(negative, trimZeros(whole));
}

/**
 * Returns the canonical text of a decimal: at `scale` digits after the point, rounded half away from zero as both Postgres and MySQL do; with a scale of
 * null all digits without trailing zeros.
 */
export function toDecimal(text: string, scale: number | null): string {
  if (isTidy(text, scale)) return text;
  const special = specials[text.toLowerCase()];
  if (special !== undefined) return special;
  const read = readDigits(text, 'a decimal number');
  const { negative, digits, scale: found } = scale === null ? read : roundTo(read, scale);
  const padded = digits.padStart(found + 1, '0');
  const whole = trimZeros(padded.slice(0, padded.length - found));
  const fraction = padded.slice(padded.length - found);
  const shown = scale === null ? fraction.replace(/0+$/, '') : fraction;
  return sign(negative, shown === '' ? whole : `${whole}.${shown}`);
}

/** What engines write for a column of this scale; `-0.00` is none, having no sign to keep. */
function isTidy(text: string, scale: number | null): boolean {
  if (!tidy.test(text) || text.startsWith('-0')) return false;
  const point = text.indexOf('.');
  const digits = point === -1 ? 0 : text.length - point - 1;
  return scale === null ? digits === 0 || !text.endsWith('0') : digits === scale;
}

/** Returns the canonical text of a product of two decimals, with all its digits. */
export function multiplyDecimals(a: string, b: string): string {
  const [one, other] = [readDigits(a, 'a decimal number'), readDigits(b, 'a decimal number')];
  const digits = String(BigInt(one.digits) * BigInt(other.digits));
  const text = digits.padStart(one.scale + other.scale + 1, '0');
  const at = text.length - one.scale - other.scale;
  return toDecimal(`${one.negative === other.negative ? '' : '-'}${text.slice(0, at)}.${text.slice(at)}`, null);
}

/** Returns below zero, zero or above it as the first of two canonical integers or decimals is less than, equal to or greater than the other; null where one is `NaN`. */
export function compareDecimals(a: string, b: string): number | null {
  if (a === 'NaN' || b === 'NaN') return null;
  if (a.endsWith('Infinity') || b.endsWith('Infinity')) return rankOf(a) - rankOf(b);
  const [one, other] = [readDigits(a, 'a decimal number'), readDigits(b, 'a decimal number')];
  const scale = Math.max(one.scale, other.scale);
  const difference = toUnits(one, scale) - toUnits(other, scale);
  return difference < 0n ? -1 : Number(difference > 0n);
}

function rankOf(text: string): number {
  if (!text.endsWith('Infinity')) return 0;
  return text.startsWith('-') ? -1 : 1;
}

function toUnits({ negative, digits, scale }: Digits, wanted: number): bigint {
  const units = BigInt(digits) * 10n ** BigInt(wanted - scale);
  return negative ? -units : units;
}

function readDigits(text: string, expected: string): Digits {
  const match = plain.exec(text);
  const [, written = '', whole = '', fraction = '', power = '0'] = match ?? [];
  if (match === null || whole + fraction === '') throw new UnreadableValue(expected);
  const scale = fraction.length - Number(power);
  const digits = whole + fraction;
  return {
    negative: written === '-',
    digits: scale < 0 ? digits + '0'.repeat(-scale) : digits,
    scale: Math.max(0, scale),
  };
}

function roundTo(read: Digits, scale: number): Digits {
  if (read.scale <= scale) return { ...read, digits: read.digits + '0'.repeat(scale - read.scale), scale };
  const padded = read.digits.padStart(read.scale + 1, '0');
  const cut = padded.length - (read.scale - scale);
  const kept = BigInt(padded.slice(0, cut)) + (padded.charCodeAt(cut) >= 53 ? 1n : 0n);
  return { negative: read.negative, digits: String(kept), scale };
}

function trimZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '') || '0';
}

/** Only a float knows a negative zero. */
function sign(negative: boolean, text: string): string {
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}
