import type { ClientBase } from 'pg';

/** As long as a worker may be silent before its steps go to others: what it had locked has to be free by then. */
const idleSeconds = 10;

/**
 * Makes the server end transactions of this connection that stand still between two statements. Whoever began one and was cut off holds its locks
 * otherwise until the server misses the connection, which by the defaults of TCP takes two hours; a run that is locked so long stands still with it.
 */
export async function endIdleTransactions(client: ClientBase): Promise<void> {
  await client.query(`set idle_in_transaction_session_timeout = '${idleSeconds}s'`);
}
