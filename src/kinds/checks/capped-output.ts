/** What was kept of one output stream. */
export interface KeptOutput {
  bytes: Uint8Array;
  /** Bytes that the process wrote, kept or not. */
  total: number;
  truncated: boolean;
}

/** Keeps the first and the last half of `limit` bytes of a stream of any length, in memory bounded by about that much. */
export class CappedOutput {
  readonly #half: number;
  readonly #head: Uint8Array[] = [];
  #headSize = 0;
  #tail: Uint8Array[] = [];
  #tailSize = 0;
  #total = 0;

  constructor(limit: number) {
    this.#half = Math.max(1, Math.floor(limit / 2));
  }

  add(chunk: Uint8Array): void {
    this.#total += chunk.byteLength;
    const room = this.#half - this.#headSize;
    const toHead = chunk.subarray(0, room);
    if (toHead.byteLength > 0) this.#head.push(toHead);
    this.#headSize += toHead.byteLength;
    const rest = chunk.subarray(toHead.byteLength);
    if (rest.byteLength > 0) this.#addTail(rest);
  }

  /** The kept bytes with a line between the halves that says how much was left out. */
  finish(): KeptOutput {
    const tail = Buffer.concat(this.#tail);
    const kept = tail.subarray(Math.max(0, tail.byteLength - this.#half));
    const left = this.#total - this.#headSize - kept.byteLength;
    const mark = left > 0 ? Buffer.from(`\n[tminus: ${left} bytes left out]\n`) : Buffer.alloc(0);
    return { bytes: Buffer.concat([...this.#head, mark, kept]), total: this.#total, truncated: left > 0 };
  }

  #addTail(chunk: Uint8Array): void {
    // A copy, because a small slice would keep the whole 64 KiB pool block of the stream alive.
    this.#tail.push(Uint8Array.from(chunk.subarray(Math.max(0, chunk.byteLength - this.#half))));
    this.#tailSize += this.#tail.at(-1)!.byteLength;
    if (this.#tailSize <= this.#half * 2) return;
    const joined = Buffer.concat(this.#tail);
    this.#tail = [Uint8Array.from(joined.subarray(joined.byteLength - this.#half))];
    this.#tailSize = this.#half;
  }
}
