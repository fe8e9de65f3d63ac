import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { RowQuery, TableShape } from '../../../core/dataset/datastore-kind.ts';
import { spreadPoints } from '../spread-sample.ts';
import { keyColumns, quoteName, readRows } from './read-rows.ts';
import { writeValue } from './values.ts';

/** Returns the rows with these keys. */
export function findRows(
  database: DatabaseSync,
  { query, shape, keys }: { query: RowQuery; shape: TableShape; keys: readonly CanonRow[] },
): CanonRow[] {
  const columns = keyColumns(query);
  const sql = columns
    .map(
      ({ name, type }) => `${type === 'uuid' ? `lower(${quoteName(name)})` : `${quoteName(name)} collate binary`} is ?`,
    )
    .join(' and ');
  const found: CanonRow[] = [];
  const plain = { ...query, order: 'any' as const, after: null };
  for (const key of keys) {
    const values = columns.map((column, at) => writeValue(key[at] ?? null, column));
    found.push(...readRows(database, plain, shape, { sql, values }));
  }
  return found;
}

/** Returns rows spread over the table: those that follow points spread over a key of one whole number, else those with the least digests of seed and key. */
export function sampleRows(
  database: DatabaseSync,
  { query, shape, size, seed }: { query: RowQuery; shape: TableShape; size: number; seed: number },
): CanonRow[] {
  const plain = { ...query, order: 'any' as const, after: null };
  const key = keyColumns(query);
  const positions = key.map(({ name }) => query.columns.findIndex((column) => column.name === name));
  if (key.length === 1 && key[0]?.type === 'integer' && query.where.length === 0) {
    const keys = keysAtPoints(database, query, { size, seed });
    if (keys.length * 4 >= size * 3) return findRows(database, { query: plain, shape, keys });
  }
  let least: { digest: string; row: CanonRow }[] = [];
  const keep = (): void => void (least = least.toSorted((a, b) => (a.digest < b.digest ? -1 : 1)).slice(0, size));
  for (const row of readRows(database, plain, shape)) {
    const text = JSON.stringify([seed, positions.length === 0 ? row : positions.map((at) => row[at])]);
    least.push({ digest: createHash('md5').update(text).digest('hex'), row });
    if (least.length > size * 2 + 1_000) keep();
  }
  keep();
  return least.map(({ row }) => row);
}

function keysAtPoints(
  database: DatabaseSync,
  query: RowQuery,
  { size, seed }: { size: number; seed: number },
): CanonRow[] {
  const name = quoteName(query.key[0] ?? '');
  const from = ` from ${quoteName(query.table)} where typeof(${name}) = 'integer'`;
  const ends = database.prepare(`select min(${name}) as low, max(${name}) as high${from}`);
  ends.setReadBigInts(true);
  const { low, high } = ends.get() ?? {};
  if (typeof low !== 'bigint' || typeof high !== 'bigint') return [];
  const next = database.prepare(`select ${name} as at${from} and ${name} >= ? order by ${name} limit 1`);
  next.setReadBigInts(true);
  const found = spreadPoints(low, high, size, seed).map((point) => String(next.get(point)?.['at'] ?? low));
  return [...new Set(found)].map((key) => [key]);
}
