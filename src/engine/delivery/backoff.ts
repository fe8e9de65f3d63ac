import type { QueueDefinition } from '../delivery.ts';

/** Returns the pause after the failure of a try, seconds; `attempt` counts from 1. It doubles from try to try up to the limit of the queue. */
export function toBackoffSeconds(queue: QueueDefinition, attempt: number): number {
  return Math.min(queue.backoffMaxSeconds, queue.backoffSeconds * 2 ** Math.min(attempt - 1, 30));
}
