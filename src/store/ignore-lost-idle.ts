import type { Pool } from 'pg';

/**
 * A connection that the server ends while nobody uses it is replaced at the next use; without a listener it would end the process. The pool lets go
 * of its clients before they have closed, and a server that is shut down right then still tells them: hence the listener on each.
 */
export function ignoreLostIdle(pool: Pool): void {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
}
