import { readEscape } from './read-escape.ts';

/** Text as rules see it: one character a byte, without what a terminal would swallow, so that an escape sequence within a token hides nothing. */
export interface CleanedText {
  text: string;
  /** Raw index of each character; null where nothing was taken out and the index is the same. */
  starts: Int32Array | null;
}

/** The raw bytes without escape sequences, control characters and invisible characters; line ends and tabs stay. */
export function cleanText(raw: Buffer, hasControls: boolean): CleanedText {
  if (!hasControls) return { text: raw.toString('latin1'), starts: null };
  const bytes = Buffer.allocUnsafe(raw.length);
  const starts = new Int32Array(raw.length + 1);
  let out = 0;
  for (let at = 0; at < raw.length; at += 1) {
    const byte = raw[at]!;
    if (byte === 0x1b || byte === 0xc2 || byte === 0xe2 || byte === 0xef) {
      const { length, bytes: decoded } = readEscape(raw, at);
      if (decoded.length === 0) {
        at += length - 1;
        continue;
      }
    } else if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f) continue;
    bytes[out] = byte;
    starts[out] = at;
    out += 1;
  }
  starts[out] = raw.length;
  return { text: bytes.toString('latin1', 0, out), starts: starts.subarray(0, out + 1) };
}

/** Index in the cleaned text of the character at, or next behind, raw index `at`. */
export function toCleaned({ starts }: CleanedText, at: number): number {
  if (starts === null) return at;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Raw index of the character at `at`. */
export function toRaw({ starts }: CleanedText, at: number): number {
  return starts === null ? at : starts[at]!;
}

/** Raw index just behind the stretch of cleaned text that ends at `end`: escape sequences behind it are not part of it. */
export function toRawEnd(cleaned: CleanedText, end: number): number {
  return cleaned.starts === null ? end : cleaned.starts[end - 1]! + 1;
}
