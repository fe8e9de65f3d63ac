import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';

import { Kysely, PostgresDialect, sql } from 'kysely';

import { toStoreError } from './database-error.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import type { Database, DatabaseOptions } from './open-database.ts';
import type { Tables } from './tables.ts';

/** The open store: what every function of this folder takes first. */
export interface Store {
  database: Database;
  /** Typed access; every table stands in the schema `tminus`. */
  tables: Kysely<Tables>;
  dataDirectory: string;
  /** Ends the connections; the last process to close stops a server of our own. A second call waits for the first. */
  close(): Promise<void>;
}

/** Options of a store; what is left out has the default of a command at a terminal. */
export interface StoreOptions extends Partial<DatabaseOptions> {
  dataDirectory: string;
}

/** Opens the store of a data directory with the schema of this code; waits up to 10 s for another process to make, start or stop the server. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const dataDirectory = resolve(options.dataDirectory);
  const database = await openDatabase({
    databaseUrl: null,
    command: 'tminus',
    waitMs: 10_000,
    ...options,
    dataDirectory,
  });
  try {
    if (database.kind === 'external') mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    await migrate(database.pool);
  } catch (error) {
    await database.close();
    throw toStoreError(error, 'schema of the store');
  }
  return toStore(database, dataDirectory);
}

/** Returns the store over a database that is open and has the schema; the keys lie under `dataDirectory`. */
export function toStore(database: Database, dataDirectory: string): Store {
  const tables = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: database.pool }) }).withSchema('tminus');
  let closing: Promise<void> | null = null;
  return { database, tables, dataDirectory, close: () => (closing ??= database.close()) };
}

/** Returns the time by the database's clock, in RFC 3339, UTC, milliseconds: the only clock that records may carry. */
export async function readNow(store: Store): Promise<string> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(store.tables);
  return (rows[0] as { now: Date }).now.toISOString();
}
