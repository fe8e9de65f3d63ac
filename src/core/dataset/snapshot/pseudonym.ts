import type { CanonType } from '../canon.ts';
import type { PersonalCategory } from '../dataset.ts';
import { keepShape } from './keep-shape.ts';
import type { Mac } from './permute.ts';

/** A column that holds something of a person. */
export interface PersonalColumn {
  name: string;
  type: CanonType;
  category: PersonalCategory;
  /** Characters that the column takes at most; null for any number. */
  limit: number | null;
}

/** What stands in the place of a value: the same for the same value of a category, whatever the table. */
export type Pseudonym = (value: string, column: PersonalColumn) => string;

/** Where addresses of pseudonyms are: nobody can be reached there (RFC 2606, section 2). */
export const pseudonymHost = 'example.invalid';

/** Days that a date moves at most, to either side; never none. */
export const mostDays = 45;

/** Types for which there is a pseudonym; whatever else is personal has to be left out. */
export const pseudonymTypes: ReadonlySet<CanonType> = new Set([
  'text',
  'integer',
  'decimal',
  'uuid',
  'date',
  'timestamp',
  'timestamptz',
  'json',
]);

/** Returns pseudonyms under a key. Throws for a value that has none, without naming it. */
export function createPseudonyms(mac: Mac): Pseudonym {
  return (value, column) => {
    const own: Mac = (text) => mac(`${column.category}:${text}`);
    return value === '' ? '' : fit(toPseudonym(value, column, own), column, () => toHex(own(value), 32));
  };
}

function toPseudonym(value: string, { name, type, category }: PersonalColumn, mac: Mac): string {
  switch (type) {
    case 'integer':
    case 'decimal':
      return keepNumber(value, mac);
    case 'uuid':
      return toUuid(mac(value));
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return shiftDay(value, mac) ?? refuse(name, 'a day of four digits');
    case 'json':
      return JSON.stringify(`scrubbed-${toHex(mac(value), 16)}`);
    case 'text':
      return toText(value, category, mac);
    default:
      return refuse(name, `one of ${[...pseudonymTypes].join(', ')}`);
  }
}

function refuse(name: string, expected: string): never {
  throw new Error(`column ${name}: expected ${expected}, got something else; declare it under redact`);
}

function toText(value: string, category: PersonalCategory, mac: Mac): string {
  const bytes = mac(value);
  switch (category) {
    case 'name':
      return `${toWord(bytes.subarray(0, 6))} ${toWord(bytes.subarray(6, 14))}`;
    case 'email':
      return `${toHex(bytes, 16)}@${pseudonymHost}`;
    case 'address':
      return `${1 + (bytes[0]! % 200)} ${toWord(bytes.subarray(1, 9))} Street`;
    case 'free-text':
      return `scrubbed text ${toHex(bytes, 8)}`;
    case 'birth':
      return shiftDay(value, mac) ?? keepShape(value, mac) ?? toHex(bytes, 16);
    case 'phone':
    case 'account':
      return keepShape(value, mac) ?? toHex(bytes, 32);
    case 'other':
      return `scrubbed-${toHex(bytes, 16)}`;
  }
}

/** Sign, zero and what follows the point stay: they are what sums are tested with. */
function keepNumber(value: string, mac: Mac): string {
  const digits = /^(-?)([1-9]\d*)(.*)$/.exec(value);
  if (digits === null) return value;
  const [, sign = '', whole = '', rest = ''] = digits;
  return `${sign}${keepShape(whole, mac) ?? whole}${rest}`;
}

function shiftDay(value: string, mac: Mac): string | null {
  const day = /^\d{4}-\d\d-\d\d/.exec(value)?.[0];
  const at = day === undefined || value.endsWith('BC') ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  if (day === undefined || Number.isNaN(at)) return null;
  const [sign = 0, byte = 0] = mac(day);
  const days = (sign % 2 === 0 ? 1 : -1) * (1 + (byte % mostDays));
  const moved = new Date(at + days * 86_400_000).toISOString();
  // The years 0 and 10000 have another form: the other way is inside.
  const inside = /^\d{4}-/.test(moved) ? moved : new Date(at - days * 86_400_000).toISOString();
  return `${inside.slice(0, 10)}${value.slice(10)}`;
}

/** RFC 9562, section 5.8: bits of the maker's own. */
function toUuid(bytes: Uint8Array): string {
  const hex = toHex(bytes, 32);
  const variant = '89ab'[bytes[8]! % 4]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const consonants = 'bdfgklmnprstvwz';
const vowels = 'aeiou';

/** Two bytes a syllable: invented, so that it is nobody's name but by accident. */
function toWord(bytes: Uint8Array): string {
  let word = '';
  for (let at = 0; at + 1 < bytes.length; at += 2)
    word += consonants[bytes[at]! % consonants.length]! + vowels[bytes[at + 1]! % vowels.length]!;
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function toHex(bytes: Uint8Array, length: number): string {
  return [...bytes]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, length);
}

function fit(text: string, { type, limit }: PersonalColumn, toShort: () => string): string {
  if (type !== 'text' || limit === null || text.length <= limit) return text;
  return toShort().slice(0, limit);
}
