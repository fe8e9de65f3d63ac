import { escape } from 'mysql2';

import { meetsConditions, toCanonCondition } from '../../../core/dataset/canon/meets-conditions.ts';
import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';
import type { CanonColumn, CanonRow, CanonValue } from '../../../core/dataset/canon.ts';
import type { RowCondition } from '../../../core/dataset/dataset.ts';
import type { RowQuery } from '../../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { unreadableIn } from '../unreadable-in.ts';
import type { LineWriter } from '../line-writer.ts';
import type { RawRow } from './connect.ts';
import { quoteName } from './describe.ts';
import { createDoubleWriting } from './write-double.ts';
import type { MysqlColumn, MysqlTable } from './describe.ts';
import { findColumn, toByteForm, toLiteral, toOrder, toReader, toSelected } from './expressions.ts';

/** What of a query selects rows. */
export type Selecting = Pick<RowQuery, 'table' | 'columns' | 'key' | 'where' | 'order' | 'after'>;

/** A query as the server gets it, and how its rows become canonical. */
export interface Selection {
  columns: string;
  where: string[];
  order: string;
  /** Null for a row that does not meet the conditions. */
  read: (row: RawRow) => CanonValue[] | null;
  /** Adds the line of a row, and nothing for one that does not meet the conditions. */
  write: (row: RawRow, lines: LineWriter) => void;
  /** Whether the server decides every condition. */
  isDecided: boolean;
}

/** Returns how the rows of a query are asked for. Columns that only conditions need come last and are cut off again. */
export function selectRows(query: Selecting, table: MysqlTable): Selection {
  const rest = query.where.filter((condition) => toSql(condition, table) === null);
  const decided = query.where.map((condition) => toSql(condition, table)).filter((sql) => sql !== null);
  const extra = [...new Set(rest.map(({ column }) => column))].map((name) => toCanonColumn(findColumn(table, name)));
  const read = [...query.columns, ...extra];
  const found = read.map(({ name }) => findColumn(table, name));
  const readRow = createReading(query, { read, found, rest });
  return {
    columns: found.map(toSelected).join(', ') || '1',
    where: query.after === null ? decided : [...decided, isAfter(query, query.after, table)],
    order: query.order === 'any' ? '' : ` order by ${orders(query, table).join(', ')}`,
    read: readRow,
    write: rest.length === 0 ? createWriting(query, { read, found }) : (raw, lines) => addRow(readRow(raw), lines),
    isDecided: rest.length === 0,
  };
}

/** Returns conditions as `where ...`, or nothing. */
export function toWhere(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
}

/** Returns the columns of the key as they are read. */
export function keyColumns({ columns, key, table }: Pick<RowQuery, 'columns' | 'key' | 'table'>): CanonColumn[] {
  return key.map((name) => {
    const found = columns.find((column) => column.name === name);
    if (found) return found;
    throw new DatastoreTrouble('configuration', `${table}.${name}: expected the key among the columns that are read`);
  });
}

/** Returns a condition that all rows with these keys meet. Others may, too, under a collation that folds: `isOneOf` tells. */
export function hasKey(query: Selecting, keys: readonly CanonRow[], table: MysqlTable): string {
  const columns = keyColumns(query);
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  const tuples = keys.map((key) => {
    const parts = columns.map((wanted, at) =>
      toLiteral(key[at] ?? null, findColumn(table, wanted.name), wanted, escape),
    );
    return columns.length === 1 ? parts[0] : `(${parts.join(', ')})`;
  });
  return `${columns.length === 1 ? names : `(${names})`} in (${tuples.join(', ')})`;
}

/** Returns a test whether a row has one of these keys, to the byte. */
export function isOneOf(query: Selecting, keys: readonly CanonRow[]): (row: CanonRow) => boolean {
  const wanted = new Set(keys.map((key) => JSON.stringify(key)));
  const positions = query.key.map((name) => query.columns.findIndex((column) => column.name === name));
  return (row) => wanted.has(JSON.stringify(positions.map((at) => row[at] ?? null)));
}

function toCanonColumn({ name, type, scale }: MysqlColumn): CanonColumn {
  return { name, type, scale };
}

interface Reading {
  read: readonly CanonColumn[];
  found: readonly MysqlColumn[];
  rest: readonly RowCondition[];
}

