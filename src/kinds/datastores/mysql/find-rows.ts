import { escape } from 'mysql2';

import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { RowQuery } from '../../../core/dataset/datastore-kind.ts';
import { spreadPoints } from '../spread-sample.ts';
import { toTexts } from './connect.ts';
import { quoteName } from './describe.ts';
import { hasKey, isOneOf, selectRows, toWhere } from './select-rows.ts';
import type { MysqlReader } from './session.ts';

const keysAtOnce = 1_000;
const pointsAtOnce = 200;

/** Returns the rows with these keys, to the byte: a collation that folds may find more. */
export async function findRows(
  reader: Pick<MysqlReader, 'main' | 'table'>,
  { query, keys, suffix = '' }: { query: RowQuery; keys: readonly CanonRow[]; suffix?: string },
): Promise<CanonRow[]> {
  const table = await reader.table(query.table);
  const plain = { ...query, order: 'any' as const, after: null };
  const { columns, where, read } = selectRows(plain, table);
  const found: CanonRow[] = [];
  for (let from = 0; from < keys.length; from += keysAtOnce) {
    const some = keys.slice(from, from + keysAtOnce);
    const isWanted = isOneOf(plain, some);
    const sql = `select ${columns} from ${table.sql}${toWhere([...where, hasKey(plain, some, table)])}${suffix}`;
    for (const raw of await reader.main.ask(sql)) {
      const row = read(raw);
      if (row !== null && isWanted(row)) found.push(row);
    }
  }
  return found;
}

/** Returns rows spread over the table: those that follow points spread over a key of one whole number, else those with the least digests of seed and key. */
export async function sampleRows(
  reader: MysqlReader,
  query: RowQuery,
  { size, seed }: { size: number; seed: number },
): Promise<CanonRow[]> {
  const table = await reader.table(query.table);
  const plain = { ...query, order: 'any' as const, after: null };
  const { columns, where, read, isDecided } = selectRows(plain, table);
  const column = table.columns.find(({ name }) => name === query.key[0]);
  if (query.key.length === 1 && column?.type === 'integer' && isDecided) {
    const keys = await keysAtPoints(reader, { from: table.sql, where, name: quoteName(column.name) }, { size, seed });
    if (keys.length * 4 >= size * 3) return await findRows(reader, { query: plain, keys });
  }
  const parts = query.key.map((name) => `coalesce(${quoteName(name)}, '')`);
  const order =
    parts.length === 0 ? '' : ` order by md5(concat_ws('|', ${[escape(String(seed)), ...parts].join(', ')}))`;
  const limit = isDecided ? ` limit ${size}` : '';
  const rows = await reader.main.ask(`select ${columns} from ${table.sql}${toWhere(where)}${order}${limit}`);
  return rows
    .map(read)
    .filter((row) => row !== null)
    .slice(0, size);
}

async function keysAtPoints(
  reader: MysqlReader,
  { from, where, name }: { from: string; where: readonly string[]; name: string },
  { size, seed }: { size: number; seed: number },
): Promise<CanonRow[]> {
  const ends = await reader.main.ask(`select min(${name}), max(${name}) from ${from}${toWhere(where)}`);
  const [low, high] = toTexts(ends[0] ?? []);
  if (!low || !high) return [];
  const points = spreadPoints(BigInt(low), BigInt(high), size, seed);
  const found = new Set<string>();
  for (let at = 0; at < points.length; at += pointsAtOnce) {
    const selects = points
      .slice(at, at + pointsAtOnce)
      .map(
        (point) =>
          `(select ${name} from ${from}${toWhere([...where, `${name} >= ${point}`])} order by ${name} limit 1)`,
      );
    for (const [key] of (await reader.main.ask(selects.join(' union all '))).map(toTexts)) found.add(key ?? '');
  }
  return [...found].map((key) => [key]);
}
