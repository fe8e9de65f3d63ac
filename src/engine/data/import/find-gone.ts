import { parseCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { RowQuery } from '../../../core/dataset/datastore-kind.ts';
import type { LedgerRow } from './ledger.ts';
import type { ImportGround } from './open-ground.ts';
import { readLedger } from './read-ledger.ts';

/** Yields what earlier imports left in the target and the source no longer has, and how many it still has: only a look by key can tell, whatever a delta saw. */
export async function* findGone(ground: ImportGround): AsyncGenerator<{ gone: LedgerRow[]; there: number }> {
  const { source, sourceQuery } = ground;
  const keys = sourceQuery.columns.filter(({ name }) => sourceQuery.key.includes(name));
  const order = sourceQuery.key.map((name) => keys.findIndex((column) => column.name === name));
  const query: RowQuery = { ...sourceQuery, columns: keys, where: [], order: 'any', after: null };
  const nameOf = (row: CanonRow): string => JSON.stringify(order.map((place) => row[place] ?? null));
  for await (const entries of readLedger(ground)) {
    const left = entries.filter(({ targetHash }) => targetHash !== null);
    if (left.length === 0) continue;
    const found = await source.rows(
      query,
      left.map(({ sourceKey }) => parseCanonLine(sourceKey)),
    );
    const there = new Set(found.map(nameOf));
    const gone = left.filter(({ sourceKey }) => !there.has(JSON.stringify(parseCanonLine(sourceKey))));
    yield { gone, there: left.length - gone.length };
  }
}
