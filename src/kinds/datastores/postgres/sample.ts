import { escapeLiteral } from 'pg';

import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { RowQuery } from '../../../core/dataset/datastore-kind.ts';
import { spreadPoints } from '../spread-sample.ts';
import { findColumn, toExpression, toOrder } from './expressions.ts';
import { keyColumns, selectRows, toWhere } from './select-rows.ts';
import type { PgReader } from './session.ts';

/**
 * Returns rows spread over the table, without reading it where the key is one whole number: those that follow points spread over its range. Else, and where gaps leave
 * too few of them, the rows with the least digests of seed and key.
 */
export async function sampleRows(
  reader: PgReader,
  query: RowQuery,
  wanted: { size: number; seed: number },
): Promise<CanonRow[]> {
  const table = await reader.table(query.table);
  const selection = selectRows({ ...query, order: 'any', after: null }, table);
  const key = keyColumns(query);
  const [first] = key;
  const finish = (rows: CanonRow[]): CanonRow[] =>
    rows.map((row) => (selection.finish === null ? row : selection.finish([...row]))).filter((row) => row !== null);
  if (key.length === 1 && first?.type === 'integer') {
    const found = finish(await sampleByPoints(reader, query, wanted));
    if (found.length * 4 >= wanted.size * 3) return found;
  }
  const parts = key.map((one) => `coalesce((${toExpression(findColumn(table, one.name), one).sql})::text, '')`);
  const digest = `md5(concat_ws('|', ${[escapeLiteral(String(wanted.seed)), ...parts].join(', ')}))`;
  const order = key.length === 0 ? '' : ` order by ${digest}`;
  const sql = `select ${selection.columns} from ${table.sql}${toWhere(selection.where)}${order} limit ${wanted.size}`;
  return finish((await reader.main.ask(sql)).rows);
}

async function sampleByPoints(
  reader: PgReader,
  query: RowQuery,
  { size, seed }: { size: number; seed: number },
): Promise<CanonRow[]> {
  const table = await reader.table(query.table);
  const { columns, where } = selectRows({ ...query, order: 'any', after: null }, table);
  const [key] = keyColumns(query);
  const order = toOrder(findColumn(table, key!.name), key!);
  const ends = await reader.main.ask(
    `select min(${order})::text, max(${order})::text from ${table.sql}${toWhere(where)}`,
  );
  const [low, high] = ends.rows[0] ?? [];
  if (!low || !high || low.includes('.') || high.includes('.')) return [];
  const points = spreadPoints(BigInt(low), BigInt(high), size, seed).map(String);
  const next = `select ${order} as at from ${table.sql}${toWhere([...where, `${order} >= point`])} order by ${order} limit 1`;
  const chosen = `select distinct at from unnest($1::int8[]) point, lateral (${next}) found`;
  const sql = `select ${columns} from ${table.sql}${toWhere([...where, `${order} in (${chosen})`])}`;
  return (await reader.main.ask(sql, [points])).rows;
}