function createReading(query: Selecting, { read, found, rest }: Reading): (row: RawRow) => CanonValue[] | null {
  const readers = read.map((wanted, at) => toReader(found[at]!, wanted));
  const meets = rest.length === 0 ? null : meetsConditions(rest, found.map(toCanonColumn));
  const width = query.columns.length;
  return (raw) => {
    const row: CanonValue[] = [];
    for (let at = 0; at < readers.length; at += 1) {
      const bytes = raw[at] ?? null;
      try {
        row.push(bytes === null ? null : readers[at]!(bytes));
      } catch (error) {
        if (error instanceof UnreadableValue) throw unreadableIn(query, row, read[at]?.name ?? '', error);
        throw error;
      }
    }
    if (meets === null) return row;
    return meets(row) ? row.slice(0, width) : null;
  };
}

function addRow(row: CanonRow | null, lines: LineWriter): void {
  if (row !== null) lines.addRow(row);
}

/** Most values are canonical as the server sends them: no string is made of those. */
function createWriting(
  query: Selecting,
  { read, found }: Pick<Reading, 'read' | 'found'>,
): (raw: RawRow, lines: LineWriter) => void {
  const forms = read.map((wanted, at) => toByteForm(found[at]!, wanted));
  const readers = read.map((wanted, at) => toReader(found[at]!, wanted));
  const others = readers.map((reader, at) =>
    isDouble(found[at]!, read[at]!)
      ? createDoubleWriting(reader)
      : (bytes: Buffer, lines: LineWriter): void => lines.addText(reader(bytes)),
  );
  const readRow = createReading(query, { read, found, rest: [] });
  return (raw, lines) => {
    try {
      for (let at = 0; at < forms.length; at += 1) {
        const bytes = raw[at] ?? null;
        const form = forms[at] ?? null;
        if (bytes === null) lines.addNull();
        else if (form !== null) lines.addBytes(bytes, form);
        else others[at]!(bytes, lines);
      }
      lines.endLine();
    } catch (error) {
      // Says which value of which row it is.
      readRow(raw);
      throw error;
    }
  };
}

function isDouble(column: MysqlColumn, wanted: CanonColumn): boolean {
  return column.type === 'float' && wanted.type === 'float';
}

/** Null where only canonical rows can decide. Collations are left out of it: what folds for the engine is not equal here. */
function toSql(condition: RowCondition, table: MysqlTable): string | null {
  const column = findColumn(table, condition.column);
  const name = quoteName(column.name);
  if (condition.operator === 'missing') return `${name} is null`;
  if (condition.operator === 'exists') return `${name} is not null`;
  const isNumber = column.type === 'integer' || column.type === 'decimal';
  if (condition.operator === 'matches' || (!isNumber && column.type !== 'text') || column.base === 'bit') return null;
  const { operator, values } = toCanonCondition(condition, toCanonColumn(column));
  const left = isNumber ? name : `cast(convert(${name} using utf8mb4) as binary)`;
  const literals = values.map((value) => (isNumber ? value : `cast(${escape(value)} as binary)`));
  if (operator === 'in') return `${left} in (${literals.join(', ') || 'null'})`;
  if (operator === '!=') return `not (${left} <=> ${literals[0] ?? 'null'})`;
  return `${left} ${operator === '==' ? '=' : operator} ${literals[0] ?? 'null'}`;
}

function orders(query: Selecting, table: MysqlTable): string[] {
  return keyColumns(query).map((wanted) => toOrder(findColumn(table, wanted.name), wanted));
}

/** Written out: MySQL finds no range of an index for a comparison of rows. */
function isAfter(query: Selecting, after: CanonRow, table: MysqlTable): string {
  const columns = keyColumns(query);
  const sides = columns.map((wanted, at) => {
    const column = findColumn(table, wanted.name);
    const value = after[at] ?? null;
    if (value === null)
      throw new DatastoreTrouble('unordered', `${query.table}: expected a key without a missing value`);
    const isNative = toOrder(column, wanted) === quoteName(column.name);
    const literal =
      isNative || wanted.type === 'integer' ? toLiteral(value, column, wanted, escape) : `binary ${escape(value)}`;
    return { left: toOrder(column, wanted), literal };
  });
  const cases = sides.map(({ left, literal }, at) => {
    const same = sides.slice(0, at).map((side) => `${side.left} = ${side.literal}`);
    return [...same, `${left} > ${literal}`].join(' and ');
  });
  return `(${cases.join(' or ')})`;
}
