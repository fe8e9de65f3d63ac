import { DatabaseError, escapeIdentifier } from 'pg';

import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import type { BucketHash, HashQuery } from '../../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { rangesOf } from '../bucket-ranges.ts';
import { isMeasured } from '../portable-hash.ts';
import type { PgAnswer } from './connect.ts';
import type { PgColumn, PgTable } from './describe.ts';
import { findColumn, toExpression } from './expressions.ts';
import { keyColumns, selectRows, toWhere } from './select-rows.ts';
import type { PgReader } from './session.ts';

/** Returns count and hash of every bucket that has rows, in one scan by one process of the server. */
export async function hashBuckets(reader: PgReader, query: HashQuery): Promise<BucketHash[]> {
  const { from, row, bucket } = await planHashes(reader, query);
  // Behind `offset 0` the planner knows nothing of the key: it would count on a bucket for each row and sort all of them on disk, half of the work.
  const hashed = `select ${bucket} as bucket, ${row} as hash from ${from} offset 0`;
  const sql = `select bucket, count(*), bit_xor(hash) from (${hashed}) rows group by bucket`;
  const { rows } = await askHashes(reader, query, { sql, values: [] });
  const found = rows.map(([number, count, hash]) => ({
    bucket: Number(number),
    count: Number(count),
    hash: BigInt.asUintN(64, BigInt(hash ?? '0')),
  }));
  return found.toSorted((a, b) => a.bucket - b.bucket);
}

/** Returns key and hash of every row of some buckets. */
export async function hashLeaves(
  reader: PgReader,
  query: HashQuery,
  buckets: readonly number[],
): Promise<{ key: CanonRow; hash: bigint }[]> {
  const { from, row, bucket, table } = await planHashes(reader, query);
  const key = keyColumns(query).map((one) => toExpression(findColumn(table, one.name), one).sql);
  const inside = [...rangesOf(query.bucketing, buckets, escapeIdentifier), `${bucket} = any($1::int[])`].join(' and ');
  const sql = `select ${[...key, row].join(', ')} from ${from} ${from.includes(' where ') ? 'and' : 'where'} ${inside}`;
  const { rows } = await askHashes(reader, query, { sql, values: [buckets.map(String)] });
  return rows.map((values) => ({ key: values.slice(0, -1), hash: BigInt.asUintN(64, BigInt(values.at(-1) ?? '0')) }));
}

/** A column whose type has no hash (`json`, `xml`, `point`), or a server that is too old to hash records: SQLSTATE 42883, undefined function. */
async function askHashes(
  reader: PgReader,
  { table }: HashQuery,
  { sql, values }: { sql: string; values: string[][] },
): Promise<PgAnswer> {
  try {
    return await reader.main.ask(sql, values);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== '42883') throw error;
    throw new DatastoreTrouble(
      'not_hashable',
      `${table}: expected columns that the server can hash, got others; stream them`,
    );
  }
}

interface HashPlan {
  table: PgTable;
  from: string;
  row: string;
  bucket: string;
}

async function planHashes(reader: PgReader, query: HashQuery): Promise<HashPlan> {
  const table = await reader.table(query.table);
  const key = keyColumns(query);
  const { where, finish } = selectRows({ ...query, order: 'any', after: null }, table);
  if (finish !== null && query.form === 'portable')
    throw new DatastoreTrouble(
      'not_hashable',
      `${query.table}: expected columns that the server can write canonically, got others; stream them`,
    );
  if (selectRows({ ...query, columns: key, order: 'any', after: null }, table).finish !== null)
    throw new DatastoreTrouble(
      'not_hashable',
      `${query.table}: expected conditions and a key that the server can decide, got others; stream them`,
    );
  const row = query.form === 'native' ? toRecordHash(query.columns, table) : toHash64(toPortable(query.columns, table));
  return { table, from: `${table.sql}${toWhere(where)}`, row, bucket: toBucket(query, key, table) };
}

function toRecordHash(columns: readonly CanonColumn[], table: PgTable): string {
  return `hash_record_extended(row(${columns.map(({ name }) => toHashed(findColumn(table, name))).join(', ')}), 0)`;
}

const directlyHashed = new Set(['integer', 'boolean', 'timestamptz', 'timestamp', 'date', 'time', 'uuid', 'bytes']);

/**
 * What of a column goes into the hash of a record. Hashes are equal where `=` holds, which is more than where values are the same: `hash_numeric` leaves out the sign,
 * `-0` equals `0`, `citext`, `interval` and nondeterministic collations fold.
 */
function toHashed(column: PgColumn): string {
  const name = escapeIdentifier(column.name);
  if (directlyHashed.has(column.type)) return name;
  if (column.type === 'decimal') return `${name}, ${name} < 0`;
  if (column.type === 'float') return `${column.base === 'float4' ? 'float4send' : 'float8send'}(${name})`;
  // `char(n)` is equal without the blanks at its end, which its text does not have either.
  const isText = !column.folds && ['text', 'varchar', 'bpchar'].includes(column.base);
  return isText ? name : `${name}::text collate "C"`;
}

function toHash64(text: string): string {
  return `('x' || substr(md5(${text}), 1, 16))::bit(64)::bigint`;
}

function toBucket({ bucketing, form }: HashQuery, key: readonly CanonColumn[], table: PgTable): string {
  if (bucketing.by === 'range') {
    const bounds = bucketing.bounds.join(',');
    return `width_bucket(${escapeIdentifier(bucketing.column)}::int8, '{${bounds}}'::int8[])`;
  }
  const { buckets } = bucketing;
  if (form === 'native') return `(((${toRecordHash(key, table)} % ${buckets}) + ${buckets}) % ${buckets})::int`;
  return `(('x' || substr(md5(${toPortable(key, table)}), 1, 8))::bit(32)::bigint % ${buckets})::int`;
}

/** The same text as `toPortableText` makes of canonical values. */
function toPortable(columns: readonly CanonColumn[], table: PgTable): string {
  const values = columns.map((wanted) => `coalesce((${toPart(wanted, table)})::text, '')`);
  const lengths = columns
    .filter(({ type }) => isMeasured(type))
    .map((wanted) => `coalesce(octet_length((${toPart(wanted, table)})::text), -1)`);
  return `concat_ws('|', ${[...values, lengths.length === 0 ? `''` : `concat_ws(',', ${lengths.join(', ')})`].join(', ')})`;
}

function toPart(wanted: CanonColumn, table: PgTable): string {
  const column = findColumn(table, wanted.name);
  const name = escapeIdentifier(column.name);
  if (column.type !== wanted.type) return toExpression(column, wanted).sql;
  const scale = Math.min(wanted.scale ?? 6, column.scale ?? 6);
  if (wanted.type === 'timestamptz' || wanted.type === 'timestamp') return `${name}::timestamp(${scale})`;
  if (wanted.type === 'time') return `${name}::time(${scale})`;
  return toExpression(column, wanted).sql;
}
