import type { JsonObject, JsonValue } from '@tminus/verify';

import { decodeText } from './decode-text.ts';
import { Unreadable } from './unreadable.ts';

const deepest = 256;
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * Returns the value of a JSON text (RFC 8259). Throws `Unreadable` on a key that stands twice (a reader that takes the last one and a
 * reader that takes the first see two reports), on a key `__proto__`, on nesting beyond 256, on numbers beyond the double range and on
 * lone surrogates (RFC 7493 forbids both, and RFC 8785 cannot write them).
 */
export function parseJson(bytes: Uint8Array): JsonValue {
  const text = decodeText(bytes);
  if (text.trim() === '') throw new Unreadable('empty', 'expected JSON, got white space only');
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new Unreadable('malformed', `expected JSON, got ${(error as SyntaxError).message}`);
  }
  refuseDoubleKeys(text);
  refuseUnwritable(value);
  return value;
}

/** Walks the tokens of a text that is known to be JSON. */
function refuseDoubleKeys(text: string): void {
  const open: (Set<string> | null)[] = [];
  let last = '';
  for (const [part] of text.matchAll(token)) {
    if (part === '{') open.push(new Set());
    else if (part === '[') open.push(null);
    else if (part === '}' || part === ']') open.pop();
    else if (part === ':') addKey(open.at(-1) ?? null, last);
    if (open.length > deepest) throw new Unreadable('too_deep', `expected at most ${deepest} nested values, got more`);
    last = part;
  }
}

function addKey(keys: Set<string> | null, written: string): void {
  const key = JSON.parse(written) as string;
  if (key === '__proto__') throw new Unreadable('malformed', 'expected plain keys, got __proto__');
  if (keys?.has(key)) throw new Unreadable('duplicate_key', `expected each key once, got ${JSON.stringify(key)} twice`);
  keys?.add(key);
}

/** Throws `Unreadable` where a value cannot be written as RFC 8785 JSON. Its depth is bounded by the caller. */
export function refuseUnwritable(value: JsonValue): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Unreadable('malformed', 'expected numbers in the range of a double, got a greater one');
  if (typeof value === 'string' && !value.isWellFormed())
    throw new Unreadable('malformed', 'expected Unicode text, got a lone surrogate');
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) value.forEach(refuseUnwritable);
  else for (const [key, item] of Object.entries(value)) [key, item].forEach(refuseUnwritable);
}

/** Returns a text as it is, and any other JSON value as JSON: for names and messages. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** Says whether a JSON value is an object: neither a list nor null. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
