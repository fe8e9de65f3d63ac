import { UnreadableValue } from './unreadable-value.ts';

const specials: { readonly [text: string]: number } = {
  nan: Number.NaN,
  infinity: Infinity,
  inf: Infinity,
  '-infinity': -Infinity,
  '-inf': -Infinity,
};

/** Decimals of so many digits stand for doubles of their own (IEEE 754, 15 digits of decimal precision), so that none of them has a shorter text. */
const surelyExact = 15;
/** Without zeros at the end, and from 1e-4: as `writeFloat` lays it out. */
const tidy = /^-?(?:0|[1-9]\d*)(?:\.(?!0000)\d*[1-9])?$|^-?[1-9]\d*\.\d*[1-9]$/;
const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Returns the canonical text of a double that an engine wrote as text, in whatever way. */
export function toFloat(text: string): string {
  if (text.length <= surelyExact && tidy.test(text)) return text;
  if (number.test(text)) return writeFloat(Number(text));
  const special = specials[text.toLowerCase()];
  if (special === undefined) throw new UnreadableValue('a floating-point number');
  return writeFloat(special);
}

/**
 * Returns the canonical text of a double: the fewest digits that read back to it, laid out as Postgres does (plain from 1e-4 to 1e15, else `1e+15`), so that the
 * rows of one engine need no second look.
 */
export function writeFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  return isPlainSize(Math.abs(value)) ? String(value) : writePower(value);
}

function isPlainSize(size: number): boolean {
  return size >= 1e-4 && size < 1e15;
}

function writePower(value: number): string {
  const [digits = '', power = ''] = shortest(value).split('e');
  const exponent = Math.abs(Number(power));
  return `${digits}e${Number(power) < 0 ? '-' : '+'}${String(exponent).padStart(2, '0')}`;
}

/** Digits that lie exactly between two doubles read back only by the rule of ties; Postgres does not rely on it and writes one digit more. */
function shortest(value: number): string {
  const text = value.toExponential();
  if (!isTie(text, value)) return text;
  for (let digits = (text.indexOf('e') === 1 ? 1 : text.indexOf('e') - 1) + 1; digits < 17; digits += 1) {
    const longer = value.toExponential(digits - 1);
    if (Number(longer) === value && !isTie(longer, value)) return longer;
  }
  return value.toExponential(16);
}

/** Only whole numbers beyond the 54 bits of a double and its half can lie between two of them with 17 digits or fewer. */
function isTie(text: string, value: number): boolean {
  const size = Math.abs(value);
  if (size < 2 ** 54 || size > 1e40) return false;
  const [mantissa = '', power = '0'] = text.replace('-', '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const written = BigInt(whole + fraction) * 10n ** BigInt(Number(power) - fraction.length);
  const gap = 2n ** BigInt(Math.floor(Math.log2(size)) - 52);
  const distance = written - BigInt(size);
  const away = distance < 0n ? -distance : distance;
  return away * 2n === gap || away * 4n === gap;
}
