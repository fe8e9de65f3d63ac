import type { DatabaseSync } from 'node:sqlite';

import { toCanonLine } from '../../../core/dataset/canon-line.ts';
import { compareKeys } from '../../../core/dataset/canon/compare-keys.ts';
import { meetsConditions } from '../../../core/dataset/canon/meets-conditions.ts';
import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';
import type { CanonColumn, CanonRow, CanonValue } from '../../../core/dataset/canon.ts';
import type { RowQuery, TableShape } from '../../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { unreadableIn } from '../unreadable-in.ts';
import { readValue } from './values.ts';
import type { SqliteValue } from './values.ts';

/** Returns a name as it stands in statements. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Returns the canonical rows of a query, one at a time. Conditions are decided on canonical values: SQLite compares by storage class. */
export function* readRows(
  database: DatabaseSync,
  query: RowQuery,
  shape: TableShape,
  only: { sql: string; values: SqliteValue[] } = { sql: '', values: [] },
): Generator<CanonValue[]> {
  const read = toReadColumns(query, shape);
  const meets = meetsConditions(query.where, read);
  const names = read.map(({ name }) => quoteName(name)).join(', ');
  const where = [only.sql, ...afterOf(query)].filter((part) => part !== '');
  const order = query.order === 'key' ? ` order by ${keyOrder(query).join(', ')}` : '';
  const sql = `select ${names} from ${quoteName(query.table)}${where.length === 0 ? '' : ` where ${where.join(' and ')}`}${order}`;
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  const isPast = toPast(query);
  for (const values of statement.iterate(...only.values)) {
    const row = toRow(values as unknown as SqliteValue[], read, query);
    if (meets(row) && isPast(row)) yield row.slice(0, query.columns.length);
  }
}

/** Returns rows as lines, in chunks of about a quarter of a megabyte. */
export function* toChunks(rows: Iterable<CanonRow>): Generator<Uint8Array> {
  let text = '';
  for (const row of rows) {
    text += toCanonLine(row);
    if (text.length < 262_144) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

/** Returns the columns that are asked for, and behind them those that only conditions need. */
function toReadColumns({ columns, where, table }: RowQuery, shape: TableShape): CanonColumn[] {
  const find = (name: string): CanonColumn => {
    const found = shape.columns.find((column) => column.name === name);
    if (!found) throw new DatastoreTrouble('missing', `${table}.${name}: expected a column, got nothing of that name`);
    return { name, type: found.type, scale: found.scale };
  };
  for (const { name } of columns) find(name);
  const asked = new Set(columns.map(({ name }) => name));
  const extra = [...new Set(where.map(({ column }) => column))].filter((name) => !asked.has(name));
  return [...columns, ...extra.map(find)];
}

function toRow(values: readonly SqliteValue[], read: readonly CanonColumn[], query: RowQuery): CanonValue[] {
  const row: CanonValue[] = [];
  for (const [at, column] of read.entries()) {
    try {
      row.push(readValue(values[at] ?? null, column));
    } catch (error) {
      if (error instanceof UnreadableValue) throw unreadableIn(query, row, column.name, error);
      throw error;
    }
  }
  return row;
}

/** Returns the columns of the key as they are read. */
export function keyColumns({ columns, key, table }: Pick<RowQuery, 'columns' | 'key' | 'table'>): CanonColumn[] {
  return key.map((name) => {
    const found = columns.find((column) => column.name === name);
    if (found) return found;
    throw new DatastoreTrouble('configuration', `${table}.${name}: expected the key among the columns that are read`);
  });
}

function keyOrder(query: RowQuery): string[] {
  return keyColumns(query).map(({ name, type }) =>
    type === 'uuid' ? `lower(${quoteName(name)})` : `${quoteName(name)} collate binary`,
  );
}

/** What lies before is left out by the index where the key is one whole number, and row by row else. */
function afterOf({ after, key, columns }: RowQuery): string[] {
  const [first] = after ?? [];
  const isWhole = columns.find(({ name }) => name === key[0])?.type === 'integer';
  if (key.length !== 1 || !isWhole || !first || !/^-?\d{1,18}$/.test(first)) return [];
  return [`${quoteName(key[0] ?? '')} > ${first}`];
}

function toPast(query: RowQuery): (row: CanonRow) => boolean {
  const { after, columns } = query;
  if (after === null) return () => true;
  const key = keyColumns(query);
  const positions = key.map(({ name }) => columns.findIndex((column) => column.name === name));
  const types = key.map(({ type }) => type);
  return (row) =>
    compareKeys(
      positions.map((at) => row[at] ?? null),
      after,
      types,
    ) > 0;
}
