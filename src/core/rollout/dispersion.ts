import type { Split } from './split.ts';

/** Taken where nobody has measured it: errors come in bursts, of retries or of one user, until shown otherwise. */
export const unknownDispersion = 4;

/** How much history a dispersion takes. */
export const leastHistory = { spanMs: 24 * 3_600_000, told: 30 };

/** How bad events fell on two arms of which neither was worse, window by window, as a plain value: all that a dispersion is made from, however long it was counted. */
export interface Scatter {
  spanMs: number;
  /** Looks at which both arms were counted. */
  windows: number;
  /** Windows of single strata that had bad events, and traffic on both arms: only they say something. */
  told: number;
  /** Of those the squared distances of the canary from its share, in units of the binomial variance. */
  sum: number;
}

/** The scatter of what was never counted. */
export const noScatter: Scatter = { spanMs: 0, windows: 0, told: 0, sum: 0 };

/** Returns the scatter after one more look: what both arms counted of each stratum in so long. */
export function addScatter(scatter: Scatter, splits: readonly Split[], spanMs: number): Scatter {
  const next = { ...scatter, spanMs: scatter.spanMs + Math.max(0, spanMs), windows: scatter.windows + 1 };
  for (const { stable, canary } of splits) {
    const bad = stable.bad + canary.bad;
    const share = canary.total / (canary.total + stable.total);
    if (!(bad > 0 && share > 0 && share < 1)) continue;
    next.told += 1;
    next.sum += (canary.bad - bad * share) ** 2 / (bad * share * (1 - share));
  }
  return next;
}

/** Returns several scatters of the same measure as one. */
export function mergeScatters(scatters: readonly Scatter[]): Scatter {
  return scatters.reduce(
    (all, { spanMs, windows, told, sum }) => ({
      spanMs: all.spanMs + spanMs,
      windows: all.windows + windows,
      told: all.told + told,
      sum: all.sum + sum,
    }),
    noScatter,
  );
}

/**
 * Returns how much more than chance bad events scatter between two arms that are the same (Pearson: the mean of the squared distance from the share, in units of
 * the binomial variance), at least 1; null from less than 24 hours or less than 30 windows with bad events. Events in bursts of four give four. Arms that
 * differ a little scatter more, never less: what they show is careful.
 */
export function dispersionOf({ spanMs, told, sum }: Scatter): number | null {
  if (!(spanMs >= leastHistory.spanMs) || !(told >= leastHistory.told)) return null;
  const mean = sum / told;
  return Number.isFinite(mean) ? Math.max(1, mean) : null;
}
