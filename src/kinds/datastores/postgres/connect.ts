import { Client } from 'pg';
import type { ClientConfig, QueryConfig } from 'pg';

import type { CanonValue } from '../../../core/dataset/canon.ts';
import { stopPostgres } from '../../postgres-client.ts';
import { toPostgresTrouble } from './trouble.ts';

/** A connection whose answers are texts, in the settings that canonical text needs. */
export interface PgConnection {
  client: Client;
  /** Rows as lists of texts; values go apart from the statement. */
  ask(sql: string, values?: readonly (CanonValue | readonly CanonValue[])[]): Promise<PgAnswer>;
  close(): Promise<void>;
}

export interface PgAnswer {
  rows: CanonValue[][];
  names: string[];
  count: number;
}

const settings = [
  `set timezone = 'UTC'`,
  `set datestyle = 'ISO, YMD'`,
  `set intervalstyle = 'postgres'`,
  `set bytea_output = 'hex'`,
  `set extra_float_digits = 1`,
  `set jit = off`,
  // Room for the hashes of 262,144 buckets, and for sorts that no index saves.
  `set work_mem = '64MB'`,
  // A policy that would hide rows from this user is an error then: rows that are not shown look like rows that were lost.
  `set row_security = off`,
  `set client_encoding = 'UTF8'`,
  `set lock_timeout = '30s'`,
  `set idle_in_transaction_session_timeout = 0`,
].join('; ');
const asText = { getTypeParser: () => (text: string) => text };

/** Opens a connection; the signal cuts it off at once, whatever it waits for. */
export async function connectPostgres(config: ClientConfig, signal: AbortSignal): Promise<PgConnection> {
  const client = new Client(config);
  // The connection may break between two calls; the call that follows then fails with the reason.
  client.on('error', () => undefined);
  const cut = (): void => {
    void stopPostgres(config, client);
    streamOf(client).destroy();
  };
  signal.throwIfAborted();
  signal.addEventListener('abort', cut, { once: true });
  try {
    await client.connect();
    await client.query(settings);
  } catch (error) {
    signal.removeEventListener('abort', cut);
    await client.end().catch(() => undefined);
    throw toPostgresTrouble(error, 'the connection');
  }
  return {
    client,
    ask: async (text, values = []) => {
      const query = { text, values: [...values], rowMode: 'array', queryMode: 'extended', types: asText };
      const { rows, fields, rowCount } = await client.query(query as unknown as QueryConfig);
      return { rows: rows as unknown as CanonValue[][], names: fields.map(({ name }) => name), count: rowCount ?? 0 };
    },
    close: async () => {
      signal.removeEventListener('abort', cut);
      await client.end().catch(() => undefined);
    },
  };
}

/** Closes a connection without waiting for what it still has to say. */
export async function dropPostgres(connection: PgConnection, config: ClientConfig): Promise<void> {
  await stopPostgres(config, connection.client);
  streamOf(connection.client).destroy();
  await connection.close();
}

function streamOf(client: Client): { destroy(): void } {
  return (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;
}
