import { readNow } from './open-store.ts';
import type { Store } from './open-store.ts';

/**
 * Returns a clock that stands at an instant now and goes on by the time that passes in this process: the clock on the wall of this machine may be wrong,
 * or be set, without anybody noticing. It stands still while the machine sleeps.
 */
export function clockFrom(atMs: number): () => number {
  const since = performance.now();
  return () => Math.round(atMs + performance.now() - since);
}

/** Returns a clock that goes by that of the database, which was asked once: right to half the time of that question. */
export async function readClock(store: Store): Promise<() => number> {
  const asked = performance.now();
  const atMs = Date.parse(await readNow(store));
  return clockFrom(atMs + (performance.now() - asked) / 2);
}
