import type { Delivery, NewJob } from '../../src/engine/delivery.ts';
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

/**
 * Makes the worker of a job look silent since before its time, as its death or a freeze would after ten seconds, until that was noticed. It says so
 * again and again, because a worker that lives says otherwise every few seconds.
 */
export async function silenceWorker(
  store: Store,
  { job: id, attempt }: { job: string; attempt?: number },
): Promise<void> {
  const { rows } = await store.database.pool.query<{ retry_count: number; state: string }>(
    'select retry_count, state::text from tminus_delivery.job where id = $1',
    [id],
  );
  // One that died may have been silent for long enough by the time that its end is known: whoever knows the attempt does not mind.
  if (rows[0] === undefined || (attempt === undefined && rows[0].state !== 'active'))
    throw new Error(`job ${id}: expected it to be active, got ${rows[0]?.state ?? 'that it is not there'}`);
  const tries = attempt === undefined ? rows[0].retry_count : attempt - 1;
  for (;;) {
    const silenced = await store.database.pool.query(
      `update tminus_delivery.job set heartbeat_on = now() - interval '1 minute' where id = $1 and state = 'active' and retry_count = $2`,
      [id, tries],
    );
    if (silenced.rowCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
