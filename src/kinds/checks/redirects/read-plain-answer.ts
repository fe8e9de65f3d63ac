import { redirectStatuses } from '../../../core/dataset/redirects/redirect.ts';
import type { PlainAnswer } from './open-lanes.ts';

/** An answer, where in the bytes it ends, and whether the server ends the connection with it. */
export interface ReadAnswer {
  answer: PlainAnswer;
  end: number;
  isLast: boolean;
}

/** Larger heads are read by others. */
const mostHead = 32 * 1024;
/** Status line and fields of RFC 9112 sections 4 and 5, in ASCII, without folding, and nothing beside them. */
const plainHead = /^HTTP\/1\.1 [2-5]\d\d[ \t\x21-\x7e]*(?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e]*)*$/;

/**
 * Returns the answer that begins at a place in what a server sent; null where its end has not come yet, and `unusual` for everything that is not the simplest form there is: a length
 * that stands there once, no coding of the transfer, no interim answer. What is unusual is left to a parser that knows all of it.
 */
export function readPlainAnswer(bytes: Buffer, from: number, mostBytes: number): ReadAnswer | 'unusual' | null {
  const close = bytes.indexOf('\r\n\r\n', from, 'latin1');
  if (close === -1) return bytes.length - from > mostHead ? 'unusual' : null;
  const head = bytes.toString('latin1', from, close);
  if (!plainHead.test(head)) return 'unusual';
  const told = readTold(head);
  if (told === null || told['transfer-encoding'] !== null) return 'unusual';
  const status = Number(head.slice(9, 12));
  const length = status === 204 || status === 304 ? '0' : (told['content-length'] ?? undefined);
  if (length === undefined || !/^\d{1,7}$/.test(length) || Number(length) > mostBytes) return 'unusual';
  const start = close + 4;
  const end = start + Number(length);
  if (end > bytes.length) return null;
  const body = redirectStatuses.includes(status) ? null : bytes.subarray(start, end);
  const connection = told.connection?.toLowerCase() ?? 'keep-alive';
  if (connection !== 'keep-alive' && connection !== 'close') return 'unusual';
  const { location, 'cache-control': cacheControl } = told;
  const answer = { status, location, cacheControl, bytes: body, fields: () => readFields(head) };
  return { answer, end, isLast: connection === 'close' };
}

/** Fields that say where an answer ends, or that are looked at. */
interface Told {
  location: string | null;
  'cache-control': string | null;
  'content-length': string | null;
  'transfer-encoding': string | null;
  connection: string | null;
}

/** By the length of their names: nearly every other field is passed over without a look at it. */
const names = new Map<number, keyof Told>(
  (['location', 'connection', 'cache-control', 'content-length', 'transfer-encoding'] as const).map((name) => [
    name.length,
    name,
  ]),
);

/** Null where one of them comes twice. */
function readTold(head: string): Told | null {
  const told: Told = {
    location: null,
    'cache-control': null,
    'content-length': null,
    'transfer-encoding': null,
    connection: null,
  };
  let at = head.indexOf('\r\n');
  while (at !== -1) {
    const colon = head.indexOf(':', at);
    const next = head.indexOf('\r\n', colon);
    const name = names.get(colon - at - 2);
    if (name !== undefined && head.slice(at + 2, colon).toLowerCase() === name) {
      if (told[name] !== null) return null;
      told[name] = (next === -1 ? head.slice(colon + 1) : head.slice(colon + 1, next)).trim();
    }
    at = next;
  }
  return told;
}

/** All fields, for markers. */
function readFields(head: string): { [name: string]: string[] } {
  const fields: { [name: string]: string[] } = Object.create(null) as { [name: string]: string[] };
  for (const line of head.split('\r\n').slice(1)) {
    const colon = line.indexOf(':');
    (fields[line.slice(0, colon).toLowerCase()] ??= []).push(line.slice(colon + 1).trim());
  }
  return fields;
}
