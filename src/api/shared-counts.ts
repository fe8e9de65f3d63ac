/** Limits are of a minute (T22). */
export const windowMs = 60_000;

/** How often each key was counted in its window of a minute. */
export interface Counts {
  /** Counts one more; returns how many that are, and for how long they count still. */
  add(key: string, forMs: number): { current: number; ttl: number };
  /** How many there are, without one more. */
  read(key: string): number;
}

/** Memory is bounded: of more keys the oldest window is forgotten. */
const mostKeys = 50_000;

/** Returns counts that begin at nothing. */
export function createCounts(now: () => number = () => performance.now()): Counts {
  const windows = new Map<string, { current: number; endMs: number }>();
  const open = (key: string): { current: number; endMs: number } | null => {
    const found = windows.get(key);
    return found !== undefined && found.endMs > now() ? found : null;
  };
  return {
    read: (key) => open(key)?.current ?? 0,
    add(key, forMs) {
      const found = open(key) ?? { current: 0, endMs: now() + forMs };
      found.current += 1;
      // The order is that of the windows: what is forgotten first began first.
      if (found.current === 1) {
        windows.delete(key);
        const [oldest] = windows.keys();
        if (windows.size >= mostKeys && oldest !== undefined) windows.delete(oldest);
        windows.set(key, found);
      }
      return { current: found.current, ttl: Math.max(0, found.endMs - now()) };
    },
  };
}

type Done = (error: Error | null, result?: { current: number; ttl: number }) => void;

/** The counts of the limiter, which are the same for all routes: a caller does not get as many requests as there are routes. */
export class SharedCounts {
  readonly #counts: Counts = createCounts();

  incr(key: string, done: Done, timeWindow: number): void {
    done(null, this.#counts.add(key, timeWindow));
  }

  child(): this {
    return this;
  }
}
