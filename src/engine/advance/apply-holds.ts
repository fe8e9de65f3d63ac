import type { Store } from '../../store/open-store.ts';
import { listLooseHolds } from '../../store/standing-hold.ts';
import type { Advancer } from './open-advancer.ts';
import { toHoldInput } from './to-hold-input.ts';

/**
 * Brings every run under the holds that are on above it, and out from under those that were lifted; returns how many runs changed. Workers call it again
 * and again, so that a hold takes effect whatever becomes of the process that put it.
 */
export async function applyHolds(store: Store, advancer: Advancer): Promise<number> {
  const loose = await listLooseHolds(store);
  const changed = await Promise.all(
    loose.map(async ({ run, hold, lifted }) => {
      const input =
        lifted === null
          ? toHoldInput(hold)
          : ({ kind: 'release', hold: hold.id, by: { person: lifted.by, role: '' }, reason: lifted.reason } as const);
      return (await advancer.advance({ run, input })).state === 'decided';
    }),
  );
  return changed.filter(Boolean).length;
}
