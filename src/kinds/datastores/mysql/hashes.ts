import type { CanonColumn, CanonRow } from '../../../core/dataset/canon.ts';
import type { BucketHash, HashQuery } from '../../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { rangesOf } from '../bucket-ranges.ts';
import { isMeasured } from '../portable-hash.ts';
import { toTexts } from './connect.ts';
import { quoteName } from './describe.ts';
import type { MysqlTable } from './describe.ts';
import { findColumn, toReader, toSelected } from './expressions.ts';
import { keyColumns, selectRows, toWhere } from './select-rows.ts';
import type { MysqlReader } from './session.ts';

/** Returns count and hash of every bucket that has rows, in one scan. */
export async function hashBuckets(reader: MysqlReader, query: HashQuery): Promise<BucketHash[]> {
  const { from, row, bucket } = await planHashes(reader, query);
  const sql = `select ${bucket} as bucket, count(*), bit_xor(${row}) from ${from} group by bucket order by bucket`;
  const rows = (await reader.main.ask(sql)).map(toTexts);
  return rows.map(([number, count, hash]) => ({
    bucket: Number(number),
    count: Number(count),
    hash: BigInt(hash ?? '0'),
  }));
}

/** Returns key and hash of every row of some buckets. */
export async function hashLeaves(
  reader: MysqlReader,
  query: HashQuery,
  buckets: readonly number[],
): Promise<{ key: CanonRow; hash: bigint }[]> {
  if (buckets.length === 0) return [];
  const { table, where, row, bucket } = await planHashes(reader, query);
  const key = keyColumns(query);
  const columns = key.map(({ name }) => findColumn(table, name));
  const readers = key.map((wanted, at) => toReader(columns[at]!, wanted));
  const ranges = rangesOf(query.bucketing, buckets, quoteName);
  const inside = toWhere([...where, ...ranges, `${bucket} in (${buckets.join(', ')})`]);
  const sql = `select ${[...columns.map(toSelected), row].join(', ')} from ${table.sql}${inside}`;
  return (await reader.main.ask(sql)).map((raw) => ({
    key: readers.map((read, at) => (raw[at] ? read(raw[at]) : null)),
    hash: BigInt(raw.at(-1)?.toString('latin1') ?? '0'),
  }));
}

async function planHashes(
  reader: MysqlReader,
  query: HashQuery,
): Promise<{ table: MysqlTable; from: string; where: string[]; row: string; bucket: string }> {
  const table = await reader.table(query.table);
  const { where, isDecided } = selectRows({ ...query, order: 'any', after: null }, table);
  if (query.form === 'native' || !isDecided)
    throw new DatastoreTrouble(
      'not_hashable',
      `${query.table}: expected portable hashes under conditions that the server can decide; stream it`,
    );
  const row = `cast(conv(substr(md5(${toPortable(query.columns, table)}), 1, 16), 16, 10) as unsigned)`;
  return { table, from: `${table.sql}${toWhere(where)}`, where, row, bucket: toBucket(query, table) };
}

function toBucket(query: HashQuery, table: MysqlTable): string {
  const { bucketing } = query;
  if (bucketing.by === 'hash') {
    const key = toPortable(keyColumns(query), table);
    return `cast(conv(substr(md5(${key}), 1, 8), 16, 10) as unsigned) % ${bucketing.buckets}`;
  }
  if (bucketing.bounds.length === 0) return '0';
  // Compared as doubles unless one bound is a decimal; as decimals beyond what a double holds.
  const isLarge = bucketing.bounds.some((bound) => bound > 2n ** 53n || bound < -(2n ** 53n));
  const bounds = bucketing.bounds.map((bound) => (isLarge ? `${bound}.0` : String(bound)));
  return `interval(${quoteName(bucketing.column)}, ${bounds.join(', ')})`;
}

/** The same text as `toPortableText` makes of canonical values. */
function toPortable(columns: readonly CanonColumn[], table: MysqlTable): string {
  const values = columns.map((wanted) => `coalesce(${toPart(wanted, table)}, '')`);
  const lengths = columns
    .filter(({ type }) => isMeasured(type))
    .map((wanted) => `coalesce(octet_length(${toPart(wanted, table)}), -1)`);
  return `concat_ws('|', ${[...values, lengths.length === 0 ? `''` : `concat_ws(',', ${lengths.join(', ')})`].join(', ')})`;
}

function toPart(wanted: CanonColumn, table: MysqlTable): string {
  const column = findColumn(table, wanted.name);
  const name = quoteName(column.name);
  const { type, scale } = wanted;
  const isOwn = column.type === type;
  if (type === 'text' && column.type === 'text') return `convert(${name} using utf8mb4)`;
  if (type === 'integer' && isOwn) return column.base === 'bit' ? `${name} + 0` : `cast(${name} as char)`;
  if (type === 'decimal' && isOwn && scale !== null) return `cast(cast(${name} as decimal(65, ${scale})) as char)`;
  if (type === 'decimal' && isOwn) return column.scale === 0 ? `cast(${name} as char)` : trimZeros(name);
  if (type === 'decimal' && column.type === 'integer')
    return scale === null ? `cast(${name} as char)` : `cast(cast(${name} as decimal(65, ${scale})) as char)`;
  if (type === 'float' && isOwn) return `cast(${toSelected(column)} as char)`;
  if (type === 'boolean' && column.type === 'integer')
    return `case ${name} when 0 then 'false' when 1 then 'true' else ${name} end`;
  if (type === 'bytes' && isOwn) return `lower(hex(${name}))`;
  if (type === 'date' && isOwn) return `cast(${name} as char)`;
  if (type === 'uuid') return toUuid(column.type, name);
  if (isOwn && (type === 'timestamp' || type === 'timestamptz' || type === 'time'))
    return toTimed(wanted, column.scale ?? 0, name);
  const message = `${table.table}.${wanted.name}: expected a column that the server can write canonically, got another one; stream it`;
  throw new DatastoreTrouble('not_hashable', message);
}

function toUuid(type: string, name: string): string {
  if (type !== 'bytes') return `lower(${name})`;
  const parts = [
    [1, 8],
    [9, 4],
    [13, 4],
    [17, 4],
    [21, 12],
  ].map(([from, size]) => `substr(hex(${name}), ${from}, ${size})`);
  return `lower(concat_ws('-', ${parts.join(', ')}))`;
}

function toTimed({ type, scale }: CanonColumn, own: number, name: string): string {
  const wanted = Math.min(scale ?? 6, own);
  const value = wanted === own ? name : `cast(${name} as ${type === 'time' ? 'time' : 'datetime'}(${wanted}))`;
  return wanted === 0 ? `cast(${value} as char)` : trimZeros(value);
}

function trimZeros(value: string): string {
  return `trim(trailing '.' from trim(trailing '0' from ${value}))`;
}
