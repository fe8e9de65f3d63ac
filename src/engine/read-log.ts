import { readEntries, readLatestCheckpoint } from '../store/evidence-log.ts';
import type { StoredEntry } from '../store/evidence-log.ts';
import type { Store } from '../store/open-store.ts';

/** A launch's log up to its newest checkpoint. */
export interface ReadLog {
  entries: StoredEntry[];
  /** C2SP signed note over exactly these entries; null before the first entry. */
  checkpoint: string | null;
  /** Verifier form of the log key; null before the first entry. */
  logKey: string | null;
}

/** Reads everything that a launch's log holds up to its newest signed head; each entry is hashed again on the way. */
export async function readLog(store: Store, launch: string): Promise<ReadLog> {
  const head = await readLatestCheckpoint(store, launch);
  if (head === null) return { entries: [], checkpoint: null, logKey: null };
  const entries = await readEntries(store, launch, { from: 0, to: head.size });
  return { entries, checkpoint: head.note, logKey: head.verifier };
}
