const lineFeed = 10;
const tab = 9;
const emptyChunk = new Uint8Array(0);

/** A cursor over canonical lines that come in chunks, which end at the end of a line. Holds one chunk at a time. */
export class LineReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = emptyChunk;
  #at = 0;
  /** Lines and bytes passed. */
  lines = 0;
  bytes = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** True where there is a line to look at without reading on. */
  get ready(): boolean {
    return this.#at < this.#chunk.length;
  }

  /** True where there is a line to look at; reads on where the chunk is through. Throws where a chunk ends inside a line. */
  async fill(): Promise<boolean> {
    while (this.#at >= this.#chunk.length) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return false;
      if (value.length > 0 && value.at(-1) !== lineFeed)
        throw new Error('stream: expected chunks of whole lines, got a part of one');
      this.#chunk = value;
      this.#at = 0;
    }
    return true;
  }

  /** The bytes of the line without its line feed; the same buffer as the chunk, so use it before the next `fill`. */
  line(): Uint8Array {
    return this.#chunk.subarray(this.#at, this.#chunk.indexOf(lineFeed, this.#at));
  }

  next(): void {
    const end = this.#chunk.indexOf(lineFeed, this.#at) + 1;
    this.lines += 1;
    this.bytes += end - this.#at;
    this.#at = end;
  }

  /**
   * Passes whole lines that are the same here and in `other`, as far as both chunks reach. Compares blocks, not lines: nearly everything is equal, and
   * comparing memory costs a tenth of finding line ends.
   */
  passEqual(other: LineReader, block: number): boolean {
    const size = Math.min(this.#chunk.length - this.#at, other.#chunk.length - other.#at, block);
    if (size === 0) return false;
    const [mine, theirs] = [toBuffer(this.#chunk), toBuffer(other.#chunk)];
    if (mine.compare(theirs, other.#at, other.#at + size, this.#at, this.#at + size) !== 0) return false;
    const last = mine.lastIndexOf(lineFeed, this.#at + size - 1);
    if (last < this.#at) return false;
    const passed = last + 1 - this.#at;
    const lines = countLines(mine, this.#at, last + 1);
    this.#pass(passed, lines);
    other.#pass(passed, lines);
    return true;
  }

  /** Ends the reading on the side where the lines come from. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #pass(bytes: number, lines: number): void {
    this.#at += bytes;
    this.bytes += bytes;
    this.lines += lines;
  }
}

function countLines(buffer: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let at = buffer.indexOf(lineFeed, from); at !== -1 && at < to; at = buffer.indexOf(lineFeed, at + 1)) lines += 1;
  return lines;
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The text of the first `count` fields of a line. */
export function keyOf(line: Uint8Array, count: number): string {
  let end = -1;
  for (let field = 0; field < count; field += 1) {
    end = line.indexOf(tab, end + 1);
    if (end === -1) return toBuffer(line).toString('utf8');
  }
  return toBuffer(line.subarray(0, end)).toString('utf8');
}

/** The text of a line. */
export function textOf(line: Uint8Array): string {
  return toBuffer(line).toString('utf8');
}
