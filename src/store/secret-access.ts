import type { JsonObject } from '@tminus/verify';

import type { SecretAccess } from '../core/secret/secret.ts';
import type { SecretRotationRow } from './access-tables.ts';
import type { Store } from './open-store.ts';

/** Writes that somebody had a secret, or did not get it. */
export async function insertSecretAccess(
  store: Store,
  { launch, environment }: { launch: string; environment: string },
  access: SecretAccess,
): Promise<void> {
  const { at, reference, ...columns } = access;
  await store.tables
    .insertInto('secret_access')
    .values({ ...columns, launch, environment, at: new Date(at), reference: JSON.stringify(reference) })
    .execute();
}

/** A rotation that begins or ends. */
export interface NewRotation {
  rotation: string;
  launch: string;
  secret: string;
  reference: JsonObject;
  actor: string;
  state: SecretRotationRow['state'];
  detail: string;
}

/** Writes the beginning or the end of a rotation. */
export async function insertRotation(store: Store, { reference, ...row }: NewRotation): Promise<void> {
  await store.tables
    .insertInto('secret_rotation')
    .values({ ...row, reference: JSON.stringify(reference) })
    .execute();
}

/** A step of a rotation as it was written. */
export interface StoredRotation extends Pick<NewRotation, 'rotation' | 'secret' | 'reference' | 'state'> {
  /** RFC 3339. */
  at: string;
}

/** Every beginning and end of a rotation in a launch, the newest first. */
export async function readRotations(store: Store, launch: string): Promise<StoredRotation[]> {
  const rows = await store.tables
    .selectFrom('secret_rotation')
    .select(['rotation', 'secret', 'reference', 'state', 'at'])
    .where('launch', '=', launch)
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
}
