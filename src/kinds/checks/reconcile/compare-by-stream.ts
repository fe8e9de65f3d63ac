import { parseCanonLine, toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { RowQuery } from '../../../core/dataset/datastore-kind.ts';
import { compareLines } from '../../../core/dataset/reconcile/compare-lines.ts';
import type { LineDifference } from '../../../core/dataset/reconcile/compare-lines.ts';
import { compareRows } from '../../../core/dataset/reconcile/compare-rows.ts';
import type { ComparedCounts, Comparison, ComparisonSink, MapRow } from './comparison.ts';

const chunkLength = 64 * 1024;

/** Compares every row of both sides as their lines come, in the order of the key; memory does not grow with them. */
export async function compareByStream(comparison: Comparison, sink: ComparisonSink): Promise<ComparedCounts> {
  const { source, target, columns, keyLength, mapRow, signal } = comparison;
  const repeats = keyLength === 0;
  const read = { lines: 0, bytes: 0 };
  const sourceLines = source.session.stream(toQuery(source.query, repeats));
  const counts = await compareLines({
    source: mapRow === null ? sourceLines : mapLines(sourceLines, mapRow, read),
    target: target.session.stream(toQuery(target.query, repeats)),
    key: (repeats ? columns : columns.slice(0, keyLength)).map(({ type }) => type),
    repeats,
    onDifference: (difference) => {
      signal.throwIfAborted();
      report(comparison, sink, difference);
    },
    onProgress: (so) => {
      signal.throwIfAborted();
      sink.progress(Math.max(so.source, so.target));
    },
  });
  const lines = mapRow === null ? counts.source : read.lines;
  return {
    ...counts,
    source: lines,
    compared: counts.source,
    sourceBytes: mapRow === null ? counts.sourceBytes : read.bytes,
  };
}

/** Without a key, every column is one: rows that are the same on both sides come at the same place. */
function toQuery(query: RowQuery, repeats: boolean): RowQuery {
  return { ...query, order: 'key', key: repeats ? query.columns.map(({ name }) => name) : query.key };
}

function report(comparison: Comparison, sink: ComparisonSink, difference: LineDifference): void {
  const { keyLength, columns, dataset, tolerated } = comparison;
  const row = difference.source ?? difference.target;
  const key = keyLength === 0 ? row : row.slice(0, keyLength);
  if (difference.kind !== 'changed') return sink.add({ ...difference, key });
  const compared = compareRows(difference.source, difference.target, { columns, tolerances: dataset.tolerances });
  for (const column of compared.tolerated) tolerated.set(column, (tolerated.get(column) ?? 0) + 1);
  if (compared.values.length > 0) sink.add({ ...difference, key, values: compared.values });
}

/** Lines of the source as lines of the target: mapped, and without what a skip rule leaves out. */
async function* mapLines(
  chunks: AsyncIterable<Uint8Array>,
  mapRow: MapRow,
  read: { lines: number; bytes: number },
): AsyncGenerator<Uint8Array> {
  let mapped: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    read.bytes += chunk.length;
    for (const line of linesOf(chunk)) {
      read.lines += 1;
      const row = mapRow(parseCanonLine(line));
      if (row === null) continue;
      const text = toCanonLine(row);
      mapped.push(text);
      length += text.length;
    }
    if (length < chunkLength) continue;
    yield Buffer.from(mapped.join(''));
    mapped = [];
    length = 0;
  }
  if (mapped.length > 0) yield Buffer.from(mapped.join(''));
}

/** A line may be empty: a row of one column with an empty text. Only what follows the last line feed is no line. */
function linesOf(chunk: Uint8Array): string[] {
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('utf8');
  return text === '' ? [] : text.slice(0, -1).split('\n');
}
