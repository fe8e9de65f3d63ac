import { parseCanonLine } from '../../core/dataset/canon-line.ts';
import { compareKeys } from '../../core/dataset/canon/compare-keys.ts';
import type { CanonRow } from '../../core/dataset/canon.ts';
import type { RowQuery } from '../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../core/dataset/datastore-kind.ts';

const [lineFeed, tab, minus, zero, backslash] = [10, 9, 45, 48, 92];

/**
 * Returns the same chunks of lines, and throws where a row comes before the one that it follows: a merge of two sides whose orders differ finds differences
 * that are none and misses some that are.
 */
export async function* guardOrder(chunks: AsyncIterable<Uint8Array>, query: RowQuery): AsyncGenerator<Uint8Array> {
  const isInOrder = createOrderCheck(query);
  for await (const chunk of chunks) {
    if (!isInOrder(chunk)) {
      const by = query.key.join(', ');
      throw new DatastoreTrouble('unordered', `${query.table}: expected rows in the order of ${by}, got another one`);
    }
    yield chunk;
  }
}

function createOrderCheck({ columns, key }: RowQuery): (chunk: Uint8Array) => boolean {
  const positions = key.map((name) => columns.findIndex((column) => column.name === name));
  const types = positions.map((at) => columns[at]?.type ?? 'text');
  if (positions.length === 1 && types[0] === 'integer') return checkInteger(positions[0] ?? 0);
  let last: CanonRow | null = null;
  return (chunk) => {
    for (const fields of readFields(chunk, positions)) {
      if (last !== null && compareKeys(last, fields, types) > 0) return false;
      last = fields;
    }
    return true;
  };
}

function* readFields(chunk: Uint8Array, positions: readonly number[]): Generator<CanonRow> {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(lineFeed, start);
    const row = parseCanonLine(bytes.toString('utf8', start, end));
    yield positions.map((at) => row[at] ?? null);
    start = end + 1;
  }
}

/** Digits of a number that a double holds exactly. */
const exactDigits = 15;

/** The common case without making a string of each row; numbers of more digits, and a missing one, are compared as texts. */
function checkInteger(position: number): (chunk: Uint8Array) => boolean {
  let last: number | null = Number.NEGATIVE_INFINITY;
  let lastText: CanonRow = [];
  return (chunk) => {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let start = 0; start < bytes.length;) {
      let from = start;
      for (let skipped = 0; skipped < position; skipped += 1) from = bytes.indexOf(tab, from) + 1;
      let to = from;
      let value: number | null = 0;
      for (let byte = bytes[to]!; byte !== tab && byte !== lineFeed; byte = bytes[(to += 1)]!)
        if (byte !== minus) value = value * 10 + (byte - zero);
      const isExact = to - from <= exactDigits && bytes[from] !== backslash;
      if (bytes[from] === minus) value = -value;
      if (!isExact) value = null;
      if (value !== null && last !== null) {
        if (value < last) return false;
      } else {
        const text = parseCanonLine(bytes.toString('latin1', from, to));
        const before = last === null ? lastText : last === Number.NEGATIVE_INFINITY ? [null] : [String(last)];
        if (compareKeys(before, text, ['integer']) > 0) return false;
        lastText = text;
      }
      last = value;
      start = bytes.indexOf(lineFeed, to) + 1;
    }
    return true;
  };
}
