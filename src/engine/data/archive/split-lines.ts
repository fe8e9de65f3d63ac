/** A line without its line feed, and where it begins; `ended` is false for a last one without a line feed. */
export interface SplitLine {
  bytes: Buffer;
  byte: number;
  ended: boolean;
}

/** Yields the lines of a stream of bytes, whatever its chunks are; memory is that of the longest line. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SplitLine[]> {
  let held: Buffer[] = [];
  let byte = 0;
  for await (const chunk of chunks) {
    const lines: SplitLine[] = [];
    let from = 0;
    for (let feed = chunk.indexOf(10); feed !== -1; feed = chunk.indexOf(10, from)) {
      const last = Buffer.from(chunk.buffer, chunk.byteOffset + from, feed - from);
      const bytes = held.length === 0 ? last : Buffer.concat([...held, last]);
      lines.push({ bytes, byte, ended: true });
      byte += bytes.length + 1;
      held = [];
      from = feed + 1;
    }
    if (from < chunk.length) held.push(Buffer.from(chunk.subarray(from)));
    if (lines.length > 0) yield lines;
  }
  if (held.length > 0) yield [{ bytes: Buffer.concat(held), byte, ended: false }];
}
