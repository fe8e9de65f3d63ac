import type { Arm } from './rollout.ts';
import type { Ratios } from './ratios.ts';

/** Requests of one arm and the bad events among them. */
export interface ArmCounts {
  total: number;
  bad: number;
}

/** What both arms counted over the same span in one stratum. */
export type Split = { readonly [arm in Arm]: ArmCounts };

/**
 * What the counts say about the ratio of canary to stable, as a plain value: sums of `n ln(1 + w (ratio - 1))` by ratio, where `n` is the number of bad
 * events of a span and `w` the measured share of its requests that went to the canary.
 *
 * Given that a bad event happened, it happened in the canary with the chance `p = ratio w / (ratio w + 1 - w)`, whatever made the errors of both arms rise and
 * fall together. The logarithm of the likelihood of a ratio is `k ln(ratio)` minus that sum, up to a term that is the same for every ratio.
 */
export interface SplitEvidence {
  /** Against the canary, since `sinceMs`: begun anew every hour, so that a late failure does not first have to outweigh an hour that was good. */
  against: {
    sinceMs: number;
    sums: number[];
    compared: number;
    counts: { [arm in Arm]: ArmCounts };
    badWindows: number;
  };
  /** For the canary, over the whole phase. */
  since: { sinceMs: number; passSums: number[]; askedSums: number[]; counts: { [arm in Arm]: ArmCounts } };
  /** Bad events of both arms in spans that could be compared, those of them in the canary, and how many its share of requests explains. */
  compared: { bad: number; canary: number; explained: number };
}

const hourMs = 3_600_000;

/** Returns evidence about nothing yet. */
export function noEvidence(ratios: Ratios, sinceMs: number): SplitEvidence {
  return {
    against: { sinceMs, sums: ratios.fail.map(() => 0), compared: 0, counts: noCounts(), badWindows: 0 },
    since: {
      sinceMs,
      passSums: ratios.pass.map(() => 0),
      askedSums: ratios.asked.map(() => 0),
      counts: noCounts(),
    },
    compared: { bad: 0, canary: 0, explained: 0 },
  };
}

function noCounts(): { [arm in Arm]: ArmCounts } {
  return { stable: { total: 0, bad: 0 }, canary: { total: 0, bad: 0 } };
}

/** Returns the evidence after one look: the spans of all strata between this look and the one before. Never changes what it was given. */
export function addSplits(
  evidence: SplitEvidence,
  ratios: Ratios,
  splits: readonly Split[],
  atMs: number,
): SplitEvidence {
  const isNewHour = atMs - evidence.against.sinceMs >= hourMs;
  const next = copyOf(isNewHour ? { ...evidence, against: noEvidence(ratios, atMs).against } : evidence);
  let canaryBad = 0;
  for (const split of splits) {
    addCounts(next, split);
    canaryBad += split.canary.bad;
    // A stratum that only one arm has says nothing about a ratio.
    if (split.stable.total > 0 && split.canary.total > 0) addComparison(next, ratios, split);
  }
  if (canaryBad > 0) next.against.badWindows += 1;
  return next;
}

function copyOf({ against, since, compared }: SplitEvidence): SplitEvidence {
  return {
    against: {
      sinceMs: against.sinceMs,
      sums: against.sums.slice(),
      compared: against.compared,
      counts: { stable: { ...against.counts.stable }, canary: { ...against.counts.canary } },
      badWindows: against.badWindows,
    },
    since: {
      sinceMs: since.sinceMs,
      passSums: since.passSums.slice(),
      askedSums: since.askedSums.slice(),
      counts: { stable: { ...since.counts.stable }, canary: { ...since.counts.canary } },
    },
    compared: { ...compared },
  };
}

function addCounts({ against, since }: SplitEvidence, { stable, canary }: Split): void {
  for (const { counts } of [against, since]) {
    counts.stable.total += stable.total;
    counts.stable.bad += stable.bad;
    counts.canary.total += canary.total;
    counts.canary.bad += canary.bad;
  }
}

function addComparison({ against, since, compared }: SplitEvidence, ratios: Ratios, { stable, canary }: Split): void {
  const bad = stable.bad + canary.bad;
  if (bad === 0) return;
  const share = canary.total / (canary.total + stable.total);
  addSums(against.sums, ratios.fail, bad, share);
  addSums(since.passSums, ratios.pass, bad, share);
  addSums(since.askedSums, ratios.asked, bad, share);
  against.compared += canary.bad;
  compared.bad += bad;
  compared.canary += canary.bad;
  compared.explained += bad * share;
}

function addSums(sums: number[], ratios: readonly number[], bad: number, share: number): void {
  for (let index = 0; index < sums.length; index += 1) {
    sums[index]! += bad * Math.log(1 + share * (ratios[index]! - 1));
  }
}

/** Logarithm of the evidence that the canary is worse than its margin: of an e-process, which exceeds `x` by chance in one of `x` rollouts at most, however often it is looked at. */
export function logAgainst({ against }: SplitEvidence, ratios: Ratios, dispersion: number): number {
  return logMixture(ratios.fail, against.sums, against.compared, dispersion);
}

/** Logarithm of the evidence that the canary is better than the ratio that is to be excluded. */
export function logFor({ since, compared }: SplitEvidence, ratios: Ratios, dispersion: number): number {
  return logMixture(ratios.pass, since.passSums, compared.canary, dispersion);
}

/** Mean of the likelihoods of all ratios but the first, over that of the first. */
function logMixture(ratios: readonly number[], sums: readonly number[], bad: number, dispersion: number): number {
  const logs: number[] = [];
  for (let index = 1; index < ratios.length; index += 1) {
    logs.push((bad * Math.log(ratios[index]! / ratios[0]!) - sums[index]! + sums[0]!) / dispersion);
  }
  return logMeanExp(logs);
}

/** Logarithm of the mean of exponentials, without overflow; minus infinity of none. */
export function logMeanExp(logs: readonly number[]): number {
  let largest = -Infinity;
  for (const log of logs) if (log > largest) largest = log;
  if (logs.length === 0) return -Infinity;
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - largest);
  return largest + Math.log(sum / logs.length);
}

/** The ratios of canary to stable that the counts do not exclude at this limit, as far as they were asked; null as a bound where nothing on that side is excluded. */
export function ratioInterval(
  { since, compared }: SplitEvidence,
  { asked }: Ratios,
  { dispersion, limit }: { dispersion: number; limit: number },
): { low: number | null; high: number | null } {
  const logs = asked.map((ratio, index) => (compared.canary * Math.log(ratio) - since.askedSums[index]!) / dispersion);
  const isOut = (others: readonly number[], log: number): boolean => logMeanExp(others) - log >= Math.log(limit);
  const below = logs.map((log, index) => isOut(logs.slice(index + 1), log)).lastIndexOf(true);
  const above = logs.findIndex((log, index) => isOut(logs.slice(0, index), log));
  return { low: below === -1 ? null : asked[below]!, high: above === -1 ? null : asked[above]! };
}
