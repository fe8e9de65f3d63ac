import { compareKeys } from '../../../core/dataset/canon/compare-keys.ts';
import { meetsConditions } from '../../../core/dataset/canon/meets-conditions.ts';
import { toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import type { RowCondition } from '../../../core/dataset/dataset.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { DatastoreContext, DatastoreSession, RowQuery } from '../../../core/dataset/datastore-kind.ts';
import { LineWriter } from '../line-writer.ts';
import type { RecordSource } from './record-source.ts';
import { sortRows } from './sort-rows.ts';

const chunkLength = 65_536;
/** Room for the row that fills a chunk. */
const spareLength = 4_096;

/**
 * Returns a session over what can only be read from its beginning. Every question is one pass: rows are filtered here, ordered by a sort
 * whose memory is bounded, and nothing is written. A source that changes while it is read is the source's own trouble to tell.
 */
export function openRecordSession(source: RecordSource, context: DatastoreContext): DatastoreSession {
  const readRows = (query: Scan): AsyncGenerator<CanonRow[]> => readMatching(source, query, context.signal);
  return {
    versions: source.versions,
    abilities: { hashes: [], ordered: true, snapshot: false, write: false },
    listTables: () => source.listTables(),
    describe: (table) => source.describe(table),
    async count(query) {
      let count = 0;
      const columns = await columnsOf(source, query);
      for await (const batch of readRows({ ...query, columns })) count += batch.length;
      return count;
    },
    stream: (query) => streamLines(query, readRows, context.signal),
    async rows(query, keys) {
      const wanted = new Set(keys.map((key) => toCanonLine(key)));
      const found: CanonRow[] = [];
      const positions = positionsOf(query);
      for await (const batch of readRows(query))
        found.push(...batch.filter((row) => wanted.has(toCanonLine(pick(row, positions)))));
      return found;
    },
    sample: async (query, size, seed) => takeSample(readRows(query), size, seed),
    buckets: null,
    leaves: null,
    ask: null,
    write: null,
    close: () => source.close(),
  };
}

type Scan = Pick<RowQuery, 'table' | 'columns' | 'where'>;

/** Columns that only a condition names are read beside the others, and cut off again. */
async function* readMatching(source: RecordSource, query: Scan, signal: AbortSignal): AsyncGenerator<CanonRow[]> {
  const asked = query.columns.length;
  const columns = [...query.columns, ...(await columnsOfConditions(source, query))];
  const holds = meetsConditions(query.where, columns);
  for await (const batch of source.read(query.table, columns)) {
    signal.throwIfAborted();
    const kept = query.where.length === 0 ? batch : batch.filter(holds);
    if (kept.length > 0) yield columns.length === asked ? kept : kept.map((row) => row.slice(0, asked));
  }
  signal.throwIfAborted();
}

async function columnsOfConditions(source: RecordSource, { table, columns, where }: Scan): Promise<CanonColumn[]> {
  const have = new Set(columns.map(({ name }) => name));
  const missing = [...new Set(where.map(({ column }) => column))].filter((name) => !have.has(name));
  return missing.length === 0 ? [] : shapesOf(source, table, missing);
}

/** What a count has to read: the columns of its conditions, else the key, else the first column. */
async function columnsOf(
  source: RecordSource,
  query: { table: string; key: readonly string[]; where: readonly RowCondition[] },
): Promise<CanonColumn[]> {
  const names = [...new Set([...query.key, ...query.where.map(({ column }) => column)])];
  return shapesOf(source, query.table, names);
}

async function shapesOf(source: RecordSource, table: string, names: readonly string[]): Promise<CanonColumn[]> {
  const { columns } = await source.describe(table);
  const wanted = names.length === 0 ? columns.slice(0, 1).map(({ name }) => name) : names;
  return wanted.map((name) => {
    const found = columns.find((column) => column.name === name);
    if (!found) throw new DatastoreTrouble('missing', `${table}: expected a column ${name}, got none of that name`);
    return { name, type: found.type, scale: found.scale };
  });
}

function positionsOf({ columns, key }: Pick<RowQuery, 'columns' | 'key'>): number[] {
  return key.map((name) => columns.findIndex((column) => column.name === name));
}

function pick(row: CanonRow, positions: readonly number[]): CanonRow {
  return positions.map((position) => row[position] ?? null);
}

async function* streamLines(
  query: RowQuery,
  readRows: (query: Scan) => AsyncGenerator<CanonRow[]>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const rows = query.order === 'key' ? readInOrder(query, readRows, signal) : readRows(query);
  const lines = new LineWriter(chunkLength + spareLength);
  for await (const batch of rows) {
    for (const row of batch) {
      lines.addRow(row);
      if (lines.length >= chunkLength) yield lines.take();
    }
  }
  if (lines.length > 0) yield lines.take();
}

/** A key that stands twice is told: what is merged by key would take either for the other. */
async function* readInOrder(
  query: RowQuery,
  readRows: (query: Scan) => AsyncGenerator<CanonRow[]>,
  signal: AbortSignal,
): AsyncGenerator<CanonRow[]> {
  const positions = positionsOf(query);
  const types = positions.map((position) => query.columns[position]?.type ?? 'text');
  const compare = (a: CanonRow, b: CanonRow): number => compareKeys(pick(a, positions), pick(b, positions), types);
  const after = query.after === null ? null : toWholeRow(query, query.after);
  let last: CanonRow | null = null;
  for await (const batch of sortRows(readRows(query), { compare, signal })) {
    for (const row of batch) {
      if (last !== null && compare(last, row) === 0)
        throw new DatastoreTrouble(
          'duplicate_key',
          `${query.table}: expected each key (${query.key.join(', ')}) once, got one twice`,
        );
      last = row;
    }
    const rest = after === null ? batch : batch.filter((row) => compare(row, after) > 0);
    if (rest.length > 0) yield rest;
  }
}

function toWholeRow({ columns, key }: RowQuery, values: CanonRow): CanonRow {
  return columns.map(({ name }) => (key.includes(name) ? (values[key.indexOf(name)] ?? null) : null));
}

/** Reservoir (Vitter's algorithm R) drawn by a generator of its own, so that seed and data alone decide. */
async function takeSample(rows: AsyncIterable<CanonRow[]>, size: number, seed: number): Promise<CanonRow[]> {
  const random = createRandom(seed);
  const taken: CanonRow[] = [];
  let seen = 0;
  for await (const batch of rows)
    for (const row of batch) {
      seen += 1;
      const place = taken.length < size ? taken.length : Math.floor(random() * seen);
      if (place < size) taken[place] = row;
    }
  return taken;
}

/** Mulberry32: 32 bits of state are plenty for a sample. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
