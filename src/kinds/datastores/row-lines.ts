import { parseCanonLine, toCanonLine } from '../../core/dataset/canon-line.ts';
import type { CanonValue } from '../../core/dataset/canon.ts';

const lineFeed = 10;

/** Returns the same bytes in chunks that end at the end of a line. */
export async function* cutAtLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = bytes.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      const head = bytes.subarray(0, end);
      yield rest.length === 0 ? head : Buffer.concat([...rest, head]);
      rest = [];
    }
    if (end < bytes.length) rest.push(bytes.subarray(end));
  }
  if (rest.length > 0) throw new Error('expected rows to end at the end of a line, got half of one');
}

/** Returns the rows of a chunk of lines. */
export function parseLines(lines: Uint8Array): CanonValue[][] {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(lines);
  return text === '' ? [] : text.slice(0, -1).split('\n').map(parseCanonLine);
}

/** Returns lines with each row changed, or left out where `change` returns null. */
export async function* mapLines(
  chunks: AsyncIterable<Uint8Array>,
  change: (row: CanonValue[]) => CanonValue[] | null,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    let text = '';
    for (const row of parseLines(chunk)) {
      const changed = change(row);
      if (changed !== null) text += toCanonLine(changed);
    }
    if (text !== '') yield Buffer.from(text);
  }
}

/** Returns chunks of lines with each chunk changed. */
export async function* mapChunks(
  chunks: AsyncIterable<Buffer>,
  change: (lines: Buffer) => Buffer,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield change(chunk);
}

/** Returns all rows of a stream: for few of them only. */
export async function collectLines(chunks: AsyncIterable<Uint8Array>): Promise<CanonValue[][]> {
  const rows: CanonValue[][] = [];
  for await (const chunk of chunks) for (const row of parseLines(chunk)) rows.push(row);
  return rows;
}
