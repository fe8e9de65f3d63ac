import { readWishes } from '../../store/worker.ts';
import type { StoredWish } from '../../store/worker.ts';
import type { Store } from '../../store/open-store.ts';
import type { Workers } from '../delivery.ts';

/** Brings a worker to what a person wants of it, wherever that person sits. */
export interface WishFollower {
  /** Whether it takes nothing new because a person wants that. */
  readonly isDrained: boolean;
  /** Reads the newest wish and begins to follow it where it is a new one. */
  look(): Promise<void>;
  /** Follows nothing any more: the worker is leaving by itself. */
  close(): void;
}

interface Pools {
  steps: Workers;
  chores: Workers;
  report: (error: unknown) => void;
}

/**
 * Follows the wishes about one worker. A wish is followed once, so that what a signal said afterwards is not undone by it. What runs is finished: the beat of the
 * worker goes on meanwhile, which is how others know that it lives.
 */
export function createWishFollower(store: Store, worker: string, { steps, chores, report }: Pools): WishFollower {
  let followed: string | null = null;
  let isDrained = false;
  let isClosed = false;
  // Slots that it had before it was drained.
  let slots = steps.slots;
  const follow = async (wish: StoredWish): Promise<void> => {
    if (isClosed) return;
    if (steps.slots > 0) slots = steps.slots;
    slots = wish.slots ?? slots;
    await Promise.all([steps.resize(wish.drain ? 0 : slots), chores.resize(wish.drain ? 0 : 1)]);
  };
  return {
    get isDrained() {
      return isDrained;
    },
    async look() {
      const wish = (await readWishes(store, [worker])).get(worker);
      if (wish === undefined || wish.id === followed || isClosed) return;
      followed = wish.id;
      isDrained = wish.drain;
      // Not awaited: a slot that goes finishes its step, which may take hours, and the next wish need not wait for that.
      void follow(wish).catch(report);
    },
    close() {
      isClosed = true;
    },
  };
}
