import type { JsonObject } from '@tminus/verify';

/** A share of a whole. Without a whole there is no share: `fraction` is absent and an expectation on it is unknown. */
export interface Share {
  covered: number;
  total: number;
}

/** Returns counts and their fraction, rounded down at six digits: 79.99999 % is never 80 %. */
export function toShareFacts({ covered, total }: Share): JsonObject {
  if (total === 0) return { covered, total };
  return { covered, total, fraction: Math.floor((covered * 1_000_000) / total) / 1_000_000 };
}
