import { hasQueues } from '../../store/metric.ts';
import type { Store } from '../../store/open-store.ts';
import { workQueues } from '../advance/work-queues.ts';
import type { QueueHealth } from '../delivery.ts';
import { readDeliveryHealth } from '../delivery/read-health.ts';

/** How the queues of runs are; null where none was opened yet, because nothing was ever run. Throws where it cannot be read. */
export async function readQueues(store: Store): Promise<QueueHealth[] | null> {
  if (!(await hasQueues(store))) return null;
  const health = await readDeliveryHealth(
    store,
    workQueues.map(({ name }) => name),
  );
  if (health.state === 'unknown') throw new Error(health.reason);
  return health.queues;
}

/** Why there is nothing to say about queues. */
export const noQueues = 'no queue was opened yet: nothing was ever run';
