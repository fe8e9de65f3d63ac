import type { Kysely, Transaction } from 'kysely';

import type { Store } from './open-store.ts';
import type { Tables } from './tables.ts';

/** A transaction of the store that is open: what writes through it stands or falls together. */
export type StoreTransaction = Transaction<Tables>;

/** Where a statement runs: in the caller's transaction, or as one of its own. */
export function pickTables(store: Store, tx: StoreTransaction | undefined): Kysely<Tables> {
  return tx ?? store.tables;
}

/** Runs `work` in the caller's transaction, or in one of its own where there is none. */
export function runIn<T>(
  store: Store,
  tx: StoreTransaction | undefined,
  work: (tx: StoreTransaction) => Promise<T>,
): Promise<T> {
  return tx === undefined ? store.tables.transaction().execute(work) : work(tx);
}
