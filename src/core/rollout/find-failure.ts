import { logAboveCap } from './cap-evidence.ts';
import { isAboveCap } from './guards.ts';
import type { Ratios } from './ratios.ts';
import { logAgainst } from './split.ts';
import type { SplitEvidence } from './split.ts';

/** Looks with bad events of the canary that a FAIL takes: one burst is no trend. */
export const neededWindows = 3;

/** What evidence is held against. */
export interface FailureTerms {
  ratios: Ratios;
  cap: number | null;
  dispersion: number;
  limit: number;
  windows: number;
}

/**
 * Returns what is proven against the canary since the hour began: that it is worse than its margin, or above the cap while the stable arm is not. Above a cap that the
 * stable arm breaks, too, it is `above_cap`, which nobody is blamed for. Null where nothing is proven.
 */
export function findFailure(
  evidence: SplitEvidence,
  { ratios, cap, dispersion, limit, windows }: FailureTerms,
): 'worse_than_margin' | 'cap_broken' | 'above_cap' | null {
  const { stable, canary } = evidence.against.counts;
  if (evidence.against.badWindows < windows) return null;
  const log = Math.log(limit);
  if (logAgainst(evidence, ratios, dispersion) >= log) return 'worse_than_margin';
  if (cap === null || isAboveCap(canary, cap) !== true || logAboveCap(canary, cap, dispersion) < log) return null;
  // A stable arm with too few requests to tell is no excuse.
  return isAboveCap(stable, cap) === true ? 'above_cap' : 'cap_broken';
}
