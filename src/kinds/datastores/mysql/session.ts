import type { ConnectionOptions } from 'mysql2';

import type { DatastoreContext, DatastoreSession, RowQuery, TableShape } from '../../../core/dataset/datastore-kind.ts';
import { toMysqlConfig } from '../../mysql-client.ts';
import { guardOrder } from '../order-guard.ts';
import { parseLines } from '../row-lines.ts';
import { resolveServer } from '../server-of-url.ts';
import { connectMysql, toTexts } from './connect.ts';
import type { MysqlConnection } from './connect.ts';
import { describeTable } from './describe.ts';
import type { MysqlTable } from './describe.ts';
import { findRows, sampleRows } from './find-rows.ts';
import { hashBuckets, hashLeaves } from './hashes.ts';
import { selectRows, toWhere } from './select-rows.ts';
import { named, toMysqlTrouble } from './trouble.ts';
import { writeInTransaction } from './write.ts';

/** What all reads of one session share. */
export interface MysqlReader {
  config: ConnectionOptions;
  main: MysqlConnection;
  signal: AbortSignal;
  table(name: string): Promise<MysqlTable>;
}

/**
 * Opens a session: one consistent snapshot for all reads of InnoDB, and no way to write, unless writing is what it is for. Connections cannot share a snapshot here, so a
 * session does one thing at a time: read a stream to its end, or leave it, before the next question.
 */
export async function openMysqlSession(url: string, context: DatastoreContext): Promise<DatastoreSession> {
  const config = toMysqlConfig(await resolveServer(url, context));
  const main = await connectMysql(config, context.signal);
  const isRead = context.access === 'read';
  if (isRead) {
    await main.run('set session transaction read only');
    await main.run('start transaction with consistent snapshot, read only');
  }
  const tables = new Map<string, MysqlTable>();
  const table = async (name: string): Promise<MysqlTable> => {
    const found = tables.get(name) ?? (await describeTable(main, name));
    tables.set(name, found);
    return found;
  };
  const version = toTexts((await main.ask('select version()'))[0] ?? [])[0] ?? '';
  return toSession({ config, main, signal: context.signal, table }, { version, isRead });
}

function toSession(reader: MysqlReader, { version, isRead }: { version: string; isRead: boolean }): DatastoreSession {
  const { main } = reader;
  const engine = version.includes('MariaDB') ? 'mariadb' : 'mysql';
  const listing = `select table_name from information_schema.tables where table_schema = database() order by 1`;
  return {
    versions: { engine, server: version, driver: 'mysql2' },
    abilities: { hashes: ['portable'], ordered: true, snapshot: isRead, write: !isRead },
    listTables: () => named('the tables', async () => (await main.ask(listing)).map((row) => toTexts(row)[0] ?? '')),
    describe: (table) => named(table, async () => toShape(await reader.table(table))),
    count: (query) => named(query.table, () => countRows(reader, query)),
    stream: (query) =>
      query.order === 'key' ? guardOrder(streamRows(reader, query), query) : streamRows(reader, query),
    rows: (query, keys) => named(query.table, () => findRows(reader, { query, keys })),
    sample: (query, size, seed) => named(query.table, () => sampleRows(reader, query, { size, seed })),
    buckets: (query) => named(query.table, () => hashBuckets(reader, query)),
    leaves: (query, buckets) => named(query.table, () => hashLeaves(reader, query, buckets)),
    ask: (statement) => named('the question', async () => (await main.ask(statement)).map(toTexts)),
    write: isRead ? null : (work) => named('the transaction', () => writeInTransaction(reader, work)),
    close: async () => {
      main.close();
      await Promise.resolve();
    },
  };
}

function toShape({ sql: _sql, columns, ...shape }: MysqlTable): TableShape {
  return { ...shape, columns: columns.map(({ base: _base, ...column }) => column) };
}

async function countRows(reader: MysqlReader, query: Pick<RowQuery, 'table' | 'key' | 'where'>): Promise<number> {
  const table = await reader.table(query.table);
  const plain = { ...query, columns: [], order: 'any' as const, after: null };
  const { where, isDecided } = selectRows(plain, table);
  if (isDecided) {
    const [row] = await reader.main.ask(`select count(*) from ${table.sql}${toWhere(where)}`);
    return Number(toTexts(row ?? [])[0]);
  }
  let count = 0;
  const columns = table.columns.slice(0, 1).map(({ name, type, scale }) => ({ name, type, scale }));
  for await (const chunk of streamRows(reader, { ...plain, columns })) count += parseLines(chunk).length;
  return count;
}

async function* streamRows(reader: MysqlReader, query: RowQuery): AsyncGenerator<Uint8Array> {
  try {
    const table = await reader.table(query.table);
    const { columns, where, order, write } = selectRows(query, table);
    const sql = `select ${columns} from ${table.sql}${toWhere(where)}${order}`;
    yield* reader.main.stream(sql, write);
  } catch (error) {
    throw toMysqlTrouble(error, query.table);
  }
}
