import { createHash } from 'node:crypto';

import { parseCanonLine } from '../../../core/dataset/canon-line.ts';
import { compareKeys } from '../../../core/dataset/canon/compare-keys.ts';
import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import type { DatastoreSession, RowQuery, WriteTarget } from '../../../core/dataset/datastore-kind.ts';
import { parsePack } from '../../../core/dataset/import/ledger-pack.ts';
import type { PackedEntry } from '../../../core/dataset/import/ledger-pack.ts';
import { ProductError } from '../../../core/error/product-error.ts';

/**
 * Entries of records that follow each other, as one row beside the ledger: what a first import writes. A row for each costs more than the row that it tells of. Whoever
 * changes one of them writes all of them out as entries of their own first, so that a key stands in one place only.
 */
export const packTable = 'tminus_import_pack';

const spanNames = ['dataset', 'first_key', 'last_key', 'batch', 'records', 'rows_first', 'rows_last', 'rows_sha256'];
const names = [...spanNames, 'mapping', 'sha256', 'body'];

/** The packs as a table to be written. */
export const packTarget: WriteTarget = {
  table: packTable,
  columns: names.map((name) => ({ name, type: 'text', scale: null })),
  key: ['dataset', 'first_key'],
};

/** Where a pack lies between the keys of the source, without its entries. */
export interface PackSpan {
  firstKey: string;
  lastKey: string;
  batch: string;
  records: number;
  /** The rows that it left in the target, if they follow each other there as its entries do; null where it left none. */
  rows: PackedRows | null;
}

/** Rows of the target that follow each other: keys of the first and the last, and the digest of their lines. */
export interface PackedRows {
  first: string;
  last: string;
  sha256: string;
}

/** A pack with its entries. */
export interface Pack extends PackSpan {
  entries(): PackedEntry[];
  row: CanonRow;
}

/** What a pack is made of. */
export interface PackDraft extends PackSpan {
  dataset: string;
  mapping: string;
  body: string;
}

/** Returns the row that a pack is, with a digest over all of it. */
export function toPackRow({ dataset, firstKey, lastKey, batch, records, rows, mapping, body }: PackDraft): CanonRow {
  const { first = null, last = null, sha256 = null } = rows ?? {};
  const named = [dataset, firstKey, lastKey, batch, String(records), first, last, sha256, mapping];
  return [...named, sha256Of([...named, body]), body];
}

/** With the length of each part, so that none can pass for two. */
function sha256Of(parts: CanonRow): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part === null ? '-' : `${part.length}:${part}`);
  return digest.digest('hex');
}

/** Returns the pack that a row is; throws `ledger_damaged` where it is not as it was written. */
export function readPack(row: CanonRow): Pack {
  const [sha256, body] = [row.at(-2), row.at(-1) ?? null];
  const span = readSpan(row);
  if (sha256Of([...row.slice(0, -2), body]) !== sha256)
    throw new ProductError(
      'ledger_damaged',
      `${packTable}, dataset ${row[0] ?? ''}, batch ${span.batch}: expected ${span.records} entries as an import wrote them, got others`,
      { hint: 'bring the table back from a backup: without it nobody knows what imports left in the target' },
    );
  return { ...span, entries: () => parsePack(body ?? '', row.at(-3) ?? ''), row };
}

function readSpan([, firstKey, lastKey, batch, records, first, last, sha256]: CanonRow): PackSpan {
  return {
    firstKey: firstKey ?? '',
    lastKey: lastKey ?? '',
    batch: batch ?? '',
    records: Number(records),
    rows: first == null || last == null || sha256 == null ? null : { first, last, sha256 },
  };
}

/** Returns the question for packs of a dataset. */
export function packQuery(dataset: string, where: RowQuery['where'] = []): RowQuery {
  const own = { column: 'dataset', operator: '==' as const, values: [dataset], text: '' };
  return { ...packTarget, where: [own, ...where], order: 'any', after: null };
}

/** The packs of a dataset by their keys, as they were when first asked for: one that is no longer there has been written out since. */
export interface PackBook {
  spans(): Promise<readonly PackSpan[]>;
  /** Those in which one of these keys may lie. */
  around(keys: readonly string[]): Promise<PackSpan[]>;
  /** Whether no pack lies between two keys. */
  isFree(firstKey: string, lastKey: string): Promise<boolean>;
  /** Below zero where one key comes before another in the source. */
  compare(a: string, b: string): number;
  /** Lets it be read again. */
  forget(): void;
}

/** Returns the book of a dataset whose source has keys of these types. */
export function openPackBook(
  target: DatastoreSession,
  dataset: string,
  types: readonly CanonColumn['type'][],
): PackBook {
  const compare = (a: string, b: string): number => compareKeys(parseCanonLine(a), parseCanonLine(b), types);
  let read: Promise<readonly PackSpan[]> | null = null;
  const spans = (): Promise<readonly PackSpan[]> => (read ??= readSpans(target, dataset, compare));
  return {
    spans,
    compare,
    forget: () => {
      read = null;
    },
    async around(keys) {
      const all = await spans();
      return all.length === 0 ? [] : [...new Set(keys.flatMap((key) => spanOf(all, key, compare) ?? []))];
    },
    isFree: async (firstKey, lastKey) =>
      (await spans()).every((span) => compare(span.lastKey, firstKey) < 0 || compare(lastKey, span.firstKey) < 0),
  };
}

/** Spans lie apart from each other, in order. */
function spanOf(spans: readonly PackSpan[], key: string, compare: PackBook['compare']): PackSpan | null {
  let [low, high] = [0, spans.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const span = spans[middle]!;
    if (compare(key, span.firstKey) < 0) high = middle - 1;
    else if (compare(key, span.lastKey) > 0) low = middle + 1;
    else return span;
  }
  return null;
}

async function readSpans(
  target: DatastoreSession,
  dataset: string,
  compare: PackBook['compare'],
): Promise<readonly PackSpan[]> {
  if (!(await target.listTables()).includes(packTable)) return [];
  const found: PackSpan[] = [];
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const columns = packTarget.columns.slice(0, spanNames.length);
  for await (const bytes of target.stream({ ...packQuery(dataset), columns }))
    for (const line of decoder.decode(bytes).split('\n').slice(0, -1)) found.push(readSpan(parseCanonLine(line)));
  return found.toSorted((a, b) => compare(a.firstKey, b.firstKey));
}
