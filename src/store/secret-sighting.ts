import type { Store } from './open-store.ts';
import type { StoreTransaction } from './transaction.ts';

/** Where a secret was seen in what a run wrote. */
export interface SecretSighting {
  run: string;
  place: string;
  /** Name of the secret, or of the rule that knows its shape. */
  secret: string;
  decodings: readonly string[];
}

/** Keeps what a sweep saw; from then on the run is tainted. */
export async function keepSightings(tx: StoreTransaction, sightings: readonly SecretSighting[]): Promise<void> {
  if (sightings.length === 0) return;
  await tx
    .insertInto('secret_sighting')
    .values(sightings.map(({ decodings, ...row }) => ({ ...row, decodings: [...decodings] })))
    .execute();
}

/** Returns where secrets were seen in what a run wrote; empty for a run that is clean, or was not swept yet. */
export async function readSightings(store: Store, run: string): Promise<SecretSighting[]> {
  return store.tables
    .selectFrom('secret_sighting')
    .select(['run', 'place', 'secret', 'decodings'])
    .where('run', '=', run)
    .orderBy('id')
    .execute();
}

/** Returns the names of the secrets that were handed out for a run. */
export async function listHandedOut(store: Store, launch: string, run: string): Promise<string[]> {
  const rows = await store.tables
    .selectFrom('secret_access')
    .select('secret')
    .distinct()
    .where('launch', '=', launch)
    .where('outcome', '=', 'accessed')
    .where('purpose', 'like', `${run.replaceAll(/[\\%_]/g, String.raw`\$&`)}/%`)
    .execute();
  return rows.map(({ secret }) => secret);
}
