import { Client } from 'pg';
import type { ClientConfig } from 'pg';

import type { ServerAddress } from './server-target.ts';

/** Returns how the driver connects: to the address that was judged, under the name that its certificate has to show. */
export function toPostgresConfig({ server, address, password, timeoutMs }: ServerAddress): ClientConfig {
  const { host, port, user, database, tls } = server;
  return {
    host: address,
    port,
    user,
    database,
    password: password ?? '',
    connectionTimeoutMillis: timeoutMs,
    application_name: 'tminus',
    ssl: tls === 'disable' ? false : { rejectUnauthorized: tls === 'verify-full', servername: host },
  };
}

/**
 * Ends what a client is waiting for. A server that works on a statement does not look whether anybody still listens, and holds its locks: it has to be told by another connection.
 */
export async function stopPostgres(config: ClientConfig, client: Client): Promise<void> {
  const { processID } = client as Client & { processID?: number };
  if (processID === undefined) return;
  const other = new Client({ ...config, connectionTimeoutMillis: 1_000, query_timeout: 1_000 });
  other.on('error', () => undefined);
  try {
    await other.connect();
    await other.query('select pg_cancel_backend($1)', [processID]);
  } catch {
    // Then the limit of the statement ends it.
  } finally {
    await other.end().catch(() => undefined);
  }
}
