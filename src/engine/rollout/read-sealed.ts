import type { SealedPhases } from '../../core/check/check.ts';
import { listShifts } from '../../store/rollout.ts';
import type { Shift } from '../../store/rollout.ts';
import { readShiftEntries } from '../../store/rollout-entry.ts';
import type { Store } from '../../store/open-store.ts';

/** Shifts whose phases are looked at: what was tried earlier is superseded by what was tried since. */
const mostShifts = 20;

/** Returns where checks find the sealed phases of the rollouts of a launch in one environment. */
export function openSealedPhases(store: Store, place: { launch: string; environment: string }): SealedPhases {
  return {
    async read(rollout) {
      const shifts = await listShifts(store, { ...place, rollout }, { limit: mostShifts });
      const sealed = await Promise.all(shifts.map((shift) => readSealed(store, shift)));
      return sealed.flat();
    },
  };
}

/** Returns the sealed phases of one shift in their order. */
export async function readSealed(
  store: Store,
  { id }: Pick<Shift, 'id'>,
): Promise<{ name: string; envelope: string; report: number }[]> {
  const entries = await readShiftEntries(store, id, { kinds: ['sealed'] });
  return entries.flatMap(({ number, body }) =>
    typeof body['envelope'] === 'string' && typeof body['report'] === 'number'
      ? [{ name: `${id}-${number}`, envelope: body['envelope'], report: body['report'] }]
      : [],
  );
}
