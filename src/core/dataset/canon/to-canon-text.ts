import type { CanonColumn } from '../canon.ts';
import { toCanonJson } from './canon-json.ts';
import { toFloat } from './float.ts';
import { toDecimal, toInteger } from './numbers.ts';
import { toDate, toTime, toTimestamp, toTimestampTz } from './times.ts';
import { UnreadableValue } from './unreadable-value.ts';

type Column = Pick<CanonColumn, 'type' | 'scale'>;

const booleans: { readonly [text: string]: string } = {
  true: 'true',
  t: 'true',
  1: 'true',
  false: 'false',
  f: 'false',
  0: 'false',
};
const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Returns the canonical text of a value that an engine wrote as text. Throws `UnreadableValue` where it has none as the type of the column: a `2` is no
 * boolean, a time without a zone no point in time.
 */
export function toCanonText(text: string, column: Column): string {
  switch (column.type) {
    case 'integer':
      return toInteger(text);
    case 'decimal':
      return toDecimal(text, column.scale);
    case 'float':
      return toFloat(text);
    case 'boolean':
      return booleans[text] ?? booleans[text.toLowerCase()] ?? refuse('true or false');
    case 'text':
      return text;
    case 'timestamptz':
      return toTimestampTz(text, column.scale);
    case 'timestamp':
      return toTimestamp(text, column.scale);
    case 'date':
      return toDate(text);
    case 'time':
      return toTime(text, column.scale);
    case 'uuid':
      return toUuid(text);
    case 'bytes':
      return /^(?:[0-9a-f]{2})*$/i.test(text) ? text.toLowerCase() : refuse('bytes in hex');
    case 'json':
      return toCanonJson(text);
  }
}

/** Returns the canonical text of raw bytes: of bytes their hex, of a uuid 16 of them, of anything else its UTF-8. */
export function toCanonBytes(bytes: Uint8Array, column: Column): string {
  if (column.type === 'bytes') return toHex(bytes);
  if (column.type === 'uuid' && bytes.length === 16) return toUuid(toHex(bytes));
  return toCanonText(decodeUtf8(bytes), column);
}

/** Returns the characters of UTF-8; throws `UnreadableValue` where they are no UTF-8, instead of a replacement that would equal another one. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    throw new UnreadableValue('text in UTF-8');
  }
}

function toUuid(text: string): string {
  if (uuid.test(text)) return text;
  const digits = text.toLowerCase().replaceAll(/[{}-]/g, '');
  if (!/^[0-9a-f]{32}$/.test(digits)) throw new UnreadableValue('a uuid');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexOf[byte] ?? '';
  return text;
}

function refuse(expected: string): never {
  throw new UnreadableValue(expected);
}
