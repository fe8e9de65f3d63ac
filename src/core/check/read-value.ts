import type { JsonValue } from '@tminus/verify';

import type { Operator } from './check.ts';
import type { Cursor } from './cursor.ts';
import { readPattern } from './pattern.ts';
import { readQuoted } from './read-path.ts';

/** Factor of each unit: durations to milliseconds, sizes to bytes, `%` to a fraction of 1. */
const units = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['B', 1],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
  ['%', 0.01],
]);

/** A plain decimal. `1e3`, `007`, `0x10` and `1.8.0` are words: versions, ids and commits must not turn into numbers. */
const number = /(-?(?:0|[1-9]\d*)(?:\.\d+)?)(?=$|[\s,\]]|%|[A-Za-z]{1,3}(?=$|[\s,\]]))/y;
const unit = /[ \t]?(ms|s|m|h|d|B|KB|MB|GB|KiB|MiB|GiB|%)(?=$|[\s,\]])/y;
const template = /\{\{[^{}]*\}\}/y;
const word = /(?:\{\{[^{}]*\}\}|[^\s"'[\],])+/y;

/** Reads the value of an expectation up to the end of the text. */
export function readValue(cursor: Cursor, operator: Operator): JsonValue {
  const start = cursor.at;
  const value = operator === 'matches' ? readPattern(cursor) : readAny(cursor);
  cursor.skipSpace();
  if (!cursor.isAtEnd())
    cursor.refuse('the end of the expectation', 'put a value with spaces, commas or brackets in quotes');
  refuseUseless(cursor, operator, { value, start });
  return value;
}

function readAny(cursor: Cursor): JsonValue {
  return cursor.take(/\[/y) ? readList(cursor) : readScalar(cursor);
}

function readScalar(cursor: Cursor): string | number | boolean | null {
  if (cursor.isAtEnd()) cursor.refuse('a value', 'write what the fact is held against, or use exists');
  const quoted = readQuoted(cursor);
  if (quoted !== null) return quoted;
  const written = readNumber(cursor);
  if (written !== null) return written;
  const bare =
    cursor.take(word) ?? cursor.refuse('a number, a word, a quoted text or a list', 'put the value in quotes');
  if (bare === 'true' || bare === 'false') return bare === 'true';
  return bare === 'null' ? null : bare;
}

function readNumber(cursor: Cursor): number | null {
  const start = cursor.at;
  const digits = cursor.take(number);
  if (digits === null) return null;
  const factor = units.get(cursor.take(unit) ?? '') ?? 1;
  if (!cursor.isAtEnd() && !/[\s,\]]/.test(cursor.text[cursor.at]!)) {
    cursor.at = start;
    return null;
  }
  const value = scale(Number(digits), factor);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
    cursor.refuse('a number of at most 15 digits', 'put an id in quotes: as a number it would lose digits', start);
  return value;
}

/** Multiplies without the binary rest of `0.1 * 1000` or `7 * 0.01`, so that equal quantities compare equal. */
function scale(value: number, factor: number): number {
  const product = factor < 1 ? value / (1 / factor) : value * factor;
  return Number(product.toPrecision(15)) + 0;
}

function readList(cursor: Cursor): JsonValue[] {
  const items: JsonValue[] = [];
  for (;;) {
    cursor.skipSpace();
    if (items.length === 0 && cursor.take(/\]/y)) return items;
    items.push(readScalar(cursor));
    cursor.skipSpace();
    if (cursor.take(/\]/y)) return items;
    if (!cursor.take(/,/y))
      cursor.refuse(', or ] after a value of the list', 'separate the values by commas and close the bracket');
  }
}

/** Refuses values with which the expectation would hold for everything, or could never be decided. */
function refuseUseless(cursor: Cursor, operator: Operator, written: { value: JsonValue; start: number }): void {
  const { value, start } = written;
  const isOrder = operator === '<' || operator === '<=' || operator === '>' || operator === '>=';
  if (isOrder && typeof value !== 'number')
    cursor.refuse(`a number after ${operator}`, 'compare texts with ==, in or matches; text has no order here', start);
  if (operator === 'in' && (!Array.isArray(value) || value.length === 0))
    cursor.refuse('a list with at least one value after in', 'write in [a, b]', start);
  if (operator === 'contains' && value === '')
    cursor.refuse(
      'a text of at least one character',
      'every text contains the empty one, so this could not fail',
      start,
    );
  if (operator === 'contains' && Array.isArray(value))
    cursor.refuse('one value after contains', 'write one expectation for each value', start);
}

/** True where the text holds a template, whose value is known only when the check is planned. */
export function hasTemplate(text: string): boolean {
  return new RegExp(template.source).test(text);
}
