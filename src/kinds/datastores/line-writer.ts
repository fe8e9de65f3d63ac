import { toCanonLine } from '../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../core/dataset/canon.ts';

const [tab, lineFeed, backslash, letterT, letterZ] = [9, 10, 92, 84, 90];
/** What a backslash and a letter stand for, by its byte; the escapes of `toCanonLine`. */
const letters = new Map(
  [...'bfnrtv'].map((letter) => [{ b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }[letter], letter.charCodeAt(0)]),
);
const escapeOf = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === backslash ? backslash : (letters.get(byte) ?? 0),
);

/** How bytes of an engine become canonical: `plain` as they are, `local` with a `T` for the blank of a date and time, `utc` with a `Z` at the end, too. */
export type ByteForm = 'plain' | 'local' | 'utc';

/** Canonical lines, written as bytes: the same that `toCanonLine` makes, without a string for each value. */
export class LineWriter {
  #bytes: Buffer;
  #at = 0;
  /** True until the first value of a line, which has no tab before it, stands there. */
  #isFresh = true;
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
    this.#bytes = Buffer.allocUnsafe(size);
  }

  /** Bytes that were written and not taken. */
  get length(): number {
    return this.#at;
  }

  /** Adds a row as `toCanonLine` writes it. */
  addRow(row: CanonRow): void {
    const line = toCanonLine(row);
    // Three bytes at most for each unit of UTF-16.
    this.#reserve(line.length * 3);
    this.#at += this.#bytes.write(line, this.#at, 'utf8');
  }

  addNull(): void {
    this.#begin(2);
    this.#bytes[this.#at] = backslash;
    this.#bytes[this.#at + 1] = 78;
    this.#at += 2;
  }

  addText(text: string): void {
    for (let at = 0; at < text.length; at += 1)
      if (text.charCodeAt(at) > 127) return this.addBytes(Buffer.from(text), 'plain');
    const { length } = text;
    this.#begin(length * 2);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let from = 0; from < length; from += 1) {
      const code = text.charCodeAt(from);
      const escape = escapeOf[code]!;
      if (escape !== 0) bytes[at++] = backslash;
      bytes[at++] = escape === 0 ? code : escape;
    }
    this.#at = at;
  }

  /** Adds a value whose canonical text these bytes are, in the form that they have. */
  addBytes(value: Uint8Array, form: ByteForm): void {
    const { length } = value;
    this.#begin(length * 2 + 1);
    const bytes = this.#bytes;
    const start = this.#at;
    let at = start;
    for (let from = 0; from < length; from += 1) {
      const byte = value[from]!;
      const escape = escapeOf[byte]!;
      if (escape !== 0) bytes[at++] = backslash;
      bytes[at++] = escape === 0 ? byte : escape;
    }
    if (form !== 'plain' && length > 10) bytes[start + 10] = letterT;
    if (form === 'utc') bytes[at++] = letterZ;
    this.#at = at;
  }

  endLine(): void {
    this.#reserve(1);
    this.#bytes[this.#at] = lineFeed;
    this.#at += 1;
    this.#isFresh = true;
  }

  /** Returns what was written and begins anew. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at);
    this.#bytes = Buffer.allocUnsafe(this.#size);
    this.#at = 0;
    return taken;
  }

  #begin(size: number): void {
    this.#reserve(size + 1);
    if (!this.#isFresh) this.#bytes[this.#at++] = tab;
    this.#isFresh = false;
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + size));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
