import type { Shift } from '../../api/client.generated.ts';

/** What people do to a shift. */
export type Deed = 'promote' | 'hold' | 'resume' | 'note' | 'abort';

type Seen = Pick<Shift, 'stands' | 'phaseIndex' | 'hold'>;

/**
 * Whether a deed that was meant for one standing of a shift means the same at another, so that it may be repeated without asking again. What gives the canary more
 * never does. A hold is lifted only if it is the one that was read, and a word is left only for the phase that it was said of.
 */
export function meansTheSame(deed: Deed, seen: Seen, now: Seen): boolean {
  if (deed === 'hold' || deed === 'abort') return true;
  if (deed === 'resume') return JSON.stringify(seen.hold) === JSON.stringify(now.hold);
  return deed === 'note' && seen.phaseIndex === now.phaseIndex;
}
