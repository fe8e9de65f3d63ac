import type { StoredToken } from '../core/access/action-token.ts';
import type { Store } from './open-store.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';

/** Keeps a token that was issued: its digests and its times. */
export async function insertToken(store: Store, token: StoredToken, tx?: StoreTransaction): Promise<void> {
  const row = {
    sha256: Buffer.from(token.sha256, 'hex'),
    subject_sha256: Buffer.from(token.subjectSha256, 'hex'),
    issued_at: new Date(token.issuedAt),
    expires_at: new Date(token.expiresAt),
  };
  await pickTables(store, tx).insertInto('action_token').values(row).execute();
}

/** The token of a digest, with the time at which it was used; null where there is none. */
export async function readToken(store: Store, sha256: string, tx?: StoreTransaction): Promise<StoredToken | null> {
  const row = await pickTables(store, tx)
    .selectFrom('action_token as token')
    .leftJoin('action_token_use as use', 'use.sha256', 'token.sha256')
    .select(['token.subject_sha256', 'token.issued_at', 'token.expires_at', 'use.used_at'])
    .where('token.sha256', '=', Buffer.from(sha256, 'hex'))
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    sha256,
    subjectSha256: row.subject_sha256.toString('hex'),
    issuedAt: row.issued_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    usedAt: row.used_at?.toISOString() ?? null,
  };
}

/** Marks a token as used. False where somebody else did so first. */
export async function insertTokenUse(
  store: Store,
  { sha256, usedAt }: { sha256: string; usedAt: string },
  tx?: StoreTransaction,
): Promise<boolean> {
  const row = await pickTables(store, tx)
    .insertInto('action_token_use')
    .values({ sha256: Buffer.from(sha256, 'hex'), used_at: new Date(usedAt) })
    .onConflict((clash) => clash.doNothing())
    .returning('sha256')
    .executeTakeFirst();
  return row !== undefined;
}
