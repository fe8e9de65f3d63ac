import { setTimeout as pause } from 'node:timers/promises';

import { createLockKeeper } from '../../src/engine/delivery/keep-locks.ts';
import type { AssetLocks, LockKeeper } from '../../src/engine/delivery/keep-locks.ts';
import type { Store } from '../../src/store/open-store.ts';

/** What a client saw: one line per asset that it held, in the order of the clock of this process. */
export interface Held {
  owner: string;
  key: string;
  fence: number;
  from: number;
  until: number;
}

/** Returns everything in a history that a lock must not allow: two holders of one asset at once, and a fence that does not rise. */
export function findViolations(history: readonly Held[]): string[] {
  const found: string[] = [];
  for (const [key, lines] of Map.groupBy(history, (line) => line.key)) {
    const sorted = lines.toSorted((a, b) => a.from - b.from);
    for (const [place, line] of sorted.entries()) {
      const before = sorted[place - 1];
      if (before === undefined) continue;
      if (before.until > line.from) found.push(`${key}: ${before.owner} and ${line.owner} at once`);
      if (line.fence <= before.fence) found.push(`${key}: fence ${line.fence} after ${before.fence}`);
    }
  }
  return found;
}

/** Lets every asker take its sets of keys one after the other, all askers at once, from two pools; returns what they saw. */
export async function runAskers(
  stores: readonly Store[],
  askers: readonly (readonly (readonly string[])[])[],
): Promise<Held[]> {
  const keepers = stores.map((store) => createLockKeeper(store, { retrySeconds: 0.02 }));
  const history: Held[] = [];
  try {
    await Promise.all(
      askers.map(async (sets, nr) => {
        for (const keys of sets)
          await holdOnce(keepers[nr % keepers.length] as LockKeeper, { keys, owner: `asker-${nr}` }, history);
      }),
    );
  } finally {
    await Promise.all(keepers.map((keeper) => keeper.close()));
  }
  return history;
}

async function holdOnce(
  keeper: LockKeeper,
  { keys, owner }: { keys: readonly string[]; owner: string },
  history: Held[],
): Promise<void> {
  const locks = await keeper.take({ keys, owner, waitSeconds: 100 });
  if (locks === null) throw new Error(`${owner}: expected the locks of ${keys.join(', ')} within 100 s, got none`);
  const lines = note(locks, owner);
  history.push(...lines);
  await pause(2);
  for (const line of lines) line.until = performance.now();
  await locks.release();
}

function note(locks: AssetLocks, owner: string): Held[] {
  return [...locks.fences].map(([key, fence]) => ({ owner, key, fence, from: performance.now(), until: Infinity }));
}
