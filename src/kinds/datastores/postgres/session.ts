import type { ClientConfig } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

import type { CanonRow, CanonValue } from '../../../core/dataset/canon.ts';
import type { DatastoreContext, DatastoreSession, RowQuery, TableShape } from '../../../core/dataset/datastore-kind.ts';
import { toPostgresConfig } from '../../postgres-client.ts';
import { guardOrder } from '../order-guard.ts';
import { cutAtLines, mapChunks, mapLines, parseLines } from '../row-lines.ts';
import { resolveServer } from '../server-of-url.ts';
import { connectPostgres, dropPostgres } from './connect.ts';
import type { PgConnection } from './connect.ts';
import { copyColumns } from './copied-columns.ts';
import { describeTable } from './describe.ts';
import type { PgTable } from './describe.ts';
import { hashBuckets, hashLeaves } from './hashes.ts';
import { sampleRows } from './sample.ts';
import { chooseKeys, selectRows, toWhere } from './select-rows.ts';
import { named, toPostgresTrouble } from './trouble.ts';
import { writeInTransaction } from './write.ts';

/** What all reads of one session share. */
export interface PgReader {
  config: ClientConfig;
  main: PgConnection;
  /** Of the transaction that all reads see; null in a session that writes, where each read sees what is there. */
  snapshot: string | null;
  signal: AbortSignal;
  table(name: string): Promise<PgTable>;
  /** Connections whose last transaction has ended well: a new one for each would cost more than a small transaction does. */
  idle: PgConnection[];
}

const listing = `select case when pg_table_is_visible(c.oid) then relname else nspname || '.' || relname end
from pg_class c join pg_namespace n on n.oid = relnamespace where relkind in ('r', 'p', 'v', 'm', 'f') and not relispartition
  and nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_toast|^pg_temp' order by 1`;

/** Opens a session: one snapshot for all reads, and no way to write, unless writing is what it is for. */
export async function openPostgresSession(url: string, context: DatastoreContext): Promise<DatastoreSession> {
  return openPostgresAt(toPostgresConfig(await resolveServer(url, context)), context);
}

/** The same on a server that no document names: the one that Tminus keeps its own data on, or one that it started itself. */
export async function openPostgresAt(
  config: ClientConfig,
  context: Pick<DatastoreContext, 'signal' | 'access'>,
): Promise<DatastoreSession> {
  const main = await connectPostgres(config, context.signal);
  const isRead = context.access === 'read';
  if (isRead) await main.ask('begin transaction isolation level repeatable read read only');
  const snapshot = isRead ? ((await main.ask('select pg_export_snapshot()')).rows[0]?.[0] ?? null) : null;
  const tables = new Map<string, PgTable>();
  const table = async (name: string): Promise<PgTable> => {
    const found = tables.get(name) ?? (await describeTable(main, name));
    tables.set(name, found);
    return found;
  };
  const reader: PgReader = { config, main, snapshot, signal: context.signal, table, idle: [] };
  const version = (await main.ask('show server_version')).rows[0]?.[0] ?? '';
  return toSession(reader, version);
}

function toSession(reader: PgReader, version: string): DatastoreSession {
  const { main, snapshot, signal } = reader;
  // A connection that was cut off says only that it ended: what ended it is said instead.
  const told = <T>(subject: string, work: () => Promise<T>): Promise<T> =>
    named(subject, () =>
      work().catch((error: unknown) => {
        signal.throwIfAborted();
        throw error;
      }),
    );
  return {
    versions: { engine: 'postgres', server: version, driver: 'pg', snapshot },
    abilities: { hashes: ['portable', 'native'], ordered: true, snapshot: snapshot !== null, write: snapshot === null },
    listTables: () => told('the tables', async () => (await main.ask(listing)).rows.map(([name]) => name ?? '')),
    describe: (table) => told(table, async () => toShape(await reader.table(table))),
    count: (query) => told(query.table, () => kept(reader, () => countRows(reader, query))),
    stream: (query) => streamRows(reader, query),
    rows: (query, keys) => told(query.table, () => kept(reader, () => findRows(reader, query, keys))),
    sample: (query, size, seed) =>
      told(query.table, () => kept(reader, () => sampleRows(reader, query, { size, seed }))),
    buckets: (query) => told(query.table, () => kept(reader, () => hashBuckets(reader, query))),
    leaves: (query, buckets) => told(query.table, () => kept(reader, () => hashLeaves(reader, query, buckets))),
    ask: (statement) => told('the question', () => kept(reader, async () => (await main.ask(statement)).rows)),
    write: snapshot === null ? (work) => told('the transaction', () => writeInTransaction(reader, work)) : null,
    close: async () => {
      for (const connection of [main, ...reader.idle.splice(0)]) await connection.close();
    },
  };
}

