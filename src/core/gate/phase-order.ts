import type { Phase } from '../launch/launch.ts';

/**
 * Whether phase `a` comes after phase `b`. By offset where both have one, else by the order of declaration.
 * A phase that is not declared is never later: what is required by an unknown phase is required now (O19).
 */
export function isLaterPhase(phases: readonly Phase[], a: string, b: string): boolean {
  const first = phases.findIndex(({ id }) => id === a);
  const second = phases.findIndex(({ id }) => id === b);
  const [later, earlier] = [phases[first], phases[second]];
  if (!later || !earlier || a === b) return false;
  if (later.offsetMs === null || earlier.offsetMs === null || later.offsetMs === earlier.offsetMs)
    return first > second;
  return later.offsetMs > earlier.offsetMs;
}
