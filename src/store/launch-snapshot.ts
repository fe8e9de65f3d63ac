import { createHash } from 'node:crypto';

import { canonicalize } from '@tminus/verify';
import { sql } from 'kysely';

import type { Launch } from '../core/launch/launch.ts';
import type { Store } from './open-store.ts';
import { toStoreError } from './database-error.ts';

/** A document as it was read. */
export interface DocumentBytes {
  path: string;
  bytes: Uint8Array;
}

/** A launch as it stood when something was decided or observed, with the documents it was read from. */
export interface LaunchSnapshot {
  /** SHA-256 of the RFC 8785 form of `launch`. */
  sha256: string;
  planHash: string;
  launch: Launch;
  documents: DocumentBytes[];
}

/** Keeps a launch and the bytes of its documents; the same launch again changes nothing. Returns the snapshot's digest. */
export async function snapshotLaunch(store: Store, snapshot: Omit<LaunchSnapshot, 'sha256'>): Promise<string> {
  const body = Buffer.from(canonicalize(snapshot.launch));
  const sha256 = digest(body);
  const documents = snapshot.documents.map(({ path, bytes }) => ({
    snapshot: sha256,
    path,
    sha256: digest(bytes),
    bytes: Buffer.from(bytes),
  }));
  try {
    await store.tables.transaction().execute(async (work) => {
      const plan_hash = Buffer.from(snapshot.planHash, 'hex');
      const row = { sha256, plan_hash, launch: snapshot.launch.id, body };
      const added = await work
        .insertInto('launch_snapshot')
        .values(row)
        .onConflict((clash) => clash.doNothing())
        .returning('sha256')
        .executeTakeFirst();
      if (added === undefined || documents.length === 0) return;
      const blobs = documents
        .map((one) => ({ sha256: one.sha256, bytes: one.bytes }))
        .toSorted((a, b) => a.sha256.compare(b.sha256));
      await work
        .insertInto('blob')
        .values(blobs)
        .onConflict((clash) => clash.doNothing())
        .execute();
      await work
        .insertInto('launch_document')
        .values(documents.map((one) => ({ snapshot: one.snapshot, path: one.path, sha256: one.sha256 })))
        .execute();
    });
  } catch (error) {
    throw toStoreError(error, `snapshot of ${snapshot.launch.id}`);
  }
  return sha256.toString('hex');
}

/** Returns the newest snapshot of a launch (of that plan hash, where one is given), or null. */
export async function readLaunchSnapshot(
  store: Store,
  launch: string,
  planHash: string | null = null,
): Promise<LaunchSnapshot | null> {
  let query = store.tables
    .selectFrom('launch_snapshot')
    .select(['sha256', 'plan_hash', 'body'])
    .where('launch', '=', launch);
  if (planHash !== null) query = query.where('plan_hash', '=', Buffer.from(planHash, 'hex'));
  const row = await query.orderBy('created_at', 'desc').limit(1).executeTakeFirst();
  if (row === undefined) return null;
  const documents = await store.tables
    .selectFrom('launch_document as document')
    .innerJoin('blob', 'blob.sha256', 'document.sha256')
    .select(['document.path', 'blob.bytes'])
    .where('document.snapshot', '=', row.sha256)
    .orderBy(sql`document.path collate "C"`)
    .execute();
  return {
    sha256: row.sha256.toString('hex'),
    planHash: row.plan_hash.toString('hex'),
    launch: JSON.parse(row.body.toString('utf8')) as Launch,
    documents,
  };
}

function digest(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
