import type { Insertable } from 'kysely';

import type { AccessTables } from './access-tables.ts';
import type { Store } from './open-store.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';

/** An answer to whether somebody may, allowed or refused. */
export type NewAccessDecision = Insertable<AccessTables['access_decision']>;

/** Writes answers into the audit. Throws where that cannot be done: what nobody wrote down was not allowed. */
export async function insertAccessDecisions(
  store: Store,
  decisions: readonly NewAccessDecision[],
  tx?: StoreTransaction,
): Promise<void> {
  await pickTables(store, tx)
    .insertInto('access_decision')
    .values([...decisions])
    .execute();
}
