import { readEscape } from './read-escape.ts';

/** Text as the search sees it: folded and without noise, with the place of each byte in the raw text. */
export interface SqueezedText {
  bytes: Uint8Array;
  /** Raw index at which the byte, or the escape it was read from, begins. */
  starts: Int32Array;
  length: number;
  /** Whether the raw text has escape sequences or control characters, so that rules need a cleaned copy. */
  hasControls: boolean;
}

const keep = 0;
const drop = 1;
const dropControl = 2;
const escape = 3;

/** What happens to a byte: kept (folded), dropped, or looked at together with what follows it. */
const classOf = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x1b || byte === 0xc2 || byte === 0xe2 || byte === 0xef) return escape;
  if (byte === 0x5c || byte === 0x25 || byte === 0x26) return escape;
  if (byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x20) return drop;
  if (byte < 0x20 || byte === 0x7f) return dropControl;
  return byte === 0x22 || byte === 0x27 ? drop : keep;
});

/** Upper case is lower case, and the url-safe alphabet of base64 (RFC 4648 section 5) is the plain one; 0 where a byte is not simply kept. */
const foldOf = Uint8Array.from({ length: 256 }, (_, byte) => (classOf[byte] === keep ? fold(byte) : 0));

/** The same without folding: base64 and base32 need their case. */
const unfolded = Uint8Array.from({ length: 256 }, (_, byte) => (classOf[byte] === keep ? byte : 0));

function fold(byte: number): number {
  if (byte >= 0x41 && byte <= 0x5a) return byte + 32;
  if (byte === 0x2d) return 0x2b;
  return byte === 0x5f ? 0x2f : byte;
}

/** Memory for one squeezed text of at most `size` raw bytes. */
export function allocateSqueezedText(size: number): SqueezedText {
  return { bytes: new Uint8Array(size), starts: new Int32Array(size), length: 0, hasControls: false };
}

/** Whether letters keep their case; searching for secrets wants it folded, decoding what was found wants it kept. */
export type LetterCase = 'folded' | 'kept';

/**
 * Fills `into` with `raw`: white space, quotes, backslashes, control characters, escape sequences and invisible characters are gone, letter case is folded,
 * and `%41`, `\u0041`, `\x41`, `\101` and `&#65;` are the characters that they stand for. One search over this view finds most forms that a secret can take.
 */
export function squeeze(raw: Uint8Array, into: SqueezedText, letters: LetterCase = 'folded'): void {
  const { bytes, starts } = into;
  const folds = letters === 'folded' ? foldOf : unfolded;
  const { length } = raw;
  let hasControls = false;
  let out = 0;
  let at = 0;
  while (at < length) {
    const byte = raw[at] as number;
    const folded = folds[byte] as number;
    if (folded !== 0) {
      bytes[out] = folded;
      starts[out] = at;
      out += 1;
      at += 1;
    } else if (classOf[byte] !== escape) {
      hasControls ||= classOf[byte] === dropControl;
      at += 1;
    } else {
      const token = readEscape(raw, at);
      hasControls ||= token.isControl;
      for (let index = 0; index < token.bytes.length; index += 1) {
        const decoded = token.bytes[index]!;
        if (classOf[decoded] === drop || classOf[decoded] === dropControl || decoded === 0x5c) continue;
        bytes[out] = letters === 'folded' ? fold(decoded) : decoded;
        starts[out] = at;
        out += 1;
      }
      at += token.length;
    }
  }
  into.length = out;
  into.hasControls = hasControls;
}

/** A text of our own as the search would see it. */
export function squeezeText(text: Uint8Array): Uint8Array {
  const into = allocateSqueezedText(text.length);
  squeeze(text, into);
  return into.bytes.slice(0, into.length);
}

/** Raw index just behind what the squeezed byte at raw index `start` was read from, and behind escapes right after it that stand for nothing visible. */
export function rawEnd(raw: Uint8Array, start: number): number {
  let end = start + (classOf[raw[start]!] === escape ? readEscape(raw, start).length : 1);
  while (end < raw.length && (raw[end] === 0x25 || raw[end] === 0x5c || raw[end] === 0x26)) {
    const { bytes, length } = readEscape(raw, end);
    if (bytes.length === 0 || bytes.some((byte) => classOf[byte] !== drop && classOf[byte] !== dropControl)) break;
    end += length;
  }
  return end;
}
