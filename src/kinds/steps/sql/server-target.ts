import type { Connection } from '../../checks/sql/read-connection.ts';

/** A database behind a network: `address` is where the name was seen to point and was allowed to. */
export interface ServerTarget {
  server: Exclude<Connection, { engine: 'sqlite' }>;
  address: string;
  password: string | null;
  timeoutMs: number;
  signal: AbortSignal;
}
