import { findFailure } from '../src/core/rollout/find-failure.ts';
import { ratiosOf } from '../src/core/rollout/ratios.ts';
import { addSplits, noEvidence } from '../src/core/rollout/split.ts';
import { countFalseRollbacks, innocentCells } from '../tests/rollout/cells.ts';
import {
  countRollbacks,
  createJudgeRule,
  createSpacedRule,
  errorSetting,
  slowSetting,
  spanSeconds,
} from '../tests/rollout/judge-rule.ts';
import { mannWhitney } from '../tests/rollout/mann-whitney.ts';
import { createKayentaRule, createThresholdRule } from '../tests/rollout/peer-rules.ts';
import type { Rule } from '../tests/rollout/peer-rules.ts';
import { createTraffic, lookSeconds } from '../tests/rollout/simulate-traffic.ts';
import type { Traffic } from '../tests/rollout/simulate-traffic.ts';
import { describeMachine } from './describe-machine.ts';

const runs = 1_000;
/** Kayenta sorts every pair of minutes at every look. */
const kayentaRuns = 200;

interface Caught {
  rolledBackPercent: number;
  meanMinutes: number;
  samples: number[];
}

interface RolloutReport {
  name: 'rollout';
  machine: string;
  setting: string;
  /** Innocent canaries that were taken back within an hour, in percent, by model and traffic. */
  falseRollbackPercent: {
    [cell: string]: { judge: number; judgeSooner: number; kayenta: number; flagger?: number; argo?: number };
  };
  worstFalsePercent: number;
  /** Ten times the errors, 0.1 -> 1 %, at 10 canary rps, from the first look that counts; the warm-up comes before it. */
  errorsTenfold: { [rule: string]: Caught };
  /** The same from the change of weight on: a warm-up of 60 s and two looks later. */
  errorsTenfoldFromShiftMinutes: number;
  /** Latency 20 % longer at 10 canary rps. */
  latencyLonger: { [rule: string]: Caught };
  ticksPerSecond: { median: number; samples: number[] };
  /** 10,000 gauges of 60 points an arm, as imported Kayenta configurations have them. */
  mannWhitney10kMs: { median: number; samples: number[] };
  goals: {
    falsePercent: 1;
    errorsMinutes: 2;
    timesFlagger: number;
    timesKayenta: number;
    latencyMinutes: 3;
    latencyTimesKayenta: number;
    ticksPerSecond: 1_000_000;
    met: boolean;
  };
}

/** Simulates hours of traffic with known truth, judged by the product's own functions and by the rules of peers. */
export function run(): RolloutReport {
  const falseRollbackPercent = measureInnocent();
  const errorsTenfold = measureErrors();
  const latencyLonger = measureLatency();
  const ticksPerSecond = measureTicks();
  const mannWhitney10kMs = measureMannWhitney();
  const worstFalsePercent = Math.max(
    ...Object.values(falseRollbackPercent).flatMap(({ judge, judgeSooner }) => [judge, judgeSooner]),
  );
  const times = (caught: { [rule: string]: Caught }, rule: string): number =>
    toHundredths(caught['judge']!.meanMinutes / caught[rule]!.meanMinutes);
  const [timesFlagger, timesKayenta] = [times(errorsTenfold, 'flagger'), times(errorsTenfold, 'kayenta')];
  const latencyTimesKayenta = times(latencyLonger, 'kayenta');
  const isAllCaught = [errorsTenfold, latencyLonger].every(({ judge }) => judge!.rolledBackPercent === 100);
  const met =
    worstFalsePercent <= 1 &&
    isAllCaught &&
    errorsTenfold['judge']!.meanMinutes <= 2 &&
    Math.max(timesFlagger, timesKayenta) <= 0.2 &&
    latencyLonger['judge']!.meanMinutes <= 3 &&
    latencyTimesKayenta <= 0.3 &&
    ticksPerSecond.median >= 1_000_000 &&
    mannWhitney10kMs.median < 1_000;
  return {
    name: 'rollout',
    machine: describeMachine(),
    setting: `${runs} seeded hours a cell (Kayenta ${kayentaRuns}), canary 5 %, looks every 10 s; false rollbacks at a limit of 20, tenfold errors at 240`,
    falseRollbackPercent,
    worstFalsePercent,
    errorsTenfold,
    errorsTenfoldFromShiftMinutes: toHundredths(errorsTenfold['judge']!.meanMinutes + 80 / 60),
    latencyLonger,
    ticksPerSecond,
    mannWhitney10kMs,
    goals: {
      falsePercent: 1,
      errorsMinutes: 2,
      timesFlagger,
      timesKayenta,
      latencyMinutes: 3,
      latencyTimesKayenta,
      ticksPerSecond: 1_000_000,
      met,
    },
  };
}

