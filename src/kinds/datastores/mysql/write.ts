import { escape } from 'mysql2';

import type { CanonRow, CanonValue } from '../../../core/dataset/canon.ts';
import type { DatastoreTransaction, RowChange, RowQuery, WriteTarget } from '../../../core/dataset/datastore-kind.ts';
import { changeGuarded } from '../change-guarded.ts';
import { cutAtLines, parseLines } from '../row-lines.ts';
import { connectMysql, toTexts } from './connect.ts';
import type { MysqlConnection } from './connect.ts';
import { quoteName } from './describe.ts';
import type { MysqlTable } from './describe.ts';
import { findColumn, toLiteral } from './expressions.ts';
import { findRows } from './find-rows.ts';
import { hasKey } from './select-rows.ts';
import type { MysqlReader } from './session.ts';
import { named } from './trouble.ts';

/** Characters of one statement, well below what servers take by default. */
const statementSize = 500_000;

/** Does everything or nothing, in a connection of its own. */
export async function writeInTransaction<T>(
  reader: MysqlReader,
  work: (transaction: DatastoreTransaction) => Promise<T>,
): Promise<T> {
  const connection = await connectMysql(reader.config, reader.signal);
  try {
    await connection.run('start transaction');
    const result = await work(toTransaction(reader, connection));
    await connection.run('commit');
    return result;
  } catch (error) {
    await connection.run('rollback').catch(() => undefined);
    throw error;
  } finally {
    connection.close();
  }
}

function toTransaction(reader: MysqlReader, connection: MysqlConnection): DatastoreTransaction {
  const locking = { ...reader, main: connection };
  const lockRows = (query: RowQuery, keys: readonly CanonRow[]): Promise<CanonRow[]> =>
    named(query.table, () => findRows(locking, { query, keys, suffix: ' for update' }));
  return {
    lockRows,
    insertRows: (target, rows) =>
      named(
        target.table,
        async () => await insertRows(connection, { target, table: await reader.table(target.table), rows }),
      ),
    change: (target, changes) =>
      named(target.table, async () => {
        const table = await reader.table(target.table);
        const make = (change: RowChange): Promise<boolean> => makeChange(connection, { target, table, change });
        return await changeGuarded(target, changes, { lockRows, make });
      }),
    run: (statement, values) =>
      named('the ledger', async () => {
        let at = 0;
        // Only a question mark outside of quotes stands for a value.
        const sql = statement.replaceAll(/'(?:[^'\\]|\\.|'')*'|"[^"]*"|`[^`]*`|\?/g, (part) =>
          part === '?' ? escape(values[at++] ?? null) : part,
        );
        return (await connection.ask(sql)).map(toTexts);
      }),
  };
}

interface Inserting {
  target: WriteTarget;
  table: MysqlTable;
  rows: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

async function insertRows(connection: MysqlConnection, { target, table, rows }: Inserting): Promise<number> {
  const into = toInto(target, table);
  let [tuples, size, count]: [string[], number, number] = [[], 0, 0];
  const flush = async (): Promise<void> => {
    if (tuples.length > 0) count += await connection.run(`${into} values ${tuples.join(', ')}`);
    [tuples, size] = [[], 0];
  };
  for await (const lines of cutAtLines(toAsync(rows))) {
    for (const row of parseLines(lines)) {
      const tuple = toTuple(row, target, table);
      size += tuple.length;
      tuples.push(tuple);
      if (size > statementSize) await flush();
    }
  }
  await flush();
  return count;
}

async function* toAsync(rows: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* rows;
}

function toInto({ columns }: WriteTarget, table: MysqlTable): string {
  return `insert into ${table.sql} (${columns.map(({ name }) => quoteName(name)).join(', ')})`;
}

function toTuple(row: readonly CanonValue[], { columns }: WriteTarget, table: MysqlTable): string {
  const values = columns.map((wanted, at) =>
    toLiteral(row[at] ?? null, findColumn(table, wanted.name), wanted, escape),
  );
  return `(${values.join(', ')})`;
}

async function makeChange(
  connection: MysqlConnection,
  { target, table, change }: { target: WriteTarget; table: MysqlTable; change: RowChange },
): Promise<boolean> {
  const { operation, key, after } = change;
  if (operation === 'insert') {
    const sql = `${toInto(target, table)} values ${toTuple(after ?? [], target, table)}`;
    return await connection.run(sql).then(
      (count) => count === 1,
      (error: { code?: string }) => {
        if (error.code === 'ER_DUP_ENTRY') return false;
        throw error as Error;
      },
    );
  }
  const where = hasKey({ ...target, where: [], order: 'any', after: null }, [key], table);
  if (operation === 'delete') return (await connection.run(`delete from ${table.sql} where ${where}`)) === 1;
  const set = target.columns.flatMap((wanted, at) => {
    const column = findColumn(table, wanted.name);
    if (target.key.includes(wanted.name) || column.generated) return [];
    return [`${quoteName(wanted.name)} = ${toLiteral(after?.[at] ?? null, column, wanted, escape)}`];
  });
  return (await connection.run(`update ${table.sql} set ${set.join(', ')} where ${where}`)) === 1;
}
