import type { Arm } from '../../core/rollout/rollout.ts';
import { RouterTrouble } from '../../core/rollout/router-kind.ts';

/** Returns the `drain` of a router that cannot, with the reason: an arm that still has requests must not look empty. */
export function refuseDrain(reason: string): (arm: Arm) => Promise<void> {
  return (arm) =>
    Promise.reject(new RouterTrouble('cannot_drain', `drain of ${arm}: ${reason}; set the weight and wait`));
}
