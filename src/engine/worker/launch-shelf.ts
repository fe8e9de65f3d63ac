import type { Launch } from '../../core/launch/launch.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { readLaunchSnapshot } from '../../store/launch-snapshot.ts';
import type { Store } from '../../store/open-store.ts';

/** Launches as they stood when runs were made, by plan hash. */
export interface LaunchShelf {
  find(launch: string, planHash: string): Promise<Launch>;
}

/** Returns the launches of the store; each is read once by this process, since a plan hash stands for one text only. */
export function openLaunchShelf(store: Store): LaunchShelf {
  const kept = new Map<string, Promise<Launch>>();
  const read = async (launch: string, planHash: string): Promise<Launch> => {
    const snapshot = await readLaunchSnapshot(store, launch, planHash);
    if (snapshot) return snapshot.launch;
    throw new ProductError('store_damaged', `plan ${planHash} of ${launch}: expected its documents, got none`, {
      hint: 'restore the database from a backup; run "tminus doctor"',
    });
  };
  return {
    find(launch, planHash) {
      const key = `${launch}\n${planHash}`;
      const known = kept.get(key) ?? read(launch, planHash);
      kept.set(key, known);
      // One that could not be read is asked for again.
      known.catch(() => kept.delete(key));
      return known;
    },
  };
}
