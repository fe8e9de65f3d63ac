import { parseCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { RowCondition } from '../../../core/dataset/dataset.ts';
import type { RowQuery } from '../../../core/dataset/datastore-kind.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { ledgerQuery, toLedgerRow, toLedgerRows } from './ledger.ts';
import type { LedgerRow } from './ledger.ts';
import { standardChunk } from './open-ground.ts';
import type { ImportGround } from './open-ground.ts';
import { packQuery, readPack } from './pack.ts';
import type { Pack, PackSpan } from './pack.ts';

/** Reads rows by their keys: as they are, or locked until the end of a transaction. */
export type FindRows = (query: RowQuery, keys: readonly CanonRow[]) => Promise<CanonRow[]>;

type Ledger = Pick<ImportGround, 'target' | 'ledgerName' | 'packs'>;

/** Returns the entries of these records, by key, wherever they stand. Throws `ledger_damaged` where one stands twice. */
export async function findEntries(
  { ledgerName, packs }: Ledger,
  keys: readonly string[],
  find: FindRows,
): Promise<Map<string, LedgerRow>> {
  const entries = new Map<string, LedgerRow>();
  const rows = await find(
    ledgerQuery(ledgerName),
    keys.map((key) => [ledgerName, key]),
  );
  for (const row of rows) {
    const entry = toLedgerRow(row);
    entries.set(entry.sourceKey, entry);
  }
  const spans = await packs.around(keys);
  if (spans.length === 0) return entries;
  const wanted = new Set(keys);
  for (const pack of await findPacks(ledgerName, spans, find))
    for (const entry of toLedgerRows(pack)) {
      if (!wanted.has(entry.sourceKey)) continue;
      if (entries.has(entry.sourceKey)) throw standsTwice(ledgerName);
      entries.set(entry.sourceKey, entry);
    }
  return entries;
}

async function findPacks(ledgerName: string, spans: readonly PackSpan[], find: FindRows): Promise<Pack[]> {
  const keys = spans.map(({ firstKey }) => [ledgerName, firstKey]);
  return (await find(packQuery(ledgerName), keys)).map(readPack);
}

/** Returns how many entries there are, of a batch or of all. */
export async function countEntries(ledger: Ledger, batch: string | null = null): Promise<number> {
  const rows = await ledger.target.count(ledgerQuery(ledger.ledgerName, ofBatch(batch)));
  return (await listSpans(ledger, batch)).reduce((sum, { records }) => sum + records, rows);
}

/**
 * Yields entries in chunks, of a batch or of all: those that are rows first, and then those of packs, no pack in two chunks. So whoever changes what they get finds none
 * of it again.
 */
export async function* readLedger(ledger: Ledger, batch: string | null = null): AsyncGenerator<LedgerRow[]> {
  yield* readRows(ledger, batch);
  let chunk: LedgerRow[] = [];
  for await (const pack of readPacks(ledger, batch)) {
    chunk.push(...toLedgerRows(pack));
    if (chunk.length < standardChunk) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Yields entries that are rows of their own in chunks, of a batch or of all. */
export async function* readRows({ target, ledgerName }: Ledger, batch: string | null): AsyncGenerator<LedgerRow[]> {
  const query: RowQuery = { ...ledgerQuery(ledgerName, ofBatch(batch)), order: batch === null ? 'key' : 'any' };
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let chunk: LedgerRow[] = [];
  for await (const bytes of target.stream(query)) {
    for (const line of decoder.decode(bytes).split('\n').slice(0, -1)) {
      chunk.push(toLedgerRow(parseCanonLine(line)));
      if (chunk.length < standardChunk) continue;
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}

const packsAtOnce = 10;

/** Yields packs in the order of their keys, of a batch or of all. */
export async function* readPacks(ledger: Ledger, batch: string | null): AsyncGenerator<Pack> {
  const { target, ledgerName } = ledger;
  const spans = await listSpans(ledger, batch);
  for (let from = 0; from < spans.length; from += packsAtOnce) {
    const some = spans.slice(from, from + packsAtOnce);
    const found = await findPacks(ledgerName, some, (query, keys) => target.rows(query, keys));
    const byKey = new Map(found.map((pack) => [pack.firstKey, pack]));
    for (const { firstKey } of some) {
      const pack = byKey.get(firstKey);
      if (pack !== undefined) yield pack;
    }
  }
}

async function listSpans({ packs }: Ledger, batch: string | null): Promise<PackSpan[]> {
  return (await packs.spans()).filter((span) => batch === null || span.batch === batch);
}

function ofBatch(batch: string | null): RowCondition[] {
  return batch === null ? [] : [{ column: 'batch', operator: '==', values: [batch], text: '' }];
}

function standsTwice(ledgerName: string): ProductError {
  return new ProductError('ledger_damaged', `the ledger of ${ledgerName}: expected one entry for a record, got two`, {
    hint: 'bring the tables of the ledger back from a backup: nobody knows which of the two holds',
  });
}
