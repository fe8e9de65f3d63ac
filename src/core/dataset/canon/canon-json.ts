import { UnreadableValue } from './unreadable-value.ts';

type Exact = null | boolean | string | ExactNumber | Exact[] | { [key: string]: Exact };

/** A number as it has to be shown. */
class ExactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Returns the canonical text of a JSON document: RFC 8785, and a number that a double does not hold exactly stands as it was written, since two such
 * numbers may read to one double.
 */
export function toCanonJson(text: string): string {
  return write(parse(text));
}

function parse(text: string): Exact {
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? new ExactNumber(exactText(value, context?.source ?? String(value))) : value,
    ) as Exact;
  } catch {
    throw new UnreadableValue('a JSON document');
  }
}

function exactText(value: number, source: string): string {
  if (!Number.isFinite(value)) return source;
  const shown = String(Object.is(value, -0) ? 0 : value);
  return normalize(source) === normalize(shown) ? shown : normalize(source);
}

/** Digits without a point and the power of ten that goes with them: the same for every way to write a number. */
function normalize(text: string): string {
  const [, minus = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  const exponent = BigInt(power) - BigInt(fraction.length) + BigInt(digits.length - kept.length);
  return `${minus}${kept}${exponent === 0n ? '' : `e${exponent}`}`;
}

function write(value: Exact): string {
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const names = Object.keys(value).toSorted((a, b) => (a < b ? -1 : 1));
  return `{${names.map((name) => `${JSON.stringify(name)}:${write(value[name]!)}`).join(',')}}`;
}
