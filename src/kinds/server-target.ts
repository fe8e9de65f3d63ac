import type { Connection } from './checks/sql/read-connection.ts';

/** How a database behind a network is reached: `address` is where the name was seen to point and was allowed to. */
export interface ServerAddress {
  server: Exclude<Connection, { engine: 'sqlite' }>;
  address: string;
  password: string | null;
  timeoutMs: number;
}

/** A database that is reached until the signal ends it. */
export interface ServerTarget extends ServerAddress {
  signal: AbortSignal;
}
