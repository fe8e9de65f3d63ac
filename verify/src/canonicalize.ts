import { FormatError, quoteShort } from './format-error.ts';

/** Deeper values are refused: no record of ours is deeper, and hostile nesting would end in a stack overflow. */
export const maxDepth = 128;

/** Printable ASCII without quote and backslash: most of what records hold, and nothing that has to be escaped. */
const plain = /^[ !#-[\]-~]*$/;

/**
 * The RFC 8785 (JCS) form of a value: no white space, keys in UTF-16 order, numbers and strings as ECMAScript writes them.
 *
 * Refuses what I-JSON cannot carry (`undefined`, functions, bigint, NaN, infinities, lone surrogates) instead of dropping
 * it as `JSON.stringify` would: a field that vanishes from the signed bytes is a field that anyone can change.
 * Refuses a member named `__proto__`, too: a reader in this language may lose it, so nothing that holds one is ever sealed.
 */
export function canonicalize(value: unknown): string {
  return writeValue(value, 0, []);
}

/** `path` is grown and shrunk in place, so that an error can name the place without paying for it on every value. */
function writeValue(value: unknown, depth: number, path: (string | number)[]): string {
  switch (typeof value) {
    case 'string':
      return writeString(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw refuse(path, 'a finite number', String(value));
      // RFC 8785 section 3.2.2.3: the ECMAScript form; minus zero is written as 0.
      return String(value === 0 ? 0 : value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth >= maxDepth) throw refuse(path.slice(0, 4), `at most ${maxDepth} levels of nesting`, 'more');
      return Array.isArray(value) ? writeArray(value, depth, path) : writeObject(value, depth, path);
    default:
      throw refuse(path, 'a JSON value', typeof value);
  }
}

function writeString(text: string, path: (string | number)[]): string {
  if (plain.test(text)) return `"${text}"`;
  // RFC 8785 section 3.2.2.2: lone surrogates end in an error. JSON.stringify would escape them.
  if (!text.isWellFormed()) throw refuse(path, 'well-formed Unicode', `a lone surrogate in ${quoteShort(text)}`);
  return JSON.stringify(text);
}

function writeArray(items: readonly unknown[], depth: number, path: (string | number)[]): string {
  let out = '[';
  for (let index = 0; index < items.length; index += 1) {
    path.push(index);
    out += (index === 0 ? '' : ',') + writeValue(items[index], depth + 1, path);
    path.pop();
  }
  return `${out}]`;
}

function writeObject(value: object, depth: number, path: (string | number)[]): string {
  if (!isPlainObject(value)) {
    throw refuse(path, 'a plain object', `an instance of ${quoteShort(value.constructor?.name ?? 'unknown')}`);
  }
  let out = '{';
  // Without a comparator strings are ordered by UTF-16 code units, which RFC 8785 section 3.2.3 asks for.
  for (const key of Object.keys(value).toSorted()) {
    if (key === '__proto__') throw refuse(path, 'no member named __proto__', 'one');
    path.push(key);
    out += `${out.length === 1 ? '' : ','}${writeString(key, path)}:${writeValue(value[key], depth + 1, path)}`;
    path.pop();
  }
  return `${out}}`;
}

/** Dates, maps and class instances have state that JSON would lose. */
function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function refuse(path: readonly (string | number)[], expected: string, got: string): FormatError {
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return new FormatError({ where: `canonical JSON at $${place}`, expected, got });
}
