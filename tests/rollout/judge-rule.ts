import { addScatter, dispersionOf, noScatter, unknownDispersion } from '../../src/core/rollout/dispersion.ts';
import { findFailure, neededWindows } from '../../src/core/rollout/find-failure.ts';
import { ratiosOf } from '../../src/core/rollout/ratios.ts';
import { suspectIntervalMs } from '../../src/core/rollout/look-interval.ts';
import { addSplits, logAgainst, noEvidence } from '../../src/core/rollout/split.ts';
import type { Split } from '../../src/core/rollout/split.ts';
import type { Rule } from './peer-rules.ts';
import { createTraffic, lookSeconds } from './simulate-traffic.ts';
import type { Traffic } from './simulate-traffic.ts';

/** How the judge is set; what is missing is as the product has it. */
export interface JudgeSetting {
  margin: number;
  exclude: number;
  cap: number | null;
  limit: number;
  dispersion: number;
  windows: number;
}

export const errorSetting = { margin: 1.5, exclude: 3, cap: 0.005, limit: 20, windows: neededWindows };
export const slowSetting = { margin: 1.15, exclude: 1.5, cap: null, limit: 20, windows: neededWindows };

/** The product's own rule: the functions that judge a rollout, look by look. */
export function createJudgeRule(setting: JudgeSetting): Rule {
  const ratios = ratiosOf(setting);
  const terms = { ...setting, ratios };
  let look = 0;
  let evidence = noEvidence(ratios, 0);
  return (split) => {
    look += 1;
    evidence = addSplits(evidence, ratios, [split], look * lookSeconds * 1_000);
    const failure = findFailure(evidence, terms);
    return failure !== null && failure !== 'above_cap';
  };
}

/** Spans that make a look of ten seconds, and one of a canary that is suspected. */
const spansOf = {
  usual: 4,
  suspected: Math.round((4 * suspectIntervalMs(lookSeconds * 1_000)) / (lookSeconds * 1_000)),
};

/** How long one such span is. */
export const spanSeconds = lookSeconds / spansOf.usual;

/** The same rule at the times at which the product looks: sooner where the evidence is there and only separate looks are missing. It takes spans of `spanSeconds`. */
export function createSpacedRule(setting: JudgeSetting): Rule {
  const ratios = ratiosOf(setting);
  const terms = { ...setting, ratios };
  let evidence = noEvidence(ratios, 0);
  let waiting = noSplit();
  let [spans, due, now] = [0, spansOf.usual, 0];
  return (split) => {
    for (const arm of ['stable', 'canary'] as const) {
      waiting[arm].total += split[arm].total;
      waiting[arm].bad += split[arm].bad;
    }
    spans += 1;
    now += 1;
    if (spans < due) return false;
    evidence = addSplits(evidence, ratios, [waiting], now * spanSeconds * 1_000);
    waiting = noSplit();
    spans = 0;
    const failure = findFailure(evidence, terms);
    const isSuspect = logAgainst(evidence, ratios, setting.dispersion) >= Math.log(setting.limit);
    due = isSuspect ? spansOf.suspected : spansOf.usual;
    return failure !== null && failure !== 'above_cap';
  };
}

function noSplit(): { stable: Split['stable']; canary: Split['canary'] } {
  return { stable: { total: 0, bad: 0 }, canary: { total: 0, bad: 0 } };
}

/** Dispersion of a day of innocent traffic of this kind, split into halves, in slots of one look. */
export function dispersionOfDay(traffic: Traffic, seed: number): number {
  const next = createTraffic({ ...traffic, ratio: 1, share: 0.5 }, seed);
  let scatter = noScatter;
  for (let slot = 0; slot < 8_640; slot += 1) scatter = addScatter(scatter, [next()], lookSeconds * 1_000);
  return dispersionOf(scatter) ?? unknownDispersion;
}

/** How often a rule takes back in an hour, and after how many minutes on the average of those times. */
export function countRollbacks(
  createRule: (run: number) => Rule,
  traffic: Traffic,
  runs: number,
  seconds: number = lookSeconds,
): { rolledBack: number; meanMinutes: number; minutes: number[] } {
  const minutes: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const next = createTraffic(traffic, run + 1, seconds);
    const rule = createRule(run);
    for (let look = 1; look <= 3_600 / seconds; look += 1) {
      if (!rule(next())) continue;
      minutes.push((look * seconds) / 60);
      break;
    }
  }
  const meanMinutes = minutes.reduce((sum, value) => sum + value, 0) / Math.max(1, minutes.length);
  return { rolledBack: minutes.length, meanMinutes, minutes };
}
