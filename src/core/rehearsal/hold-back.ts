import type { Plan } from '../procedure/plan.ts';
import type { Hold } from '../procedure/run.ts';

/** A hold that a rehearsal puts before a run begins. */
export type HoldBack = Pick<Hold, 'id' | 'scope' | 'subject'>;

const prefix = 'way-back:';

/**
 * The holds under which a run stands still right before there is no way back any more, so that the moment is reached however quick its steps are: each step
 * that cannot be taken back and whatever needs it, or, where everything can be, last steps that write and have no undo; and the end of the run.
 */
export function holdsBeforeReturn({ steps }: Pick<Plan, 'steps'>): HoldBack[] {
  const held = new Set(steps.filter(({ reversible }) => !reversible).map(({ id }) => id));
  for (let before = -1; before < held.size;) {
    before = held.size;
    for (const { id, needs } of steps) if (needs.some((need) => held.has(need))) held.add(id);
  }
  const needed = new Set(steps.flatMap(({ needs }) => needs));
  const last = steps.filter(({ id, human, writes, undo }) => !needed.has(id) && !human && writes && undo === null);
  const ids = held.size > 0 ? [...held] : last.map(({ id }) => id);
  return [
    ...ids.map((id): HoldBack => ({ id: `${prefix}${id}`, scope: 'step', subject: id })),
    { id: `${prefix}the end`, scope: 'end', subject: null },
  ];
}

/** Whether a rehearsal put a hold to stand still there, and nobody has to overcome it. */
export function isHeldBack({ id }: Pick<Hold, 'id'>): boolean {
  return id.startsWith(prefix);
}
