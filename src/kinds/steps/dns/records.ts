import { encode } from 'dns-packet';
import type { Answer } from 'dns-packet';

import { familyOf } from './family-of.ts';

/** Types whose records a step may change. NS and SOA are not among them: servers ignore some of their changes in silence (RFC 2136 section 3.4.2). */
export const recordTypes = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'SRV'] as const;

export type RecordType = (typeof recordTypes)[number];

/** The data of a record as it is sent, or what its text should have been. */
export type Rdata = { ok: true; bytes: Uint8Array } | { ok: false; expected: string };

type RecordData = string | Buffer[] | { [key: string]: string | number };

/** A header, the root as name, type, class, time to live, length: what stands before the data of a first record. */
const bytesBeforeData = 12 + 1 + 2 + 2 + 4 + 2;
const hostName = /^(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?$/i;

/** The data of one record from its text: an address, a name, `10 mail.example.org`, `0 5 443 www.example.org`, any text. */
export function toRdata(type: RecordType, text: string): Rdata {
  const { data, expected } = readers[type](text);
  return data === null ? { ok: false, expected } : { ok: true, bytes: encodeData(type, data) };
}

/** The data of a record that a server sent, with its names in lower case: two records are the same where these bytes are. */
export function dataOf({ type, data }: { type: RecordType; data: unknown }): Uint8Array {
  return encodeData(type, normalize(type, data));
}

/** The text of a record that a server sent, as `toRdata` reads it. */
export function textOf({ type, data }: { type: RecordType; data: unknown }): string {
  const value = normalize(type, data);
  if (Array.isArray(value))
    return value.length === 1 ? quiet(value[0]!) : value.map((part) => `"${quiet(part)}"`).join(' ');
  return typeof value === 'string' ? value : Object.values(value).join(' ');
}

/** Whether a name is the zone or below it. */
export function isWithin(name: string, zone: string): boolean {
  return toName(name) === toName(zone) || toName(name).endsWith(`.${toName(zone)}`);
}

/** A name in the one spelling that is compared: lower case, no root dot. */
export function toName(text: string): string {
  return text.toLowerCase().replace(/\.$/, '');
}

interface Read {
  data: RecordData | null;
  expected: string;
}

const readers: { [type in RecordType]: (text: string) => Read } = {
  A: (text) => ({ data: familyOf(text) === 4 ? text : null, expected: 'an IPv4 address' }),
  AAAA: (text) => ({ data: familyOf(text) === 6 && !text.includes('%') ? text : null, expected: 'an IPv6 address' }),
  CNAME: (text) => ({ data: hostName.test(text) ? toName(text) : null, expected: 'a domain name' }),
  MX: (text) => readFields(text, ['preference', 'exchange'], 'a preference and a name such as 10 mail.example.org'),
  SRV: (text) =>
    readFields(
      text,
      ['priority', 'weight', 'port', 'target'],
      'priority, weight, port and name such as 0 5 443 www.example.org',
    ),
  TXT: (text) => ({
    data: toStrings(text),
    expected: 'a text, in quoted strings of at most 255 bytes where it has several',
  }),
};

function readFields(text: string, names: readonly string[], expected: string): Read {
  const fields = text.trim().split(/\s+/);
  const target = fields.at(-1) ?? '';
  const numbers = fields.slice(0, -1);
  const isRight =
    fields.length === names.length &&
    hostName.test(target) &&
    numbers.every((field) => /^\d{1,5}$/.test(field) && Number(field) <= 65_535);
  if (!isRight) return { data: null, expected };
  const values = [...numbers.map(Number), toName(target)];
  return { data: Object.fromEntries(names.map((name, index) => [name, values[index]!])), expected };
}

/** The character strings of a TXT record (RFC 1035 section 3.3.14): as quoted, else cut every 255 bytes. */
function toStrings(text: string): Buffer[] | null {
  if (text.startsWith('"')) {
    const parts = /^"[^"]*"(?:\s+"[^"]*")*$/.test(text) ? text.match(/"[^"]*"/g)! : [];
    const strings = parts.map((part) => Buffer.from(part.slice(1, -1)));
    return strings.length > 0 && strings.every(({ length }) => length <= 255) ? strings : null;
  }
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / 255) }, (_, index) =>
    bytes.subarray(index * 255, (index + 1) * 255),
  );
}

/** What the library decodes, in the shape and spelling that `readers` give. */
function normalize(type: RecordType, data: unknown): RecordData {
  if (type === 'TXT') return [data].flat().map((part) => Buffer.from(part as string));
  if (typeof data === 'string') return toName(data);
  const { preference, exchange, priority, weight, port, target } = data as { [key: string]: string | number };
  if (type === 'MX') return { preference: preference ?? 0, exchange: toName(String(exchange)) };
  return { priority: priority ?? 0, weight: weight ?? 0, port: port ?? 0, target: toName(String(target)) };
}

function encodeData(type: RecordType, data: RecordData): Uint8Array {
  const answer = { type, name: '.', ttl: 0, class: 'IN', data } as unknown as Answer;
  return encode({ type: 'query', id: 0, flags: 0, answers: [answer] }).subarray(bytesBeforeData);
}

/** A server's bytes as they may stand in a line of text. */
function quiet(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).replaceAll(/[\p{Cc}\p{Cf}"]/gu, '?');
}
