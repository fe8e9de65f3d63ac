import { appendEvents } from '../../store/event.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { insertPrune, lockPruning, readPruneFloor, removePruned } from '../../store/prune-events.ts';

/** Which events may go, and in whose name. */
export interface PruneWish {
  /** Events younger than this stay, and so do all of a run that is open or ended within it. */
  keepMs: number;
  /** Who wants it; `installation` for its own retention. */
  person: string;
  reason: string;
  /** Counts, and changes nothing. */
  dryRun: boolean;
}

/** What a prune came to. */
export interface Pruned {
  events: number;
  /** The oldest event that stays. */
  floor: number;
}

const atOnce = 10_000;

/**
 * Removes old events that nobody needs any more, and says so in an event of the system. Whoever then asks for one of them is told of the gap. What evidence, decisions
 * and reports rest on is no event and stays. Whether the person may is asked before.
 */
export async function pruneEvents(store: Store, { keepMs, person, reason, dryRun }: PruneWish): Promise<Pruned> {
  const nowMs = Date.parse(await readNow(store));
  const before = new Date(nowMs - keepMs);
  if (dryRun) return readPruneFloor(store, before);
  const pruned = await store.tables.transaction().execute(async (tx) => {
    await lockPruning(tx);
    const found = await readPruneFloor(store, before, tx);
    if (found.events === 0) return found;
    await insertPrune(tx, { upTo: found.floor - 1, before, person, reason });
    const text = `${found.events} events before ${found.floor} are no longer kept: ${reason} (${person})`;
    const body = { what: 'prune', before: found.floor, events: found.events, person, reason, text };
    await appendEvents(tx, [{ run: null, number: null, type: 'system.notice', atMs: nowMs, body }]);
    return found;
  });
  // In small bites: the table stays free for whoever writes.
  while ((await removePruned(store, atOnce)) === atOnce);
  return pruned;
}
