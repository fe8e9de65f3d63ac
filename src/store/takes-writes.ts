import { sql } from 'kysely';

import type { Store } from './open-store.ts';

/** Tells whether the database takes writes now; rejects where it does not answer. A primary that became a replica, or was set read-only, does not. */
export async function takesWrites(store: Store): Promise<boolean> {
  const { rows } = await sql<{
    readOnly: string;
  }>`select current_setting('transaction_read_only') as "readOnly"`.execute(store.tables);
  return rows[0]?.readOnly === 'off';
}
