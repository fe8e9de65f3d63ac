/**
 * The value at a percentile of a sorted series by the nearest-rank method: the smallest value that at least `percent` of a hundred are not above. It is
 * always one that was measured. Null for an empty series.
 */
export function percentileOf(sorted: ArrayLike<number>, percent: number): number | null {
  if (!(percent > 0 && percent <= 100))
    throw new RangeError(`percentile: expected above 0 and up to 100, got ${percent}`);
  // Divided last: 0.95 * 20 is more than 19 in floating point, and would name the next rank.
  const rank = Math.ceil((percent * sorted.length) / 100);
  return sorted[rank - 1] ?? null;
}
