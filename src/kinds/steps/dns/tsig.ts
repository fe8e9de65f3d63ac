import { createHmac, timingSafeEqual } from 'node:crypto';

import { encodeName, numbers } from './message.ts';
import { readLastRecord } from './read-last-record.ts';
import type { TsigKey } from './tsig-key.ts';

/** A message with its signature, and the code that the answer's signature builds on. */
export interface SignedMessage {
  bytes: Buffer;
  mac: Buffer;
}

/** What the signature of an answer says. `serverSeconds` is the server's clock where it refused ours. */
export type Verification =
  | { state: 'believed'; error: TsigError; serverSeconds: number | null }
  | { state: 'unbelieved'; reason: string; error: TsigError | null };

export type TsigError = 'NOERROR' | 'BADSIG' | 'BADKEY' | 'BADTIME' | 'BADTRUNC' | 'OTHER';

interface TsigFields {
  seconds: number;
  fudge: number;
  error: number;
  other: Buffer;
}

/** RFC 8945 section 10 recommends five minutes. */
const fudgeSeconds = 300;
const tsigType = 250;
const anyClass = 255;
const errors = new Map<number, TsigError>([
  [0, 'NOERROR'],
  [16, 'BADSIG'],
  [17, 'BADKEY'],
  [18, 'BADTIME'],
  [22, 'BADTRUNC'],
]);

/** The message with a TSIG record behind it (RFC 8945 section 5.1), signed as of `seconds` since the epoch. */
export function signMessage(message: Buffer, key: TsigKey, seconds: number): SignedMessage {
  const fields: TsigFields = { seconds, fudge: fudgeSeconds, error: 0, other: Buffer.alloc(0) };
  const mac = createHmac(key.hash, key.secret).update(message).update(variablesOf(key, fields)).digest();
  const data = Buffer.concat([
    encodeName(key.algorithm),
    numbers([6, seconds], [2, fudgeSeconds], [2, mac.length]),
    mac,
    numbers([2, message.readUInt16BE(0)], [2, 0], [2, 0]),
  ]);
  const record = Buffer.concat([
    encodeName(key.name),
    numbers([2, tsigType], [2, anyClass], [4, 0], [2, data.length]),
    data,
  ]);
  const counted = Buffer.from(message);
  counted.writeUInt16BE(message.readUInt16BE(10) + 1, 10);
  return { bytes: Buffer.concat([counted, record]), mac };
}

/**
 * Whether the answer was signed by whoever holds the key, for this very request, at about this time (RFC 8945 section 5.3). An answer without a
 * signature is never believed, whatever it says; its error is told because people need it to find the wrong key.
 */
export function verifyAnswer(
  answer: Buffer,
  request: SignedMessage,
  at: { key: TsigKey; seconds: number },
): Verification {
  const { key, seconds } = at;
  const record = readLastRecord(answer);
  if (record === null || record.type !== tsigType || record.class !== anyClass || record.ttl !== 0)
    return unbelieved('expected a signed answer, got one without a signature');
  const read = readData(record.data);
  if (read === null) return unbelieved('expected a signature, got one that cannot be read');
  const error = errors.get(read.error) ?? 'OTHER';
  if (record.name !== key.name || read.algorithm !== key.algorithm)
    return unbelieved('expected a signature by our key, got one by another', error);
  if (read.mac.length === 0) return unbelieved(`expected a signed answer, got ${error} without a signature`, error);
  const expected = createHmac(key.hash, key.secret)
    .update(numbers([2, request.mac.length]))
    .update(request.mac)
    .update(withoutSignature(answer, { start: record.start, id: read.originalId }))
    .update(variablesOf(key, read))
    .digest();
  // A shortened code (RFC 8945 section 5.2.2.1) is refused as well: no server has to send one.
  if (read.mac.length !== expected.length || !timingSafeEqual(read.mac, expected))
    return unbelieved('expected the signature of this answer, got another', error);
  if (Math.abs(read.seconds - seconds) > Math.min(read.fudge, fudgeSeconds))
    return unbelieved(`expected an answer of now, got one from ${seconds - read.seconds} s ago`, error);
  return { state: 'believed', error, serverSeconds: read.other.length === 6 ? read.other.readUIntBE(0, 6) : null };
}

/** The message as it was before it was signed: without the record, with the id that a forwarder may have changed (RFC 8945 section 4.3.2). */
function withoutSignature(answer: Buffer, { start, id }: { start: number; id: number }): Buffer {
  const bytes = Buffer.from(answer.subarray(0, start));
  bytes.writeUInt16BE(id, 0);
  bytes.writeUInt16BE(answer.readUInt16BE(10) - 1, 10);
  return bytes;
}

function unbelieved(reason: string, error: TsigError | null = null): Verification {
  return { state: 'unbelieved', reason, error };
}

/** RFC 8945 section 4.3.3. */
function variablesOf(key: TsigKey, { seconds, fudge, error, other }: TsigFields): Buffer {
  return Buffer.concat([
    encodeName(key.name),
    numbers([2, anyClass], [4, 0]),
    encodeName(key.algorithm),
    numbers([6, seconds], [2, fudge], [2, error], [2, other.length]),
    other,
  ]);
}

function readData(data: Buffer): (TsigFields & { algorithm: string; mac: Buffer; originalId: number }) | null {
  try {
    const labels: string[] = [];
    let at = 0;
    for (let size = data.readUInt8(at); size !== 0; size = data.readUInt8(at)) {
      labels.push(data.toString('latin1', at + 1, at + 1 + size));
      at += 1 + size;
    }
    at += 1;
    const seconds = data.readUIntBE(at, 6);
    const fudge = data.readUInt16BE(at + 6);
    const macEnd = at + 10 + data.readUInt16BE(at + 8);
    const originalId = data.readUInt16BE(macEnd);
    const error = data.readUInt16BE(macEnd + 2);
    const other = data.subarray(macEnd + 6);
    if (other.length !== data.readUInt16BE(macEnd + 4)) return null;
    const mac = data.subarray(at + 10, macEnd);
    return { algorithm: labels.join('.').toLowerCase(), seconds, fudge, mac, originalId, error, other };
  } catch {
    return null;
  }
}
