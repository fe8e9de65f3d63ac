import { DatabaseSync } from 'node:sqlite';

import { writeFloat } from '../../../core/dataset/canon/float.ts';
import type { CanonRow, CanonValue } from '../../../core/dataset/canon.ts';
import type { RowQuery, TableShape } from '../../../core/dataset/datastore-kind.ts';
import { describeTable } from './describe.ts';
import type { SqliteRequest } from './messages.ts';
import { quoteName, readRows, toChunks } from './read-rows.ts';
import { findRows, sampleRows } from './find-rows.ts';
import type { SqliteValue } from './values.ts';
import { changeRow, insertLines } from './write-rows.ts';

let database = new DatabaseSync(':memory:');
const shapes = new Map<string, TableShape>();
const streams = new Map<number, Iterator<Uint8Array>>();
let lastStream = 0;

/** Returns what a request of the parent process asks for. All of them see the database that `open` opened. */
export function answerRequest(request: SqliteRequest): unknown {
  switch (request.do) {
    case 'open':
      return open(request);
    case 'list':
      return listTables();
    case 'describe':
      return findShape(request.table);
    case 'count':
      return countRows(request.query);
    case 'start':
      return start(request.query);
    case 'next':
      return streams.get(request.stream)?.next().value ?? null;
    case 'stop':
      streams.get(request.stream)?.return?.();
      streams.delete(request.stream);
      return null;
    case 'rows':
      return findRows(database, { ...request, shape: findShape(request.query.table) });
    case 'sample':
      return sampleRows(database, { ...request, shape: findShape(request.query.table) });
    case 'ask':
      return ask(request.statement, request.values);
    case 'insert':
      return insertLines(database, request.target, request.lines);
    case 'change':
      return changeRow(database, request.target, request.change);
    case 'begin':
      return exec('begin immediate');
    default:
      return exec(request.do);
  }
}

function exec(sql: string): null {
  database.exec(sql);
  return null;
}

function open({ path, access }: { path: string; access: 'read' | 'write' }): string {
  const readOnly = access === 'read';
  database = new DatabaseSync(path, { readOnly, timeout: 10_000, enableForeignKeyConstraints: true });
  if (readOnly) {
    database.exec('pragma query_only = on; begin');
    // The state that all reads see is fixed by the first of them.
    database.prepare('select count(*) from sqlite_schema').get();
  }
  return String(database.prepare('select sqlite_version() as version').get()?.['version']);
}

function listTables(): string[] {
  const sql = `select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by name`;
  return database
    .prepare(sql)
    .all()
    .map(({ name }) => String(name));
}

function findShape(table: string): TableShape {
  const shape = shapes.get(table) ?? describeTable(database, table);
  shapes.set(table, shape);
  return shape;
}

function countRows(query: Pick<RowQuery, 'table' | 'key' | 'where'>): number {
  const shape = findShape(query.table);
  if (query.where.length === 0)
    return Number(database.prepare(`select count(*) as n from ${quoteName(query.table)}`).get()?.['n']);
  let count = 0;
  for (const _ of readRows(database, { ...query, columns: [], order: 'any', after: null }, shape)) count += 1;
  return count;
}

function start(query: RowQuery): number {
  lastStream += 1;
  streams.set(lastStream, toChunks(readRows(database, query, findShape(query.table))));
  return lastStream;
}

function ask(statement: string, values: readonly CanonValue[]): CanonRow[] {
  const prepared = database.prepare(statement);
  prepared.setReadBigInts(true);
  prepared.setReturnArrays(true);
  if (prepared.columns().length === 0) {
    prepared.run(...values);
    shapes.clear();
    return [];
  }
  return (prepared.all(...values) as unknown as SqliteValue[][]).map((row) => row.map(toText));
}

function toText(value: SqliteValue): CanonValue {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number') return writeFloat(value);
  return typeof value === 'bigint' ? String(value) : Buffer.from(value).toString('hex');
}
