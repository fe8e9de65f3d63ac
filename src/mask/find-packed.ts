import { constants, inflateRawSync } from 'node:zlib';

import { membersOf } from './rules/token-shape.ts';
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

const base64Bytes = membersOf('[A-Za-z0-9+/=_-]');
const alphanumeric = membersOf('[A-Za-z0-9]');

function isBase64(byte: number): boolean {
  return base64Bytes[byte] === 1;
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
/** Rows that stay back while a dump goes on: 1 kB of what was dumped. */
const heldRows = 64;

/** Rows of hex dumps (xxd, hexdump -C, od) of up to 64 kB that hold a known secret across their ends. */
export function findHexDump(raw: Buffer, lookInto: LookInto): PackedFindings {
  const findings: PackedFindings = { spans: [], pendingFrom: raw.length, wholes: [] };
  const first = raw.indexOf(zeros);
  if (first === -1) return findings;
  const text = raw.toString('latin1');
  let block: DumpRow[] = [];
  for (let at = first; at !== -1; at = raw.indexOf(zeros, Math.max(wordEnd(raw, at), block.at(-1)?.to ?? 0))) {
    if (alphanumeric[raw[at - 1] ?? 0] === 1) continue;
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

/** End of the word at `at`: no row begins within one. */
function wordEnd(raw: Buffer, at: number): number {
  let end = at + 1;
  while (end < raw.length && alphanumeric[raw[end]!] === 1) end += 1;
  return end;
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
  const bytes: number[] = [];
  const limit = Math.min(to, from + 80);
  for (let at = from; at < limit && bytes.length < 16;) {
    const end = hexGroupEnd(text, at, limit);
    if (end === at) break;
    for (; at < end; at += 2) bytes.push((hexDigit(text.charCodeAt(at)) << 4) | hexDigit(text.charCodeAt(at + 1)));
    for (let blanks = 0; blanks < 2 && text.charCodeAt(at) === 0x20; blanks += 1) at += 1;
  }
  return { from, to, bytes: bytes.slice(0, 16) };
}

/** End of one to four pairs of hex digits with nothing else of a word behind them; `at` where there are none. */
function hexGroupEnd(text: string, at: number, limit: number): number {
  let end = at;
  while (end < limit && hexDigit(text.charCodeAt(end)) !== -1) end += 1;
  const isWhole = (end - at) % 2 === 0 && end - at <= 8 && alphanumeric[text.charCodeAt(end) & 0xff] !== 1;
  return isWhole ? end : at;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function maskedRows(rows: readonly DumpRow[], lookInto: LookInto): Span[] {
  const hits = lookInto(Uint8Array.from(rows.flatMap(({ bytes }) => bytes)));
  if (hits.length === 0) return [];
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
