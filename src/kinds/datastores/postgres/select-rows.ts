import { escapeLiteral } from 'pg';

import { meetsConditions } from '../../../core/dataset/canon/meets-conditions.ts';
import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';
import type { CanonColumn, CanonRow, CanonValue } from '../../../core/dataset/canon.ts';
import type { RowQuery } from '../../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { splitConditions, toCanonColumn } from './conditions.ts';
import type { PgTable } from './describe.ts';
import { unreadableIn } from '../unreadable-in.ts';
import { findColumn, toComparison, toExpression, toMembership, toOrder } from './expressions.ts';

/** A query as the server gets it, and what is left to do with its rows. */
export interface Selection {
  /** What stands between `select` and `from`. */
  columns: string;
  where: string[];
  order: string;
  /** Null where the rows come as they are wanted; null for a row that does not belong to them. */
  finish: ((row: CanonValue[]) => CanonValue[] | null) | null;
}

/** Returns how the rows of a query are asked for. Columns that only conditions need come last and are cut off again. */
export function selectRows(
  query: Pick<RowQuery, 'columns' | 'key' | 'where' | 'order' | 'after' | 'table'>,
  table: PgTable,
): Selection {
  const { sql, rest } = splitConditions(query.where, table);
  const extra = [...new Set(rest.map(({ column }) => column))].map((name) => toCanonColumn(findColumn(table, name)));
  const read = [...query.columns, ...extra];
  const expressions = read.map((wanted) => toExpression(findColumn(table, wanted.name), wanted));
  const needsFix = expressions.some(({ fix }) => fix !== null);
  const meets = meetsConditions(rest, [
    ...query.columns.map(() => ({ name: '', type: 'text' as const, scale: null })),
    ...extra,
  ]);
  const fix = (row: CanonValue[]): CanonValue[] | null => {
    const fixed = row.map((value, at) =>
      fixValue({ value, fix: expressions[at]?.fix ?? null, column: read[at]!, query, row }),
    );
    return meets(fixed) ? fixed.slice(0, query.columns.length) : null;
  };
  return {
    columns: expressions.map(({ sql: one }) => one).join(', '),
    where: query.after === null ? sql : [...sql, isAfter(query, query.after, table)],
    order: query.order === 'any' ? '' : ` order by ${orders(query, table).join(', ')}`,
    finish: needsFix || rest.length > 0 ? fix : null,
  };
}

/** Returns a condition as `where ...`, or nothing. */
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

/** What leaves the rows with some keys: a join, or a condition; values are the arrays for its parameters, which begin at `$1`. */
interface KeyChoice {
  join: string;
  where: string[];
  values: CanonValue[][];
}

/** Returns what leaves the rows with these keys. A key of one column is looked up by its index: beside a join the planner reads the whole table for a few thousand of them. */
export function chooseKeys(
  query: Pick<RowQuery, 'columns' | 'key' | 'table'>,
  keys: readonly CanonRow[],
  table: PgTable,
): KeyChoice {
  const columns = keyColumns(query);
  const values = columns.map((_, at) => keys.map((key) => key[at] ?? null));
  const [first] = columns;
  const membership = columns.length === 1 && first ? toMembership(findColumn(table, first.name), first, '$1') : null;
  if (membership !== null) return { join: '', where: [membership], values };
  const names = columns.map((_, at) => `wanted_${at}`);
  const arrays = columns.map((_, at) => `$${at + 1}::text[]`);
  const on = columns.map((wanted, at) => toComparison(findColumn(table, wanted.name), wanted, `wanted.${names[at]}`));
  const join = ` join unnest(${arrays.join(', ')}) as wanted (${names.join(', ')}) on ${on.join(' and ')}`;
  return { join, where: [], values };
}

function orders(query: Pick<RowQuery, 'columns' | 'key' | 'table'>, table: PgTable): string[] {
  return keyColumns(query).map((wanted) => {
    const column = findColumn(table, wanted.name);
    // Said only where there can be nulls: an index has them last, and would not be used.
    return `${toOrder(column, wanted)}${column.nullable ? ' nulls first' : ''}`;
  });
}

function isAfter(query: Pick<RowQuery, 'columns' | 'key' | 'table'>, after: CanonRow, table: PgTable): string {
  const columns = keyColumns(query);
  const left = columns.map((wanted) => toOrder(findColumn(table, wanted.name), wanted));
  const right = columns.map(({ type }, at) => {
    const value = after[at] ?? null;
    if (value === null)
      throw new DatastoreTrouble('unordered', `${query.table}: expected a key without a missing value`);
    return type === 'integer' ? `${escapeLiteral(value)}::numeric::int8` : escapeLiteral(value);
  });
  return `(${left.join(', ')}) > (${right.join(', ')})`;
}

interface Field {
  value: CanonValue;
  fix: ((text: string) => string) | null;
  column: CanonColumn;
  query: Pick<RowQuery, 'key' | 'columns' | 'table'>;
  row: readonly CanonValue[];
}

function fixValue({ value, fix, column, query, row }: Field): CanonValue {
  if (value === null || fix === null) return value;
  try {
    return fix(value);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    throw unreadableIn(query, row, column.name, error);
  }
}
