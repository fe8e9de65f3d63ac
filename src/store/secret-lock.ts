import type { PoolClient } from 'pg';

import type { Store } from './open-store.ts';

/**
 * Takes the rotation of a secret for this process, and returns how to give it back; null while another has it. It is a lock of the session: a process that dies gives it
 * back with its connection.
 */
export async function lockSecret(
  { database: { pool } }: Store,
  { launch, secret }: { launch: string; secret: string },
): Promise<(() => Promise<void>) | null> {
  const client = await pool.connect();
  const name = `tminus rotation ${launch} ${secret}`;
  const isMine = await ask(client, 'pg_try_advisory_lock', name);
  if (!isMine) client.release();
  return isMine
    ? async () => {
        try {
          await ask(client, 'pg_advisory_unlock', name);
          client.release();
        } catch {
          // Thrown away already, and the lock with it.
        }
      }
    : null;
}

/** A connection that broke is thrown away, and its lock with it. */
async function ask(
  client: PoolClient,
  what: 'pg_try_advisory_lock' | 'pg_advisory_unlock',
  name: string,
): Promise<boolean> {
  try {
    const { rows } = await client.query<{ so: boolean }>(`select ${what}(hashtextextended($1, 0)) as so`, [name]);
    return rows[0]?.so === true;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
