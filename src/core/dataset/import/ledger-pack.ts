import { parseCanonLine, toCanonLine } from '../canon-line.ts';
import type { LedgerEntry, Written } from './decide-record.ts';
import { plainSource } from './decide-record.ts';

/** An entry of the ledger as a pack holds it: new, so that nothing stood before it. */
export interface PackedEntry extends Omit<LedgerEntry, 'batch'> {
  sourceKey: string;
  targetKey: string;
  wrote: Written;
}

/** 128 bits in the alphabet of RFC 4648, section 5; the last digit has four bits more. */
const digestLength = 22;
/** No digest begins with it. */
const mark = '+';

/**
 * Returns the line of an inserted record whose row is the line of the source: the first 22 digits of its digest in base64url, and its key, which is that of the row, too.
 * A third less than in hex: the server writes each of them down twice.
 */
export function toPlainEntry(key: string, digest: string): string {
  return `${digest} ${key}\n`;
}

/** Returns the line of any other entry. */
export function toPackedLine(entry: PackedEntry): string {
  const { sourceKey, sourceHash, targetKey, targetHash, outcome, reason, wrote } = entry;
  return toCanonLine([mark, sourceKey, sourceHash, targetKey, targetHash, outcome, reason, wrote]);
}

/** Returns the entries of a pack. `mapping` is the one that its plain lines were carried by. */
export function parsePack(body: string, mapping: string): PackedEntry[] {
  const source = plainSource(mapping);
  return body
    .split('\n')
    .slice(0, -1)
    .map((line) => (line.startsWith(mark) ? parsePacked(line) : parsePlain(line, source)));
}

function parsePlain(line: string, sourceHash: string): PackedEntry {
  const key = line.slice(digestLength + 1);
  const targetHash = toHex(line.slice(0, digestLength));
  return { sourceKey: key, sourceHash, targetKey: key, targetHash, outcome: 'inserted', reason: '', wrote: 'insert' };
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Two digits are three of hex; what is left over of the last one are the bits that no digest of 128 has. */
function toHex(digest: string): string {
  let hex = '';
  for (let at = 0; at < digest.length; at += 2) {
    const bits = digits.indexOf(digest[at]!) * 64 + digits.indexOf(digest[at + 1]!);
    hex += bits.toString(16).padStart(3, '0');
  }
  return hex.slice(0, 32);
}

function parsePacked(line: string): PackedEntry {
  const [, sourceKey, sourceHash, targetKey, targetHash, outcome, reason, wrote] = parseCanonLine(line);
  return {
    sourceKey: sourceKey ?? '',
    sourceHash: sourceHash ?? '',
    targetKey: targetKey ?? '',
    targetHash: targetHash ?? null,
    outcome: outcome as PackedEntry['outcome'],
    reason: reason ?? '',
    wrote: wrote as Written,
  };
}
