import { connect } from 'node:net';

import mysql from 'mysql2/promise';
import type { ConnectionOptions } from 'mysql2';

import type { ServerAddress } from './server-target.ts';

/** Returns how the driver connects: to the address that was judged, under the name that its certificate has to show. */
export function toMysqlConfig({ server, address, password, timeoutMs }: ServerAddress): ConnectionOptions {
  const { host, port, user, database, tls } = server;
  const isVerified = tls === 'verify-full';
  return {
    host,
    port,
    user,
    database,
    password: password ?? '',
    connectTimeout: timeoutMs,
    charset: 'utf8mb4',
    stream: () => connect({ host: address, port }),
    ...(tls === 'disable' ? {} : { ssl: { rejectUnauthorized: isVerified, verifyIdentity: isVerified } }),
  };
}

/**
 * Ends the connection of a thread. A server that works on a statement does not look whether anybody still listens, and holds its locks: it has to be told by another connection.
 */
export async function stopMysql(config: ConnectionOptions, thread: number): Promise<void> {
  try {
    const other = await mysql.createConnection({ ...config, connectTimeout: 1_000 });
    await other.query(`kill ${thread}`).finally(() => other.destroy());
  } catch {
    // Then the limit of the statement ends it.
  }
}
