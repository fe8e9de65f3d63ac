import { inflate, unpackGzip } from '../find-packed.ts';
import { readEscape } from '../read-escape.ts';
import type { Decoded, Layer } from './layer.ts';

/** The layer from its last byte to its first. */
export function reverseLayer({ bytes, path, level, originOf }: Layer): Layer {
  const last = bytes.length - 1;
  return {
    bytes: Buffer.from(bytes.toReversed()),
    path: [...path, 'reversed'],
    level: level + 1,
    originOf: (index) => originOf(Math.max(0, last - index)),
  };
}

/** Escapes that stand for characters: percent, `\u`, `\x`, octal, entities. */
const characterEscape =
  /%[0-9a-f]{2}|\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|[0-3][0-7]{2})|&(?:#(?:x[0-9a-f]{1,6}|[0-9]{1,7})|amp|lt|gt|quot|apos);/gi;

/** The words that hold escapes, with the escapes read once and nothing else taken out: what is in them may be encoded once more. */
export function readEscaped({ bytes }: Layer): Decoded[] {
  const raw = bytes.toString('latin1');
  const decoded: Decoded[] = [];
  let done = 0;
  for (const { index } of raw.matchAll(characterEscape)) {
    if (index < done) continue;
    const from = wordStart(raw, index, done);
    done = wordEnd(raw, index);
    const text = raw.slice(from, done).replaceAll(characterEscape, (escape) => readCharacter(escape));
    decoded.push({ bytes: Buffer.from(text, 'latin1'), sourceOf: () => from });
  }
  return decoded;
}

function readCharacter(escape: string): string {
  return String.fromCharCode(...readEscape(Buffer.from(escape, 'latin1'), 0).bytes);
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function wordStart(raw: string, index: number, done: number): number {
  let from = index;
  while (from > done && !isSpace(raw.charCodeAt(from - 1))) from -= 1;
  return from;
}

function wordEnd(raw: string, index: number): number {
  let to = index;
  while (to < raw.length && !isSpace(raw.charCodeAt(to))) to += 1;
  return to;
}

/** RFC 2045 section 6.7: a line that `=` continues, `=3D`, a control character or a byte beyond ASCII. */
const quotedMark = /=(?:\r?\n|3D|[0189A-F][0-9A-F])/g;
const longestLine = 4096;

/** The lines that hold quoted-printable text, decoded. */
export function readQuotedPrintable({ bytes }: Layer): Decoded[] {
  if (!bytes.includes(0x3d)) return [];
  const raw = bytes.toString('latin1');
  const decoded: Decoded[] = [];
  let done = 0;
  for (const { index } of raw.matchAll(quotedMark)) {
    if (index < done) continue;
    const from = Math.max(done, raw.lastIndexOf('\n', index) + 1, index - longestLine);
    done = continuedEnd(raw, index);
    const text = raw.slice(from, done).replaceAll(/=\r?\n|=([0-9A-F]{2})/g, readQuoted);
    decoded.push({ bytes: Buffer.from(text, 'latin1'), sourceOf: () => from });
  }
  return decoded;
}

function readQuoted(_: string, hex: string | undefined): string {
  return hex === undefined ? '' : String.fromCharCode(Number.parseInt(hex, 16));
}

function continuedEnd(raw: string, index: number): number {
  let end = raw.indexOf('\n', index);
  while (end !== -1 && /=\r?$/.test(raw.slice(Math.max(0, end - 2), end))) end = raw.indexOf('\n', end + 1);
  return end === -1 ? raw.length : end;
}

/** Text of two bytes a character (UTF-16 of ASCII, either order), without the empty ones. */
export function readUtf16({ bytes }: Layer): Decoded[] {
  const first = bytes.indexOf(0);
  if (first === -1) return [];
  const kept: number[] = [];
  for (let at = Math.max(0, first - 1); at < bytes.length; at += 1) if (bytes[at] !== 0) kept.push(at);
  const isWide = bytes.length - kept.length >= 6;
  return isWide ? [{ bytes: Uint8Array.from(kept, (at) => bytes[at]!), sourceOf: (index) => kept[index]! }] : [];
}

const gzipMark = Buffer.from([0x1f, 0x8b, 0x08]);
/** Where packed content begins: RFC 1952 anywhere, RFC 1950 at the beginning. */
export function packedPlaces(bytes: Uint8Array): number[] {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const places = raw[0] === 0x78 && raw.length > 8 && (raw[0] * 256 + raw[1]!) % 31 === 0 ? [0] : [];
  for (let at = raw.indexOf(gzipMark); at !== -1; at = raw.indexOf(gzipMark, at + 1)) places.push(at);
  return places;
}

/** What is packed there; null where it only looked so. */
export function unpack(packed: Uint8Array): Buffer | 'too large' | null {
  return packed[0] === 0x78 ? inflate(packed.subarray(2)) : unpackGzip(packed);
}
