import { decode } from 'dns-packet';

/** The last record of a message: where it begins, and what it holds. */
export interface LastRecord {
  start: number;
  name: string;
  type: number;
  class: number;
  ttl: number;
  data: Buffer;
}

/**
 * The last record of the additional section, or null where there is none or the message cannot be read: the one place for a signature (RFC 8945 section 5.1).
 * Bytes behind it make the message unreadable, since nothing signs them.
 */
export function readLastRecord(message: Buffer): LastRecord | null {
  try {
    const additional = decode(message).additionals ?? [];
    const last = additional.at(-1);
    if (last === undefined) return null;
    const start = skipRecords(message);
    const at = skipName(message, start);
    const size = message.readUInt16BE(at + 8);
    if (at + 10 + size !== message.length) return null;
    return {
      start,
      name: last.name.toLowerCase(),
      type: message.readUInt16BE(at),
      class: message.readUInt16BE(at + 2),
      ttl: message.readUInt32BE(at + 4),
      data: message.subarray(at + 10),
    };
  } catch {
    return null;
  }
}

/** The offset of the last record of all. */
function skipRecords(message: Buffer): number {
  const count = (index: number): number => message.readUInt16BE(4 + index * 2);
  let at = 12;
  for (let question = 0; question < count(0); question += 1) at = skipName(message, at) + 4;
  for (let record = 1; record < count(1) + count(2) + count(3); record += 1) {
    const fixed = skipName(message, at);
    at = fixed + 10 + message.readUInt16BE(fixed + 8);
  }
  return at;
}

/** The offset behind a name (RFC 1035 section 4.1.4): a pointer ends it. */
function skipName(message: Buffer, start: number): number {
  let at = start;
  for (let size = message.readUInt8(at); size !== 0; size = message.readUInt8(at)) {
    if (size >= 0xc0) return at + 2;
    at += 1 + size;
  }
  return at + 1;
}
