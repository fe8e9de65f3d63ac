import { ProductError } from '../../core/error/product-error.ts';
import { readPlaces } from '../../store/evidence-log.ts';
import type { StoredEntry } from '../../store/evidence-log.ts';
import { readLog } from '../../store/log.ts';
import type { Store } from '../../store/open-store.ts';

/** That an entry stands in the log, for somebody who believes nothing but the key of the log. */
export interface EntryProof {
  index: number;
  /** Audit path from the bottom up, hex (RFC 6962 section 2.1.1). */
  path: string[];
  /** C2SP signed note over size and root. */
  checkpoint: string;
  /** `name+keyId+base64`, from the store: whoever checks compares it with the one that they were given. */
  logKey: string;
}

/** Proves an entry against the newest checkpoint. */
export async function proveEntry(store: Store, launch: string, { id }: StoredEntry): Promise<EntryProof> {
  const log = await readLog(store, launch);
  const [place] = log === null ? [] : await readPlaces(store, log, [id]);
  if (log && place) {
    const { index, proof, checkpoint } = place;
    return { index, path: [...proof], checkpoint: checkpoint.note, logKey: log.verifier };
  }
  throw new ProductError('log_broken', `entry ${id}: expected it in the log of ${launch}, got none`, {
    hint: 'run "tminus doctor" to find everything that does not hold',
  });
}
