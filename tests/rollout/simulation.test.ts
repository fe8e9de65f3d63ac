import { describe, expect, it } from 'vitest';

import { judgeMeasure } from '../../src/core/rollout/judge-measure.ts';
import type { Measure, RolloutPhase } from '../../src/core/rollout/rollout.ts';
import type { Split } from '../../src/core/rollout/split.ts';
import { openWatch, watchMeasure } from '../../src/core/rollout/watch-measure.ts';
import { countFalseRollbacks, innocentCells } from './cells.ts';
import type { Cell } from './cells.ts';
import {
  countRollbacks,
  createJudgeRule,
  createSpacedRule,
  errorSetting,
  slowSetting,
  spanSeconds,
} from './judge-rule.ts';
import { createKayentaRule, createThresholdRule } from './peer-rules.ts';
import { createTraffic } from './simulate-traffic.ts';
import type { Traffic } from './simulate-traffic.ts';

const runs = 200;
const isOf = (model: string) => (cell: Cell) => cell.traffic.model === model;

/** Shares of a limit of 240 to 1: three measures in four phases. */
const full = { limit: 240, dispersion: 1 };

describe('an innocent canary', () => {
  it.each(innocentCells.map((cell) => [cell.name, cell] as const))(
    'T1 %s: is taken back in at most 1 %% of 200 hours',
    (_, cell) => {
      expect(countFalseRollbacks(cell, runs)).toBeLessThanOrEqual(runs / 100);
    },
  );

  it.each(innocentCells.filter(({ traffic }) => traffic.rps === 200).map((cell) => [cell.name, cell] as const))(
    'T1 %s: is taken back in at most 1 %% of 200 hours where it is looked at sooner once it is suspected',
    (_, cell) => {
      expect(countFalseRollbacks(cell, runs, {}, 'product')).toBeLessThanOrEqual(runs / 100);
    },
  );

  it('T1 negative control: looked at sooner and without the dispersion of history, bursts exceed the limit', () => {
    const cell = innocentCells.find(({ traffic }) => traffic.model === 'bursts' && traffic.rps === 200)!;
    expect(countFalseRollbacks(cell, runs, { dispersion: 1 }, 'product')).toBeGreaterThan(runs / 100);
  });

  it('T1 negative control: without the dispersion of history a judge exceeds the limit where errors come in bursts', () => {
    for (const cell of innocentCells.filter(isOf('bursts')))
      expect(countFalseRollbacks(cell, runs, { dispersion: 1 })).toBeGreaterThan(runs / 100);
  });

  it('T1 negative control: with a margin of 1 a judge exceeds the limit', () => {
    const worst = innocentCells.filter(isOf('noise')).map((cell) => countFalseRollbacks(cell, runs, { margin: 1 }));
    expect(Math.max(...worst)).toBeGreaterThan(runs / 100);
  });

  it('T1 negative control: without separate looks one user with thirty errors takes a canary back', () => {
    const traffic: Traffic = { model: 'user', rps: 20, share: 0.05, base: 0.001, ratio: 1, noise: 0 };
    const cell: Cell = { name: 'user', traffic, setting: errorSetting };
    const [with3, with1] = [countFalseRollbacks(cell, 400), countFalseRollbacks(cell, 400, { windows: 1 })];
    expect(with1).toBeGreaterThan(4);
    expect(with3).toBeLessThan(with1);
  });

  it('T1 rules of Flagger and Argo take it back in a shared outage nearly always', () => {
    for (const { traffic } of innocentCells.filter(isOf('outage')))
      for (const fails of [5, 4])
        expect(countRollbacks(() => createThresholdRule(0.01, fails), traffic, 50).rolledBack).toBeGreaterThan(45);
  });
});

