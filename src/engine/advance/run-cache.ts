import type { StoredRun } from '../../store/run.ts';

/** Runs that this process has seen, by id. A run is only taken from here where its number of events is the one in its locked row. */
export interface RunCache {
  get(id: string, events: number): StoredRun | null;
  /** As it was when this process saw it last; another may have moved it on since. */
  recall(id: string): StoredRun | null;
  put(stored: StoredRun): void;
  drop(id: string): void;
}

/** Keeps the `limit` runs that were put last. Runs are plain data that nobody writes to, so that sharing them is safe. */
export function createRunCache(limit: number): RunCache {
  const kept = new Map<string, StoredRun>();
  return {
    get(id, events) {
      const stored = kept.get(id);
      return stored?.events === events ? stored : null;
    },
    recall: (id) => kept.get(id) ?? null,
    put(stored) {
      kept.delete(stored.run.id);
      kept.set(stored.run.id, stored);
      const [oldest] = kept.keys();
      if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
    },
    drop: (id) => void kept.delete(id),
  };
}