/** A statement that fails would take the transaction, and with it the snapshot, down with it. */
async function kept<T>({ main, snapshot }: PgReader, work: () => Promise<T>): Promise<T> {
  if (snapshot === null) return await work();
  await main.ask('savepoint tminus');
  try {
    return await work();
  } catch (error) {
    await main.ask('rollback to savepoint tminus').catch(() => undefined);
    throw error;
  } finally {
    await main.ask('release savepoint tminus').catch(() => undefined);
  }
}

function toShape({ sql: _sql, columns, ...shape }: PgTable): TableShape {
  return { ...shape, columns: columns.map(({ base: _base, exact: _exact, folds: _folds, ...column }) => column) };
}

async function countRows(reader: PgReader, query: Pick<RowQuery, 'table' | 'key' | 'where'>): Promise<number> {
  const table = await reader.table(query.table);
  const selection = selectRows({ ...query, columns: [], order: 'any', after: null }, table);
  if (selection.finish === null) {
    const sql = `select count(*) from ${table.sql}${toWhere(selection.where)}`;
    return Number((await reader.main.ask(sql)).rows[0]?.[0]);
  }
  let count = 0;
  const columns = table.columns.slice(0, 1).map(({ name, type, scale }) => ({ name, type, scale }));
  const lines = streamRows(reader, { ...query, columns, order: 'any', after: null });
  for await (const chunk of lines) count += parseLines(chunk).length;
  return count;
}

/** Returns rows as lines, by a connection of their own that sees what the session sees; given up on, the connection is dropped. */
async function* streamRows(reader: PgReader, query: RowQuery): AsyncGenerator<Uint8Array> {
  try {
    const table = await reader.table(query.table);
    const { columns, where, order, finish } = selectRows(query, table);
    const copied = finish === null ? copyColumns(query, table) : null;
    const statement = `copy (select ${copied?.sql ?? columns} from ${table.sql}${toWhere(where)}${order}) to stdout`;
    const lines = cutAtLines(copyRows(reader, statement));
    const finished =
      copied !== null ? mapChunks(lines, copied.finish) : finish === null ? lines : mapLines(lines, finish);
    yield* query.order === 'key' ? guardOrder(finished, query) : finished;
  } catch (error) {
    // What cut the connection is said, and not that it was cut.
    reader.signal.throwIfAborted();
    throw toPostgresTrouble(error, query.table);
  }
}

/** Bytes that wait to be read: so many that the server has work while others have the processor. */
const ahead = 1024 * 1024;

async function* copyRows({ config, snapshot, signal }: PgReader, statement: string): AsyncGenerator<Uint8Array> {
  const connection = await connectPostgres(config, signal);
  let isDone = false;
  try {
    await connection.ask('begin transaction isolation level repeatable read read only');
    if (snapshot !== null) await connection.ask(`set transaction snapshot '${snapshot}'`);
    yield* connection.client.query(copyTo(statement, { highWaterMark: ahead }));
    isDone = true;
  } finally {
    await (isDone || signal.aborted ? connection.close() : dropPostgres(connection, config));
  }
}

const keysAtOnce = 5_000;

async function findRows(reader: PgReader, query: RowQuery, keys: readonly CanonRow[]): Promise<CanonRow[]> {
  const table = await reader.table(query.table);
  const { columns, where, finish } = selectRows({ ...query, order: 'any', after: null }, table);
  const found: CanonValue[][] = [];
  for (let from = 0; from < keys.length; from += keysAtOnce) {
    const chosen = chooseKeys(query, keys.slice(from, from + keysAtOnce), table);
    const sql = `select ${columns} from ${table.sql}${chosen.join}${toWhere([...where, ...chosen.where])}`;
    const { rows } = await reader.main.ask(sql, chosen.values);
    for (const row of rows) {
      const finished = finish === null ? row : finish(row);
      if (finished !== null) found.push(finished);
    }
  }
  return found;
}
