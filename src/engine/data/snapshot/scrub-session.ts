import { parseCanonLine, toCanonLine } from '../../../core/dataset/canon-line.ts';
import { compareKeys } from '../../../core/dataset/canon/compare-keys.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { PersonalCategory } from '../../../core/dataset/dataset.ts';
import type { DatastoreSession, RowQuery, TableShape } from '../../../core/dataset/datastore-kind.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import type { Originals } from '../../../core/dataset/snapshot/find-originals.ts';
import type { PersonalColumn, Pseudonym } from '../../../core/dataset/snapshot/pseudonym.ts';
import { typeFault } from '../../../core/dataset/snapshot/scrub-faults.ts';
import { sortRows } from '../../../kinds/datastores/records/sort-rows.ts';
import { splitLines } from '../archive/split-lines.ts';

/** What is done to rows on their way out of a datastore. */
export interface Scrubbing {
  /** Category of a column of a table; null where it is not declared personal. */
  categoryOf: (table: string, column: string) => PersonalCategory | null;
  pseudonym: Pseudonym;
  originals: Originals;
  /** Stands in the manifest, beside the versions. */
  tag: string;
  /** How many rows a table has, counted by the datastore in the snapshot that is read. */
  onCount: (table: string, rows: number) => void;
  signal: AbortSignal;
}

/** Returns a session whose streams have pseudonyms in the place of what is personal, still in the order of the key. */
export function scrubSession(session: DatastoreSession, scrubbing: Scrubbing): DatastoreSession {
  return {
    ...session,
    versions: { ...session.versions, scrubbed: scrubbing.tag },
    abilities: { ...session.abilities, hashes: [], write: false },
    stream: (query) => streamScrubbed(session, query, scrubbing),
    rows: refuseRaw,
    sample: refuseRaw,
    buckets: null,
    leaves: null,
    ask: null,
    write: null,
  };
}

const refuseRaw = (): Promise<never> => Promise.reject(new Error('expected a stream, got a question for raw rows'));

async function* streamScrubbed(
  session: DatastoreSession,
  query: RowQuery,
  scrubbing: Scrubbing,
): AsyncGenerator<Uint8Array> {
  const { table, where, key } = query;
  const personal = toPersonal(query, await session.describe(table), scrubbing);
  scrubbing.onCount(table, await session.count({ table, where, key }));
  const rows = scrubRows(session.stream(query), { query, personal, scrubbing });
  const keys = key.map((name) => query.columns.findIndex((column) => column.name === name));
  const isMoved = keys.some((at) => personal[at] !== null);
  const types = keys.map((at) => query.columns[at]?.type ?? 'text');
  const pick = (row: CanonRow): CanonRow => keys.map((at) => row[at] ?? null);
  const compare = (a: CanonRow, b: CanonRow): number => compareKeys(pick(a), pick(b), types);
  for await (const batch of isMoved ? sortRows(rows, { compare, signal: scrubbing.signal }) : rows)
    if (batch.length > 0) yield Buffer.from(batch.map((row) => toCanonLine(row)).join(''), 'utf8');
}

function toPersonal({ table, columns }: RowQuery, shape: TableShape, scrubbing: Scrubbing): (PersonalColumn | null)[] {
  return columns.map(({ name, type }) => {
    const category = scrubbing.categoryOf(table, name);
    if (category === null) return null;
    const fault = typeFault(`${table}.${name}`, type);
    if (fault !== null)
      throw new ProductError('export_refused', fault, { hint: 'nothing was written; mend the dataset and try again' });
    const nativeType = shape.columns.find((column) => column.name === name)?.nativeType ?? '';
    const limit = /char[a-z ]*\((\d+)\)/i.exec(nativeType)?.[1];
    return { name, type, category, limit: limit === undefined ? null : Number(limit) };
  });
}

async function* scrubRows(
  lines: AsyncIterable<Uint8Array>,
  { query, personal, scrubbing }: { query: RowQuery; personal: (PersonalColumn | null)[]; scrubbing: Scrubbing },
): AsyncGenerator<CanonRow[]> {
  const { pseudonym, originals } = scrubbing;
  for await (const batch of splitLines(lines))
    yield batch.map(({ bytes }) => {
      const row = parseCanonLine(bytes.toString('utf8'));
      const written = row.map((value, at) => {
        const column = personal[at] ?? null;
        return value === null || column === null ? value : pseudonym(value, column);
      });
      const key = keyOf(query, written);
      for (const [at, value] of row.entries()) {
        const column = personal[at] ?? null;
        if (value !== null && column !== null) originals.add({ ...column, column: column.name, key, value });
      }
      return written;
    });
}

/** How a row is named among originals and in what was written. */
function keyOf({ key, columns }: RowQuery, row: CanonRow): string {
  return toCanonLine(key.map((name) => row[columns.findIndex((column) => column.name === name)] ?? null));
}
