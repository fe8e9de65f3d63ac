import type { JsonObject } from '@tminus/verify';

/** A share of a whole. Without a whole there is no share: `fraction` is absent and an expectation on it is unknown. */
export interface Share {
  covered: number;
  total: number;
}

/** Returns nothing of nothing, to add to. */
export function emptyShare(): Share {
  return { covered: 0, total: 0 };
}

/** Returns counts and their fraction. One division, correctly rounded, so that 4 of 5 is exactly `80%` and 3999 of 5000 is less. */
export function toShareFacts({ covered, total }: Share): JsonObject {
  return total === 0 ? { covered, total } : { covered, total, fraction: covered / total };
}
