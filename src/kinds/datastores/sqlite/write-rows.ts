import type { DatabaseSync } from 'node:sqlite';

import type { RowChange, WriteTarget } from '../../../core/dataset/datastore-kind.ts';
import { parseLines } from '../row-lines.ts';
import { quoteName } from './read-rows.ts';
import { writeValue } from './values.ts';
import type { SqliteValue } from './values.ts';

/** Inserts rows that are not there; throws where one is. */
export function insertLines(database: DatabaseSync, target: WriteTarget, lines: Uint8Array): number {
  const statement = database.prepare(toInsert(target));
  const rows = parseLines(lines);
  for (const row of rows) statement.run(...target.columns.map((column, at) => writeValue(row[at] ?? null, column)));
  return rows.length;
}

/** Makes a change of one row; false where none, or more than one, was touched. */
export function changeRow(database: DatabaseSync, target: WriteTarget, { operation, key, after }: RowChange): boolean {
  const { table, columns } = target;
  const values = columns.map((column, at) => writeValue(after?.[at] ?? null, column));
  const run = (sql: string, given: readonly SqliteValue[]): boolean =>
    Number(database.prepare(sql).run(...given).changes) === 1;
  if (operation === 'insert') return run(`${toInsert(target)} on conflict do nothing`, values);
  const keys = target.key.map((name) => columns.findIndex((column) => column.name === name));
  const keyed = keys.map((at, part) => writeValue(key[part] ?? null, columns[at]!));
  const where = ` where ${target.key.map((name, part) => `${toKey(name, columns[keys[part]!]?.type)} is ?`).join(' and ')}`;
  if (operation === 'delete') return run(`delete from ${quoteName(table)}${where}`, keyed);
  const set = columns.flatMap(({ name }, at) => (keys.includes(at) ? [] : [{ sql: `${quoteName(name)} = ?`, at }]));
  const sql = `update ${quoteName(table)} set ${set.map((one) => one.sql).join(', ')}${where}`;
  return run(sql, [...set.map(({ at }) => values[at] ?? null), ...keyed]);
}

function toKey(name: string, type: string | undefined): string {
  return type === 'uuid' ? `lower(${quoteName(name)})` : `${quoteName(name)} collate binary`;
}

function toInsert({ table, columns }: WriteTarget): string {
  const names = columns.map(({ name }) => quoteName(name)).join(', ');
  return `insert into ${quoteName(table)} (${names}) values (${columns.map(() => '?').join(', ')})`;
}