describe('a bad canary', () => {
  it('T2 ten times the errors at 10 canary rps are caught in 2 minutes, in a fifth of the time of Flagger and Kayenta', () => {
    const traffic: Traffic = { model: 'iid', rps: 200, share: 0.05, base: 0.001, ratio: 10, noise: 0 };
    const judge = countRollbacks(() => createJudgeRule({ ...errorSetting, ...full }), traffic, runs);
    const flagger = countRollbacks(() => createThresholdRule(0.01, 5), traffic, runs);
    const kayenta = countRollbacks((run) => createKayentaRule(besides(traffic, run)), traffic, runs);
    expect([judge.rolledBack, flagger.rolledBack, kayenta.rolledBack]).toEqual([runs, runs, runs]);
    expect(judge.meanMinutes).toBeLessThanOrEqual(2);
    expect(judge.meanMinutes).toBeLessThanOrEqual(0.2 * flagger.meanMinutes);
    expect(judge.meanMinutes).toBeLessThanOrEqual(0.2 * kayenta.meanMinutes);
    const sooner = countRollbacks(() => createSpacedRule({ ...errorSetting, ...full }), traffic, runs, spanSeconds);
    expect([sooner.rolledBack, sooner.meanMinutes <= 2]).toEqual([runs, true]);
  });

  it('T3 a fifth more latency at 10 canary rps is caught in 3 minutes, in 0.3 of the time of Kayenta', () => {
    const traffic: Traffic = { model: 'noise', rps: 200, share: 0.05, base: 0.1, ratio: 1.64, noise: 0.052 };
    const judge = countRollbacks(() => createJudgeRule({ ...slowSetting, dispersion: 1.3 }), traffic, runs);
    const kayenta = countRollbacks((run) => createKayentaRule(besides(traffic, run)), traffic, runs);
    expect(judge.rolledBack).toBe(runs);
    expect(judge.meanMinutes).toBeLessThanOrEqual(3);
    expect(judge.meanMinutes).toBeLessThanOrEqual(0.3 * kayenta.meanMinutes);
  });
});

describe('what is simulated', () => {
  it('T1 is what decides: a rollout fails at the very look at which the rule does', () => {
    const measure: Measure = {
      id: 'errors',
      title: 'errors',
      source: 'prom',
      counts: { kind: 'events', total: 't', bad: 'b' },
      by: null,
      margin: 1.5,
      exclude: 3,
      gating: true,
      cap: 0.005,
      phases: null,
    };
    const fails = Array.from({ length: 20 }, (_, run) => {
      const traffic: Traffic = { model: 'iid', rps: 200, share: 0.05, base: 0.001, ratio: 6, noise: 0 };
      const next = createTraffic(traffic, run + 1);
      const splits = Array.from({ length: 300 }, next);
      const rule = createJudgeRule({ ...errorSetting, ...full });
      // The first look has nothing before it, and the second is left out after a change of weight.
      return [2 + splits.slice(2).findIndex(rule), lookOfFail(measure, splits)];
    });
    for (const [byRule, byRollout] of fails) expect(byRollout).toBe(byRule);
    expect(fails.every(([byRule]) => byRule! > 2)).toBe(true);
  });
});

/** The look at which a measure of a phase of 5 % has FAIL, by readings of counters as a source gives them. */
function lookOfFail(measure: Measure, splits: readonly Split[]): number {
  const phase: RolloutPhase = {
    id: 'canary',
    weight: 5,
    minTimeMs: 0,
    maxTimeMs: 3_600_000,
    minRequests: 0,
    warmupMs: 0,
    bakeMs: 0,
    conditions: [],
    note: null,
  };
  const rollout = { measures: [measure], phases: Array.from({ length: 12 }, () => phase), intervalMs: 10_000 };
  const counters = { stable: { total: 0, bad: 0 }, canary: { total: 0, bad: 0 } };
  let watch = openWatch(measure, 0);
  return splits.findIndex((split, index) => {
    const nowMs = (index + 1) * 10_000;
    const samples = (['stable', 'canary'] as const).map((arm) => {
      counters[arm] = { total: counters[arm].total + split[arm].total, bad: counters[arm].bad + split[arm].bad };
      return { arm, stratum: '', atMs: nowMs, ...counters[arm] };
    });
    const terms = { measure, nowMs, intervalMs: 10_000, weight: 5, dispersion: 1 };
    watch = watchMeasure(watch, { state: 'read', samples }, terms);
    return judgeMeasure(watch, { rollout, phase, measure, nowMs, phaseSinceMs: 0, dispersion: 1 }).verdict === 'FAIL';
  });
}

/** A baseline of the size of the canary, of the same minutes. */
function besides(traffic: Traffic, run: number): ReturnType<typeof createTraffic> {
  return createTraffic({ ...traffic, ratio: 1 }, 700_000 + run);
}
