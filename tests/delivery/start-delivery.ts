import type { Claim, Delivery, NewJob } from '../../src/engine/delivery.ts';
import type { DeliveryOptions } from '../../src/engine/delivery/open-delivery.ts';
import { openDelivery } from '../../src/engine/delivery/open-delivery.ts';
import type { Store } from '../../src/store/open-store.ts';

export const queue = { name: 'step', attempts: 3, backoffSeconds: 0, backoffMaxSeconds: 0 };

/** Opens delivery with one queue and remembers it, so that `stopAll` leaves nothing running. */
export function createDeliveries(): {
  open(store: Store, options?: Partial<DeliveryOptions>): Promise<Delivery>;
  stopAll(): Promise<void>;
} {
  const opened: Delivery[] = [];
  return {
    async open(store, options = {}) {
      const delivery = await openDelivery(store, { queues: [queue], ...options });
      opened.push(delivery);
      return delivery;
    },
    async stopAll() {
      await Promise.all(opened.splice(0).map((delivery) => delivery.stop({ graceSeconds: 5 })));
    },
  };
}

export function job(key: string, extra: Partial<NewJob> = {}): NewJob {
  return { queue: queue.name, key, data: {}, ...extra };
}

/** A promise and the function that resolves it: tests wait for what happens, never for a time. */
export function createSignal<T = void>(): { reached: Promise<T>; reach: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { reached: promise, reach: resolve };
}

/** Makes the worker of a job look silent since before its time, as its death or a freeze would after ten seconds. */
export async function silenceWorker(store: Store, claim: Pick<Claim, 'job'>): Promise<void> {
  const changed = await store.database.pool.query(
    `update tminus_delivery.job set heartbeat_on = heartbeat_on - interval '1 minute' where id = $1 and state = 'active'`,
    [claim.job],
  );
  if (changed.rowCount !== 1)
    throw new Error(`job ${claim.job}: expected it to be active, got ${changed.rowCount} rows`);
}
