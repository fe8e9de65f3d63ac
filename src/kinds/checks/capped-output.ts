/** What was kept of one output stream. */
export interface KeptOutput {
  bytes: Uint8Array;
  /** Bytes that the process wrote, kept or not. */
  total: number;
  truncated: boolean;
}

/**
 * Keeps the first and the last half of `limit` bytes of a stream of any length. The tail is a ring that is written over,
 * so that a flood leaves no garbage behind: copies per chunk let the heap grow by 100 MB on the way through 1 GiB.
 */
export class CappedOutput {
  readonly #half: number;
  readonly #head: Uint8Array[] = [];
  #headSize = 0;
  #ring: Uint8Array | null = null;
  #ringTotal = 0;

  constructor(limit: number) {
    this.#half = Math.max(1, Math.floor(limit / 2));
  }

  add(chunk: Uint8Array): void {
    const toHead = chunk.subarray(0, this.#half - this.#headSize);
    if (toHead.byteLength > 0) this.#head.push(Uint8Array.from(toHead));
    this.#headSize += toHead.byteLength;
    this.#addTail(chunk.subarray(toHead.byteLength));
  }

  /** The kept bytes, with a line between the halves that says how much was left out. */
  finish(): KeptOutput {
    const kept = Math.min(this.#ringTotal, this.#half);
    const left = this.#ringTotal - kept;
    const mark = left > 0 ? Buffer.from(`\n[tminus: ${left} bytes left out]\n`) : Buffer.alloc(0);
    const bytes = Buffer.concat([...this.#head, mark, ...this.#tail(kept)]);
    return { bytes, total: this.#headSize + this.#ringTotal, truncated: left > 0 };
  }

  #addTail(chunk: Uint8Array): void {
    if (chunk.byteLength === 0) return;
    this.#ring ??= new Uint8Array(this.#half);
    const last = chunk.subarray(Math.max(0, chunk.byteLength - this.#half));
    const start = (this.#ringTotal + chunk.byteLength - last.byteLength) % this.#half;
    const beforeEnd = last.subarray(0, this.#half - start);
    this.#ring.set(beforeEnd, start);
    this.#ring.set(last.subarray(beforeEnd.byteLength), 0);
    this.#ringTotal += chunk.byteLength;
  }

  /** The ring in the order in which it was written. */
  #tail(kept: number): Uint8Array[] {
    if (!this.#ring) return [];
    const end = this.#ringTotal % this.#half;
    if (kept < this.#half) return [this.#ring.subarray(0, kept)];
    return [this.#ring.subarray(end), this.#ring.subarray(0, end)];
  }
}
