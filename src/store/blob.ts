import { createHash } from 'node:crypto';

import { sql } from 'kysely';

import { ProductError } from '../core/error/product-error.ts';
import type { Store } from './open-store.ts';

/** Returns the bytes behind a digest, hashed again on the way out; null where the store has none. Throws `store_damaged` for bytes of another digest. */
export async function readBlob(store: Store, sha256: string): Promise<Uint8Array | null> {
  const row = await store.tables
    .selectFrom('blob')
    .select('bytes')
    .where('sha256', '=', Buffer.from(sha256, 'hex'))
    .executeTakeFirst();
  if (row === undefined) return null;
  const got = createHash('sha256').update(row.bytes).digest('hex');
  if (got === sha256) return row.bytes;
  throw new ProductError('store_damaged', `stored bytes ${sha256}: expected that digest, got ${got}`, {
    hint: 'restore the data directory from a backup; these bytes prove nothing',
  });
}

/** Returns which of the digests the store has bytes for. */
export async function hasBlobs(store: Store, digests: readonly string[]): Promise<Set<string>> {
  const wanted = digests.map((digest) => Buffer.from(digest, 'hex'));
  if (wanted.length === 0) return new Set();
  const rows = await store.tables
    .selectFrom('blob')
    .select('sha256')
    .where('sha256', '=', sql<Buffer>`any(${wanted}::bytea[])`)
    .execute();
  return new Set(rows.map((row) => row.sha256.toString('hex')));
}
