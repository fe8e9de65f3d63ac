import type {
  DatastoreContext,
  DatastoreSession,
  DatastoreTransaction,
  RowQuery,
} from '../../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { resolveDatabase } from '../../checks/sql/query-sqlite.ts';
import { QueryTrouble } from '../../checks/sql/query-trouble.ts';
import { readConnection } from '../../checks/sql/read-connection.ts';
import { changeGuarded } from '../change-guarded.ts';
import { guardOrder } from '../order-guard.ts';
import { cutAtLines } from '../row-lines.ts';
import { startChild } from './child.ts';
import type { SqliteChild } from './child.ts';

/** Opens a session with a database file of the workspace, in a process of its own. A reading one sees one state, and cannot write. */
export async function openSqliteSession(url: string, context: DatastoreContext): Promise<DatastoreSession> {
  const path = await findFile(url, context.workspace);
  const { signal, access } = context;
  const child = startChild(signal);
  try {
    const version = await child.ask({ do: 'open', path, access });
    return toSession(child, { version, access });
  } catch (error) {
    await child.close();
    throw error;
  }
}

async function findFile(url: string, workspace: string): Promise<string> {
  const read = readConnection(url);
  if (!read.ok || read.connection.engine !== 'sqlite')
    throw new DatastoreTrouble('configuration', 'url: expected sqlite:path, got another one');
  try {
    return await resolveDatabase(workspace, read.connection.path);
  } catch (error) {
    if (error instanceof QueryTrouble) throw new DatastoreTrouble(error.code, error.message);
    throw error;
  }
}

function toSession(
  child: SqliteChild,
  { version, access }: { version: string; access: 'read' | 'write' },
): DatastoreSession {
  const isRead = access === 'read';
  return {
    versions: { engine: 'sqlite', server: version, driver: 'node:sqlite' },
    abilities: { hashes: [], ordered: true, snapshot: isRead, write: !isRead },
    listTables: () => child.ask({ do: 'list' }),
    describe: (table) => child.ask({ do: 'describe', table }),
    count: ({ table, key, where }) => child.ask({ do: 'count', query: { table, key, where } }),
    stream: (query) => (query.order === 'key' ? guardOrder(streamRows(child, query), query) : streamRows(child, query)),
    rows: (query, keys) => child.ask({ do: 'rows', query, keys }),
    sample: (query, size, seed) => child.ask({ do: 'sample', query, size, seed }),
    buckets: null,
    leaves: null,
    ask: (statement) => child.ask({ do: 'ask', statement, values: [] }),
    write: isRead ? null : (work) => writeInTransaction(child, work),
    close: () => child.close(),
  };
}

/** One chunk for each question: the child makes no more than is read. */
async function* streamRows(child: SqliteChild, query: RowQuery): AsyncGenerator<Uint8Array> {
  const stream = await child.ask({ do: 'start', query });
  let isDone = false;
  try {
    for (;;) {
      const chunk = await child.ask({ do: 'next', stream });
      if (chunk === null) break;
      yield chunk;
    }
    isDone = true;
  } finally {
    await child.ask({ do: 'stop', stream }).catch((error: unknown) => {
      if (isDone) throw error;
    });
  }
}

async function writeInTransaction<T>(
  child: SqliteChild,
  work: (transaction: DatastoreTransaction) => Promise<T>,
): Promise<T> {
  await child.ask({ do: 'begin' });
  try {
    const result = await work(toTransaction(child));
    await child.ask({ do: 'commit' });
    return result;
  } catch (error) {
    await child.ask({ do: 'rollback' }).catch(() => undefined);
    throw error;
  }
}

function toTransaction(child: SqliteChild): DatastoreTransaction {
  // `begin immediate` has locked the whole file for writing already.
  const lockRows: DatastoreTransaction['lockRows'] = (query, keys) => child.ask({ do: 'rows', query, keys });
  return {
    lockRows,
    async insertRows(target, rows) {
      let count = 0;
      for await (const lines of cutAtLines(toAsync(rows))) count += await child.ask({ do: 'insert', target, lines });
      return count;
    },
    change: (target, changes) =>
      changeGuarded(target, changes, { lockRows, make: (change) => child.ask({ do: 'change', target, change }) }),
    run: (statement, values) => child.ask({ do: 'ask', statement, values }),
  };
}

async function* toAsync(rows: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* rows;
}
