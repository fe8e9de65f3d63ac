import { constants, inflateRawSync } from 'node:zlib';

import { allocateSqueezedText, rawEnd, squeeze } from './squeeze.ts';
import type { Span } from './span.ts';

/** Whether bytes that were unpacked hold a known secret; the indexes are those of the bytes that do. */
export type LookInto = (bytes: Uint8Array) => { from: number; to: number }[];

/** What was found in packed text, and from where on it is not complete yet. */
export interface PackedFindings {
  spans: Span[];
  pendingFrom: number;
  /** Stretches that have to be looked at as one: what is let go ends before or behind them. */
  wholes: { from: number; to: number }[];
}

const marker = Buffer.from('H4sI');
const longestRun = 65_536;
const mostInspections = 16;
const largestContent = 4 * 1024 * 1024;

/**
 * Stretches of base64 over gzip (RFC 1952; its first bytes are always `H4sI`) that hold a known secret.
 * One that is too large to look into, or stands among too many, is masked unseen.
 */
export function findGzip(raw: Buffer, lookInto: LookInto): PackedFindings {
  const findings: PackedFindings = { spans: [], pendingFrom: raw.length, wholes: [] };
  let inspections = 0;
  for (let at = raw.indexOf(marker); at !== -1;) {
    const end = runEnd(raw, at);
    if (end === raw.length && end - at < longestRun) findings.pendingFrom = Math.min(findings.pendingFrom, at);
    if (end - at >= 40 && (at === 0 || !isBase64(raw[at - 1]!))) {
      inspections += 1;
      if (inspections > mostInspections || end - at >= longestRun || holdsSecret(raw.subarray(at, end), lookInto))
        findings.spans.push({ from: at, to: end, label: 'packed-secret' });
    }
    at = raw.indexOf(marker, Math.max(end, at + 1));
  }
  return findings;
}

function holdsSecret(run: Buffer, lookInto: LookInto): boolean {
  const content = unpackGzip(Buffer.from(run.toString('latin1'), 'base64'));
  return content === 'too large' || (content !== null && lookInto(content).length > 0);
}

/** What is packed by RFC 1952, also where it was cut off or other text follows; null where nothing is. */
export function unpackGzip(packed: Uint8Array): Buffer | 'too large' | null {
  const flags = packed[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + (packed[at] ?? 0) + 256 * (packed[at + 1] ?? 0);
  for (const flag of [8, 16]) if ((flags & flag) !== 0) at = packed.indexOf(0, at) + 1;
  if ((flags & 2) !== 0) at += 2;
  return inflate(packed.subarray(at));
}

/** What is deflated by RFC 1951. The sums behind it are not looked at: a secret in damaged data is one. */
export function inflate(deflated: Uint8Array): Buffer | 'too large' | null {
  try {
    return inflateRawSync(deflated, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: largestContent });
  } catch (error) {
    return error instanceof RangeError ? 'too large' : null;
  }
}

/** End of the base64 that begins at `at`; it may be wrapped, but not end in a line end. */
function runEnd(raw: Buffer, at: number): number {
  const limit = Math.min(raw.length, at + longestRun);
  let end = at;
  let last = at;
  while (end < limit && (isBase64(raw[end]!) || raw[end] === 0x0a || raw[end] === 0x0d)) {
    end += 1;
    if (isBase64(raw[end - 1]!)) last = end;
  }
  return end === raw.length ? end : last;
}

const base64Bytes = new Set(Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-'));

function isBase64(byte: number): boolean {
  return base64Bytes.has(byte);
}

interface DumpRow {
  /** Where what is masked begins and ends: all behind the offset. */
  from: number;
  to: number;
  bytes: number[];
}

/** The offset of a row; those of the first 64 kB begin with zeros. */
const rowStart = /(?<![0-9A-Za-z])0000[0-9a-fA-F]{2,12}:?[ \t]{1,4}(?=[0-9a-fA-F]{2})/y;
const zeros = Buffer.from('0000');
const rowBytes = /^(?:[0-9a-fA-F]{2}){1,4}(?: {1,2}(?:[0-9a-fA-F]{2}){1,4}(?![0-9a-zA-Z]))*/;
/** Rows that stay back while a dump goes on: 1 kB of what was dumped. */
const heldRows = 64;

/** Rows of hex dumps (xxd, hexdump -C, od) of up to 64 kB that hold a known secret across their ends. */
export function findHexDump(raw: Buffer, lookInto: LookInto): PackedFindings {
  const findings: PackedFindings = { spans: [], pendingFrom: raw.length, wholes: [] };
  const first = raw.indexOf(zeros);
  if (first === -1) return findings;
  const text = raw.toString('latin1');
  let block: DumpRow[] = [];
  for (let at = first; at !== -1; at = raw.indexOf(zeros, Math.max(at + 1, block.at(-1)?.to ?? 0))) {
    rowStart.lastIndex = at;
    const offset = rowStart.exec(text);
    if (offset === null) continue;
    const last = block.at(-1);
    const newline = last === undefined ? -1 : text.indexOf('\n', last.to + 1);
    if (newline !== -1 && newline < at) {
      closeBlock(findings, block, lookInto);
      block = [];
    }
    block.push(readRow(text, at + offset[0].length));
  }
  closeBlock(findings, block, lookInto);
  const last = block.at(-1);
  if (last !== undefined && text.indexOf('\n', last.to + 1) === -1) findings.pendingFrom = findings.wholes.at(-1)!.from;
  return findings;
}

function closeBlock(findings: PackedFindings, block: readonly DumpRow[], lookInto: LookInto): void {
  const last = block.at(-1);
  if (last === undefined) return;
  findings.spans.push(...maskedRows(block, lookInto));
  findings.wholes.push({ from: block[Math.max(0, block.length - heldRows)]!.from, to: last.to });
}

function readRow(text: string, from: number): DumpRow {
  const newline = text.indexOf('\n', from);
  const to = newline === -1 ? text.length : newline;
  const hex = rowBytes.exec(text.slice(from, Math.min(to, from + 80)))?.[0] ?? '';
  return { from, to, bytes: [...Buffer.from(hex.replaceAll(' ', ''), 'hex')].slice(0, 16) };
}

function maskedRows(rows: readonly DumpRow[], lookInto: LookInto): Span[] {
  const hits = lookInto(Uint8Array.from(rows.flatMap(({ bytes }) => bytes)));
  let first = 0;
  return rows.flatMap((row) => {
    const [start, end] = [first, first + row.bytes.length];
    first = end;
    const isHit = hits.some(({ from, to }) => from < end && to > start);
    return isHit ? [{ from: row.from, to: row.to, label: 'dumped-secret' }] : [];
  });
}

/** A look into unpacked bytes with the search that is given squeezed text. */
export function lookWith(
  find: (text: ReturnType<typeof allocateSqueezedText>) => { from: number; to: number }[],
): LookInto {
  return (bytes) => {
    const text = allocateSqueezedText(bytes.length);
    squeeze(bytes, text);
    return find(text).map(({ from, to }) => ({ from: text.starts[from]!, to: rawEnd(bytes, text.starts[to - 1]!) }));
  };
}
