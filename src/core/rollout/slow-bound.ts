import type { CounterSample } from './measure-reading.ts';

/** Requests of the stable arm that it takes to see where its quantile lies. */
const leastRequests = 200;

/**
 * Returns the upper bound of the bucket that lies next to the quantile of the stable arm: what is beyond it is slow, in both arms. Null where too few requests say
 * where it lies, or no bound of the histogram has both slow and fast requests.
 */
export function slowBound({ total, bad }: CounterSample, quantile: number): number | null {
  if (typeof bad === 'number' || !(total >= leastRequests)) return null;
  const shares = bad
    .filter(({ le, count }) => Number.isFinite(le) && count > 0 && count < total)
    .map(({ le, count }) => ({ le, away: Math.abs(count / total - quantile) }));
  return shares.length === 0 ? null : shares.reduce((best, next) => (next.away < best.away ? next : best)).le;
}
