import type { Store } from '../../store/open-store.ts';
import type { Advancer } from '../advance/open-advancer.ts';
import { openAdvancer } from '../advance/open-advancer.ts';
import { workQueues } from '../advance/work-queues.ts';
import type { Delivery } from '../delivery.ts';
import { openDelivery } from '../delivery/open-delivery.ts';

/** What every use case about runs works with. */
export interface Engine {
  store: Store;
  delivery: Delivery;
  advancer: Advancer;
  /** Ends the delivery of this process; the store is closed by whoever opened it. */
  close(options?: { graceSeconds?: number }): Promise<void>;
}

/** Opens delivery and the writer of runs on a store. `report` is told of trouble that delivery overcomes by itself. */
export async function openEngine(
  store: Store,
  options: { report: (error: unknown) => void; mask?: (text: string) => string },
): Promise<Engine> {
  const delivery = await openDelivery(store, { queues: workQueues, ...options });
  const advancer = openAdvancer(store, delivery);
  return { store, delivery, advancer, close: (how) => delivery.stop(how) };
}
