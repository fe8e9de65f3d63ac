/** Calls `work` with 0, 1, ... below `count`, so many at once, and resolves when all have ended. */
export async function runSideBySide(
  count: number,
  atOnce: number,
  work: (nr: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let nr = next++; nr < count; nr = next++) await work(nr);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

/** The value in the middle. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Median, 99th percentile and the greatest of some values. */
export interface Spread {
  p50: number;
  p99: number;
  max: number;
}

/** Sums up values, of which there has to be one. */
export function toSpread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
