import { sql } from 'kysely';

import type { Grant } from '../core/access/grant.ts';
import { toStoreError } from './database-error.ts';
import type { Store } from './open-store.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';

/** A grant as it is given: the store says when that was. */
export type NewGrant = Omit<Grant, 'givenAt' | 'revokedAt'> & { reason: string };

/** Writes grants, all or none. A second first admin of an environment is refused by the database. */
export async function insertGrants(store: Store, grants: readonly NewGrant[], tx?: StoreTransaction): Promise<void> {
  const rows = grants.map((grant) => ({
    id: grant.id,
    launch: grant.launch,
    environment: grant.environment,
    holder_kind: grant.holder.kind,
    holder: grant.holder.id,
    role: grant.role,
    given_by: grant.givenBy,
    expires_at: grant.expiresAt === null ? null : new Date(grant.expiresAt),
    delegates: grant.delegates,
    break_glass_reason: grant.breakGlass?.reason ?? null,
    confirmed_by: grant.breakGlass?.confirmedBy ?? null,
    reason: grant.reason,
  }));
  await asStored('grants', () => pickTables(store, tx).insertInto('access_grant').values(rows).execute());
}

/** The end of one grant. */
export interface NewRevocation {
  grant: string;
  launch: string;
  by: string;
  reason: string;
}

/** Ends grants from now on. One that has ended already stays as it ended. */
export async function insertRevocations(
  store: Store,
  revocations: readonly NewRevocation[],
  tx?: StoreTransaction,
): Promise<void> {
  const rows = revocations.map(({ grant, launch, by, reason }) => ({
    grant_id: grant,
    launch,
    revoked_by: by,
    reason,
  }));
  await asStored('revocation', () =>
    pickTables(store, tx)
      .insertInto('access_revocation')
      .values(rows)
      .onConflict((clash) => clash.doNothing())
      .execute(),
  );
}

/** Writes who is in a group from now on. */
export async function insertGroup(
  store: Store,
  group: { launch: string; id: string; people: readonly string[]; by: string },
  tx?: StoreTransaction,
): Promise<void> {
  const row = { launch: group.launch, id: group.id, people: [...group.people], written_by: group.by };
  await asStored('group', () => pickTables(store, tx).insertInto('access_group').values(row).execute());
}

/** Lets one change of the rights of a launch happen at a time, until the transaction ends. */
export async function lockRights(tx: StoreTransaction, launch: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`tminus rights ${launch}`}, 0))`.execute(tx);
}

async function asStored<T>(what: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw toStoreError(error, what);
  }
}
