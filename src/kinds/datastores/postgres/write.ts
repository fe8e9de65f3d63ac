import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { escapeIdentifier } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

import type { CanonColumn, CanonRow, CanonValue } from '../../../core/dataset/canon.ts';
import type { DatastoreTransaction, RowChange, RowQuery, WriteTarget } from '../../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { changeGuarded } from '../change-guarded.ts';
import { cutAtLines, mapLines } from '../row-lines.ts';
import { connectPostgres } from './connect.ts';
import type { PgConnection } from './connect.ts';
import type { PgColumn, PgTable } from './describe.ts';
import { findColumn, toComparison } from './expressions.ts';
import { chooseKeys, selectRows, toWhere } from './select-rows.ts';
import type { PgReader } from './session.ts';
import { named } from './trouble.ts';

/** Does everything or nothing, in a connection that nothing else goes through meanwhile. */
export async function writeInTransaction<T>(
  reader: PgReader,
  work: (transaction: DatastoreTransaction) => Promise<T>,
): Promise<T> {
  const connection = await begin(reader);
  let isWell = false;
  try {
    const result = await work(toTransaction(reader, connection));
    // A transaction that failed answers `commit` with `rollback` and no error.
    const { command } = await connection.client.query('commit');
    if (command !== 'COMMIT') throw new DatastoreTrouble('failed', 'the transaction was taken back by the server');
    isWell = true;
    return result;
  } catch (error) {
    await connection.ask('rollback').catch(() => undefined);
    throw error;
  } finally {
    if (isWell) reader.idle.push(connection);
    else await connection.close();
  }
}

/** An idle connection may have been cut off since: then a new one is asked. */
async function begin({ idle, config, signal }: PgReader): Promise<PgConnection> {
  for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
    const connection = kept;
    const isThere = await connection.ask('begin').then(
      () => true,
      () => false,
    );
    if (isThere) return connection;
    await connection.close();
    signal.throwIfAborted();
  }
  const connection = await connectPostgres(config, signal);
  await connection.ask('begin').catch(async (error: unknown) => {
    await connection.close();
    throw error;
  });
  return connection;
}

function toTransaction(reader: PgReader, connection: PgConnection): DatastoreTransaction {
  const lockRows = (query: RowQuery, keys: readonly CanonRow[]): Promise<CanonRow[]> =>
    named(query.table, () => findLocked(reader, connection, { query, keys }));
  return {
    lockRows,
    insertRows: (target, rows) => named(target.table, () => copyInto(reader, connection, { target, rows })),
    change: (target, changes) =>
      named(target.table, async () => {
        const table = await reader.table(target.table);
        return await changeGuarded(target, changes, {
          lockRows,
          make: (change) => makeChange(connection, { target, table, change }),
        });
      }),
    run: (statement, values) => named('the ledger', async () => (await connection.ask(statement, values)).rows),
  };
}

async function findLocked(
  reader: PgReader,
  connection: PgConnection,
  { query, keys }: { query: RowQuery; keys: readonly CanonRow[] },
): Promise<CanonRow[]> {
  const table = await reader.table(query.table);
  const { columns, where, finish } = selectRows({ ...query, order: 'any', after: null }, table);
  const chosen = chooseKeys(query, keys, table);
  const from = `${table.sql} as locked${chosen.join}`;
  const sql = `select ${columns} from ${from}${toWhere([...where, ...chosen.where])} for update of locked`;
  const { rows } = await connection.ask(sql, chosen.values);
  return rows.map((row) => (finish === null ? row : finish(row))).filter((row) => row !== null);
}

/** Canonical lines are the text format of COPY already; only bytes, and columns of another type, are written in another way. */
async function copyInto(
  reader: PgReader,
  connection: PgConnection,
  { target, rows }: { target: WriteTarget; rows: AsyncIterable<Uint8Array> | Iterable<Uint8Array> },
): Promise<number> {
  const table = await reader.table(target.table);
  const changes = target.columns.map((wanted) => toCopyField(findColumn(table, wanted.name), wanted));
  const names = target.columns.map(({ name }) => escapeIdentifier(name)).join(', ');
  const copy = connection.client.query(copyFrom(`copy ${table.sql} (${names}) from stdin`));
  const isPlain = changes.every((change) => change === null);
  const change = (row: CanonValue[]): CanonValue[] =>
    row.map((value, at) => (value === null ? null : (changes[at]?.(value) ?? value)));
  await pipeline(isPlain ? Readable.from(rows) : mapLines(cutAtLines(toAsync(rows)), change), copy);
  return copy.rowCount;
}

async function* toAsync(rows: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* rows;
}

function toCopyField(column: PgColumn, wanted: CanonColumn): ((value: string) => string) | null {
  if (column.type === 'bytes' && wanted.type === 'bytes') return (value) => `\\x${value}`;
  if (wanted.type === 'boolean' && column.type !== 'boolean') return (value) => (value === 'true' ? '1' : '0');
  return null;
}

async function makeChange(
  connection: PgConnection,
  { target, table, change }: { target: WriteTarget; table: PgTable; change: RowChange },
): Promise<boolean> {
  const values: CanonValue[] = [];
  const place = (value: CanonValue): string => `$${values.push(value)}`;
  const where = target.key
    .map((name, at) => {
      const wanted = target.columns.find((column) => column.name === name)!;
      return toComparison(findColumn(table, name), wanted, `${place(change.key[at] ?? null)}::text`);
    })
    .join(' and ');
  const after = target.columns.map((wanted, at) => {
    const column = findColumn(table, wanted.name);
    const value = change.after?.[at] ?? null;
    return { name: escapeIdentifier(column.name), column, wanted, value, isKey: target.key.includes(column.name) };
  });
  const write = ({ column, wanted, value }: (typeof after)[number]): string => toValue(column, wanted, value, place);
  if (change.operation === 'insert') {
    values.length = 0;
    const names = after.map(({ name }) => name).join(', ');
    const sql = `insert into ${table.sql} (${names}) overriding system value values (${after.map(write).join(', ')}) on conflict do nothing`;
    return (await connection.ask(sql, values)).count === 1;
  }
  if (change.operation === 'delete')
    return (await connection.ask(`delete from ${table.sql} where ${where}`, values)).count === 1;
  const set = after
    .filter(({ isKey, column }) => !isKey && !column.generated)
    .map((one) => `${one.name} = ${write(one)}`);
  const sql = `update ${table.sql} set ${set.join(', ')} where ${where}`;
  return (await connection.ask(sql, values)).count === 1;
}

function toValue(
  column: PgColumn,
  wanted: CanonColumn,
  value: CanonValue,
  place: (value: CanonValue) => string,
): string {
  if (value === null) return 'null';
  if (column.type === 'bytes' && wanted.type === 'bytes') return `decode(${place(value)}::text, 'hex')`;
  return place(toCopyField(column, wanted)?.(value) ?? value);
}
