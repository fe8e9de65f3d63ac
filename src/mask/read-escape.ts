/** What stands at one place of the raw text: how long it is, what bytes it stands for, and whether a terminal would act on it. */
export interface EscapeToken {
  length: number;
  bytes: readonly number[];
  isControl: boolean;
}

/** Longest escape that is read as one; a terminal string (OSC) that goes on for longer is text. */
export const longestEscape = 1024;

const none: readonly number[] = [];
const named: readonly (readonly [number, Uint8Array])[] = (
  [
    [0x26, 'amp'],
    [0x3c, 'lt'],
    [0x3e, 'gt'],
    [0x22, 'quot'],
    [0x27, 'apos'],
  ] as const
).map(([code, name]) => [code, Buffer.from(name, 'latin1')]);

/** Reads the token that begins with a byte that may be more than itself: ESC, `\`, `%`, `&`, or the lead byte of an invisible character. */
export function readEscape(raw: Uint8Array, at: number): EscapeToken {
  const byte = raw[at] as number;
  if (byte === 0x1b) return sequences[escapeSequenceLength(raw, at)]!;
  if (byte === 0x5c) return readBackslash(raw, at);
  if (byte === 0x25) {
    const value = hexValue(raw, at + 1, 2);
    return value === -1 ? single(byte) : { length: 3, bytes: single(value).bytes, isControl: false };
  }
  if (byte === 0x26) return readEntity(raw, at);
  const length = invisibleLength(raw, at);
  return length === 0 ? single(byte) : { length, bytes: none, isControl: true };
}

/** One token for each byte that stands for itself: hostile text has millions of them. */
const singles: readonly EscapeToken[] = Array.from({ length: 256 }, (_, byte) => ({
  length: 1,
  bytes: [byte],
  isControl: false,
}));
/** And one for each length of a sequence that stands for nothing. */
const sequences: readonly EscapeToken[] = Array.from({ length: longestEscape + 2 }, (_, length) => ({
  length,
  bytes: none,
  isControl: true,
}));
const lone: EscapeToken = { length: 1, bytes: none, isControl: false };

function single(byte: number): EscapeToken {
  return singles[byte]!;
}

/** ECMA-48: CSI ends with a byte from `@` to `~`, a string (OSC, DCS, APC, PM, SOS) with BEL or ST; anything else is ESC and what follows. */
function escapeSequenceLength(raw: Uint8Array, at: number): number {
  const kind = raw[at + 1];
  const limit = Math.min(raw.length, at + longestEscape);
  if (kind === 0x5b) {
    let end = at + 2;
    while (end < limit && raw[end]! >= 0x20 && raw[end]! <= 0x3f) end += 1;
    return end < limit && raw[end]! >= 0x40 && raw[end]! <= 0x7e ? end + 1 - at : end - at;
  }
  if (kind === 0x5d || kind === 0x50 || kind === 0x5f || kind === 0x5e || kind === 0x58) {
    for (let end = at + 2; end < limit; end += 1) {
      if (raw[end] === 0x07) return end + 1 - at;
      if (raw[end] === 0x1b) return raw[end + 1] === 0x5c ? end + 2 - at : end - at;
      if (raw[end] === 0x0a) return 2;
    }
    return 2;
  }
  let end = at + 1;
  while (end < limit && raw[end]! >= 0x20 && raw[end]! <= 0x2f) end += 1;
  return end < limit && raw[end]! >= 0x30 && raw[end]! <= 0x7e ? end + 1 - at : 1;
}

function readBackslash(raw: Uint8Array, at: number): EscapeToken {
  const next = raw[at + 1];
  if (next === 0x6e || next === 0x72 || next === 0x74) return { length: 2, bytes: none, isControl: false };
  if (next === 0x75) return readUnicodeEscape(raw, at);
  const value = next === 0x78 ? hexValue(raw, at + 2, 2) : octalValue(raw, at + 1);
  return value === -1 ? lone : { length: 4, bytes: single(value).bytes, isControl: value === 0x1b };
}

/** `\uXXXX`, and a surrogate pair of two of them, as UTF-8. */
function readUnicodeEscape(raw: Uint8Array, at: number): EscapeToken {
  const high = hexValue(raw, at + 2, 4);
  if (high === -1) return lone;
  const isPair = high >= 0xd800 && high < 0xdc00 && raw[at + 6] === 0x5c && raw[at + 7] === 0x75;
  const low = isPair ? hexValue(raw, at + 8, 4) : -1;
  if (low >= 0xdc00 && low < 0xe000)
    return { length: 12, bytes: utf8(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)), isControl: false };
  return { length: 6, bytes: utf8(high), isControl: high === 0x1b };
}

function readEntity(raw: Uint8Array, at: number): EscapeToken {
  let end = at + 2;
  while (end < at + 11 && end < raw.length && raw[end] !== 0x3b && raw[end] !== 0x26) end += 1;
  if (raw[end] !== 0x3b || end >= at + 11) return single(0x26);
  const code = raw[at + 1] === 0x23 ? numericEntity(raw, at + 2, end) : namedEntity(raw, at + 1, end);
  return code < 0 || code > 0x10ffff ? single(0x26) : { length: end + 1 - at, bytes: utf8(code), isControl: false };
}

function namedEntity(raw: Uint8Array, from: number, end: number): number {
  for (const [code, name] of named) {
    let at = 0;
    while (at < name.length && raw[from + at] === name[at]) at += 1;
    if (at === name.length && from + at === end) return code;
  }
  return -1;
}

/** `65` or `x41`; -1 where it is no number or none that long. */
function numericEntity(raw: Uint8Array, from: number, end: number): number {
  const isHex = ((raw[from] ?? 0) | 0x20) === 0x78;
  const first = isHex ? from + 1 : from;
  if (end === first || end - first > (isHex ? 6 : 7)) return -1;
  if (isHex) return hexValue(raw, first, end - first);
  let value = 0;
  for (let at = first; at < end; at += 1) {
    const digit = raw[at]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Length of an invisible character in UTF-8: soft hyphen, no-break space, C1 controls, zero-width and direction marks, byte order mark. */
function invisibleLength(raw: Uint8Array, at: number): number {
  const [lead, second, third] = [raw[at], raw[at + 1] ?? 0, raw[at + 2] ?? 0];
  if (lead === 0xc2) return (second >= 0x80 && second <= 0xa0) || second === 0xad ? 2 : 0;
  if (lead === 0xef) return second === 0xbb && third === 0xbf ? 3 : 0;
  if (second === 0x80) return (third >= 0x8b && third <= 0x8f) || (third >= 0xa8 && third <= 0xae) ? 3 : 0;
  return second === 0x81 && third >= 0xa0 && third <= 0xaf ? 3 : 0;
}

function hexValue(raw: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let index = at; index < at + digits; index += 1) {
    const byte = raw[index] ?? 0;
    const digit = byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : letterValue(byte | 0x20);
    if (digit === -1) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function letterValue(byte: number): number {
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
}

function octalValue(raw: Uint8Array, at: number): number {
  const [first, second, third] = [raw[at] ?? 0, raw[at + 1] ?? 0, raw[at + 2] ?? 0];
  if (first < 0x30 || first > 0x33) return -1;
  if (second < 0x30 || second > 0x37 || third < 0x30 || third > 0x37) return -1;
  return ((first - 0x30) << 6) | ((second - 0x30) << 3) | (third - 0x30);
}

function utf8(code: number): readonly number[] {
  if (code < 0x80) return single(code).bytes;
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)];
  if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
}
