import { setTimeout as sleep } from 'node:timers/promises';

import type { ImportSetting } from './open-ground.ts';

/** Holds an import back while replicas lag. */
export interface Throttle {
  /** Waits until the lag is small enough; returns it, or null where nobody asks. */
  wait(): Promise<number | null>;
  close(): Promise<void>;
}

const pauseMs = 500;

/** Opens what the terms of the dataset say; an answer that is no number of seconds holds the import like a long lag, since nobody knows. */
export async function openThrottle({ terms, openDatastore, signal }: ImportSetting): Promise<Throttle> {
  const throttle = terms?.throttle ?? null;
  if (throttle === null) return { wait: () => Promise.resolve(null), close: () => Promise.resolve() };
  const ask = async (): Promise<number> => {
    // A session sees one state: a lag that is asked for twice has to be seen twice.
    const session = await openDatastore(throttle.on, 'read', signal);
    try {
      const seconds = (await session.ask?.(throttle.ask))?.[0]?.[0] ?? null;
      const lagMs = seconds === null ? Number.NaN : Number(seconds) * 1000;
      return Number.isFinite(lagMs) ? lagMs : Infinity;
    } finally {
      await session.close();
    }
  };
  return {
    async wait() {
      try {
        for (let lagMs = await ask(); ; lagMs = await ask()) {
          if (lagMs <= throttle.aboveMs) return lagMs;
          await sleep(pauseMs, undefined, { signal });
        }
      } catch (error) {
        // Whoever stops it wants to read that it was stopped, and not which connection was cut for it.
        signal.throwIfAborted();
        throw error;
      }
    },
    close: () => Promise.resolve(),
  };
}
