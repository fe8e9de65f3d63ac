import { capFalls, capRises } from './ratios.ts';
import type { Ratios } from './ratios.ts';
import { logMeanExp } from './split.ts';

/** What is expected of one measure in one phase. */
export interface Expectation {
  ratios: Ratios;
  /** Requests a second of both arms. */
  stablePerSecond: number;
  canaryPerSecond: number;
  /** Share of bad events of the stable arm. */
  base: number;
  cap: number | null;
  dispersion: number;
  limit: number;
  intervalMs: number;
  windows: number;
}

/** Nobody waits longer, and nothing is asked beyond it. */
const longestSeconds = 30 * 86_400;

/** Returns the seconds after which a canary with this share of bad events is expected to be proven worse, by its ratio or by the cap; null where that takes more than 30 days. */
export function secondsToFail(expected: Expectation, rate: number): number | null {
  const { cap, limit, canaryPerSecond } = expected;
  const byRatio = secondsUntil(splitDrifts(expected, expected.ratios.fail, rate), limit);
  const byCap = cap === null || rate <= cap ? null : secondsUntil(capDrifts(expected, capRises, rate), limit);
  const soonest = Math.min(byRatio ?? Infinity, byCap === null ? Infinity : Math.max(byCap, 200 / canaryPerSecond));
  // Looks that have to show bad events of the canary, as many as come by chance.
  const perLook = 1 - Math.exp((-rate * canaryPerSecond * expected.intervalMs) / 1_000);
  const looks = (expected.windows * expected.intervalMs) / 1_000 / perLook;
  return toFinite(Math.max(soonest, looks));
}

/** Returns the seconds after which a canary that is as good as the stable arm is expected to be proven good enough; null where that takes more than 30 days. */
export function secondsToPass(expected: Expectation): number | null {
  const { cap, base, limit } = expected;
  const byRatio = secondsUntil(splitDrifts(expected, expected.ratios.pass, base), limit);
  const byCap = cap === null || base >= cap ? null : secondsUntil(capDrifts(expected, capFalls, base), limit);
  return toFinite(Math.min(byRatio ?? Infinity, byCap ?? Infinity));
}

function toFinite(seconds: number): number | null {
  return seconds <= longestSeconds ? seconds : null;
}

/** Growth a second of the logarithm of each ratio of the mixture, where the canary has this share of bad events. */
function splitDrifts(
  { stablePerSecond, canaryPerSecond, base, dispersion }: Expectation,
  ratios: readonly number[],
  rate: number,
): number[] {
  if (stablePerSecond === 0) return [];
  const canaryBad = canaryPerSecond * rate;
  const bad = canaryBad + stablePerSecond * base;
  const share = canaryPerSecond / (canaryPerSecond + stablePerSecond);
  const [first, ...others] = ratios;
  const zero = Math.log(1 + share * (first! - 1));
  return others.map(
    (other) => (canaryBad * Math.log(other / first!) - bad * (Math.log(1 + share * (other - 1)) - zero)) / dispersion,
  );
}

function capDrifts(
  { canaryPerSecond, cap, dispersion }: Expectation,
  multiples: readonly number[],
  rate: number,
): number[] {
  return multiples
    .filter((multiple) => multiple * cap! < 1)
    .map(
      (multiple) =>
        (canaryPerSecond * (rate * Math.log(multiple) + (1 - rate) * Math.log((1 - cap! * multiple) / (1 - cap!)))) /
        dispersion,
    );
}

/** When the mean of the likelihoods that grow so fast reaches the limit. */
function secondsUntil(drifts: readonly number[], limit: number): number | null {
  const logAt = (seconds: number): number => logMeanExp(drifts.map((drift) => drift * seconds));
  if (!(logAt(longestSeconds) >= Math.log(limit))) return null;
  let [low, high] = [0, longestSeconds];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (logAt(middle) >= Math.log(limit)) high = middle;
    else low = middle;
  }
  return high;
}
