import { setTimeout as pause } from 'node:timers/promises';

import { Pool } from 'pg';
import type { ClientBase, PoolConfig } from 'pg';

import { ProductError } from '../core/error/product-error.ts';
import { ignoreLostIdle } from './ignore-lost-idle.ts';
import { isLostConnection, readErrorCode, toStoreError } from './database-error.ts';
import { endIdleTransactions } from './end-idle-transactions.ts';
import { storeName } from './postgres/create-cluster.ts';
import { openEmbedded } from './postgres/embedded.ts';
import type { EmbeddedOptions, EmbeddedServer } from './postgres/embedded.ts';
import { createSeenHistory, replicaError } from './seen-history.ts';
import type { SeenHistory } from './seen-history.ts';
import { assertOwnSessions } from './shared-session.ts';

/** A database that answers, and how to end the use of it. */
export interface Database {
  kind: 'embedded' | 'external';
  url: string;
  pool: Pool;
  /** What this process saw of it: every new connection is held against that. */
  history: SeenHistory;
  /** The server behind it, where it is ours. */
  server: EmbeddedServer | null;
  /** Resolves when a restart of the server that is under way has ended. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions extends EmbeddedOptions {
  /** Postgres of one's own, 15 or newer; null starts the embedded one in the data directory. */
  databaseUrl: string | null;
  /** Connections at most. */
  connections?: number;
}

const oldestServer = 150_000;
/** SQLSTATE `invalid_catalog_name`. */
const noSuchDatabase = '3D000';
/** Every decision reads behind the lock that it waits for: a snapshot from before the wait, as other defaults give it, would miss a hold. */
const readCommitted = 'set session characteristics as transaction isolation level read committed';
/** Any fixed number that no other program takes. */
const advisoryKey = '8390876194216';

/**
 * Opens the database of a data directory: the one at `databaseUrl`, else the embedded server.
 * Throws a ProductError when there is none, when it is older than Postgres 15, or when it would acknowledge what it has not written to disk.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.databaseUrl === null ? openOwn(options) : openForeign(options, options.databaseUrl);
}

async function openForeign(options: DatabaseOptions, url: string): Promise<Database> {
  assertUrl(url);
  const history = createSeenHistory();
  const pool = createPool({ connectionString: url }, { ...options, history });
  try {
    await assertFit(pool);
    await assertOwnSessions(pool);
  } catch (error) {
    await pool.end();
    throw toUnreachable(error);
  }
  const close = () => pool.end();
  return { kind: 'external', url, pool, history, server: null, ready: () => Promise.resolve(), close };
}

/** Names the form and never the value: it holds a password. No more than the scheme is asked: libpq's URLs may leave the host to a parameter. */
function assertUrl(url: string): void {
  if (/^postgres(?:ql)?:\/\//i.test(url)) return;
  throw new ProductError(
    'store_unavailable',
    'DATABASE_URL: expected postgres://USER:PASSWORD@HOST:PORT/DATABASE, got a text of another form',
    {
      hint: 'write DATABASE_URL in that form, special characters percent-encoded, or unset it for the embedded database',
    },
  );
}

/** Whatever stands in the way of the first connection, a name that is not known or a certificate, is about the URL and not about us. */
function toUnreachable(error: unknown): ProductError {
  if (error instanceof ProductError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ProductError(
    'store_unavailable',
    `database at DATABASE_URL: expected a connection, got "${message || readErrorCode(error)}"`,
    { hint: 'check host, port, user, password and database of DATABASE_URL, and that the server runs', cause: error },
  );
}

async function openOwn(options: DatabaseOptions): Promise<Database> {
  const server = await openEmbedded(options);
  const history = createSeenHistory();
  const pool = createPool({ connectionString: server.url(storeName) }, { ...options, history });
  try {
    await untilUp(server, () => assertFit(pool)).catch(async (error: unknown) => {
      if (readErrorCode(error) !== noSuchDatabase) throw error;
      await createMissing(server);
      await assertFit(pool);
    });
  } catch (error) {
    await pool.end();
    await server.close();
    throw toStoreError(error, 'embedded database');
  }
  const close = async () => {
    await pool.end();
    await server.close();
  };
  const ready = () => server.supervisor.ready();
  return { kind: 'embedded', url: server.url(storeName), pool, history, server, ready, close };
}

/** A server that we join may die right then, and come back by the hand of any process that uses it. */
async function untilUp(server: EmbeddedServer, ask: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!isLostConnection(error) || attempt >= 5) throw error;
      await pause(50 * attempt);
      await server.supervisor.ready();
    }
  }
}

function createPool(where: PoolConfig, { connections = 8, history }: DatabaseOptions & { history: SeenHistory }): Pool {
  const pool = new Pool({
    ...where,
    max: connections,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'tminus',
    onConnect: (client) => greet(client, history),
  });
  ignoreLostIdle(pool);
  return pool;
}

/** The pool waits for this before it hands a new connection out, which its types do not say: hence no `Promise` here. */
function greet(client: ClientBase, history: SeenHistory): unknown {
  return endIdleTransactions(client)
    .then(() => client.query(readCommitted))
    .then(() => history.assertKept(client));
}

/** Makes the database of the store: in a new cluster, or in one whose first start was killed before it came to that. */
async function createMissing(server: EmbeddedServer): Promise<void> {
  const pool = new Pool({ connectionString: server.url('postgres'), max: 1 });
  ignoreLostIdle(pool);
  try {
    // Of several first starts one makes it; the lock ends with the connection.
    await pool.query('select pg_advisory_lock($1)', [advisoryKey]);
    const found = await pool.query('select from pg_database where datname = $1', [storeName]);
    if (found.rowCount === 0) await pool.query(`create database ${storeName}`);
  } finally {
    await pool.end();
  }
}

interface Settings {
  version: number;
  fsync: string;
  commit: string;
  recovery: boolean;
}

async function assertFit(pool: Pool): Promise<void> {
  const { rows } =
    await pool.query<Settings>(`select current_setting('server_version_num')::int as version, current_setting('fsync') as fsync,
    current_setting('synchronous_commit') as commit, pg_is_in_recovery() as recovery`);
  const settings = rows[0] as Settings;
  if (settings.version < oldestServer) {
    throw new ProductError('store_version', `database: expected Postgres 15 or newer, got ${settings.version}`, {
      hint: 'use a newer server, or leave DATABASE_URL unset',
    });
  }
  if (settings.fsync !== 'on' || settings.commit === 'off') {
    throw new ProductError(
      'store_unavailable',
      `database: expected fsync and synchronous_commit on, got ${settings.fsync} and ${settings.commit}`,
      {
        hint: 'switch both on for this database: evidence that a power cut can take back is none',
      },
    );
  }
  if (settings.recovery) throw replicaError();
}
