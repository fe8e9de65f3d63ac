import type { Look } from '../../core/rollout/rollout-input.ts';
import { toLine, within } from './look-once.ts';
import type { Connections } from './open-connections.ts';

/**
 * Returns the critical incidents that are open for a launch: its alerts that fire, by every metric source of the rollout that knows alerts. A source that should know and
 * does not answer is an incident of its own, so that silence lets nothing go on; it blames nobody. Never throws.
 */
export async function readIncidents(
  { sources }: Pick<Connections, 'sources'>,
  launch: string,
  patienceMs: number,
): Promise<Look['incidents']> {
  const found = await Promise.all(
    [...sources].map(async ([id, session]) => {
      if (session.alerts === undefined) return [];
      const reading = await within(patienceMs, session.alerts(launch)).catch((error: unknown) => ({
        state: 'error' as const,
        reason: toLine(error),
      }));
      return reading.state === 'read'
        ? reading.firing
        : [{ id: `${id} silent`, title: `alerts of ${id} cannot be read: ${reading.reason}`, onCanary: false }];
    }),
  );
  return found.flat();
}