function measureInnocent(): RolloutReport['falseRollbackPercent'] {
  const cells = innocentCells.map((cell) => {
    const { traffic, name } = cell;
    const percent = (create: (index: number) => Rule, count: number): number =>
      toHundredths((100 * countRollbacks(create, traffic, count).rolledBack) / count);
    return [
      name,
      {
        judge: toHundredths((100 * countFalseRollbacks(cell, runs)) / runs),
        // At the times of the product: three quarters of an interval later where the evidence is there and only looks are missing.
        judgeSooner: toHundredths((100 * countFalseRollbacks(cell, runs, {}, 'product')) / runs),
        kayenta: percent((index) => createKayentaRule(besides(traffic, index)), kayentaRuns),
        // Their rule is about errors: one in ten is always too many for it.
        ...(traffic.base === 0.001 && {
          flagger: percent(() => createThresholdRule(0.01, 5), runs),
          argo: percent(() => createThresholdRule(0.01, 4), runs),
        }),
      },
    ] as const;
  });
  return Object.fromEntries(cells);
}

function measureErrors(): RolloutReport['errorsTenfold'] {
  const traffic: Traffic = { model: 'iid', rps: 200, share: 0.05, base: 0.001, ratio: 10, noise: 0 };
  const setting = { ...errorSetting, dispersion: 1 };
  return {
    judge: toCaught(() => createJudgeRule({ ...setting, limit: 240 }), traffic, runs),
    judgeSooner: toCaught(() => createSpacedRule({ ...setting, limit: 240 }), traffic, runs, spanSeconds),
    judgeAt20: toCaught(() => createJudgeRule(setting), traffic, runs),
    flagger: toCaught(() => createThresholdRule(0.01, 5), traffic, runs),
    argo: toCaught(() => createThresholdRule(0.01, 4), traffic, runs),
    kayenta: toCaught((index) => createKayentaRule(besides(traffic, index)), traffic, kayentaRuns),
  };
}

function measureLatency(): RolloutReport['latencyLonger'] {
  const traffic: Traffic = { model: 'noise', rps: 200, share: 0.05, base: 0.1, ratio: 1.64, noise: 0.052 };
  const setting = { ...slowSetting, dispersion: 1.3 };
  return {
    judge: toCaught(() => createJudgeRule(setting), traffic, runs),
    judgeAt240: toCaught(() => createJudgeRule({ ...setting, limit: 240 }), traffic, runs),
    kayenta: toCaught((index) => createKayentaRule(besides(traffic, index)), traffic, kayentaRuns),
  };
}

function toCaught(
  create: (index: number) => Rule,
  traffic: Traffic,
  count: number,
  seconds: number = lookSeconds,
): Caught {
  const { rolledBack, meanMinutes, minutes } = countRollbacks(create, traffic, count, seconds);
  return { rolledBackPercent: (100 * rolledBack) / count, meanMinutes: toHundredths(meanMinutes), samples: minutes };
}

/** One tick is a look of one measure with one stratum: evidence taken in, and asked whether it is enough. */
function measureTicks(): RolloutReport['ticksPerSecond'] {
  const next = createTraffic({ model: 'iid', rps: 200, share: 0.05, base: 0.001, ratio: 1, noise: 0 }, 1);
  const splits = Array.from({ length: 3_600 }, () => [next()]);
  const ratios = ratiosOf(errorSetting);
  const terms = { ...errorSetting, ratios, dispersion: 1, limit: 240 };
  const ticks = 200_000;
  const measureOnce = (): number => {
    const before = process.cpuUsage().user;
    let evidence = noEvidence(ratios, 0);
    for (let tick = 0; tick < ticks; tick += 1) {
      evidence = addSplits(evidence, ratios, splits[tick % splits.length]!, tick * 10_000);
      if (findFailure(evidence, terms) === 'above_cap')
        throw new Error('innocent traffic: expected no failure, got one');
    }
    return Math.round((ticks * 1e6) / (process.cpuUsage().user - before));
  };
  return toMedian(Array.from({ length: 12 }, measureOnce).slice(2));
}

function measureMannWhitney(): RolloutReport['mannWhitney10kMs'] {
  const next = createTraffic({ model: 'iid', rps: 200, share: 0.05, base: 0.01, ratio: 1, noise: 0 }, 3);
  const points = (): number[] => Array.from({ length: 60 }, () => next().stable.bad);
  const gauges = Array.from({ length: 100 }, () => [points(), points()] as const);
  const measureOnce = (): number => {
    const before = process.cpuUsage().user;
    for (let gauge = 0; gauge < 10_000; gauge += 1) mannWhitney(...gauges[gauge % 100]!);
    return (process.cpuUsage().user - before) / 1_000;
  };
  return toMedian(Array.from({ length: 6 }, measureOnce).slice(1));
}

function toMedian(samples: number[]): { median: number; samples: number[] } {
  return { median: samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)]!, samples };
}

/** A baseline of the size of the canary, of the same minutes. */
function besides(traffic: Traffic, index: number): ReturnType<typeof createTraffic> {
  return createTraffic({ ...traffic, ratio: 1 }, 700_000 + index);
}

function toHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
