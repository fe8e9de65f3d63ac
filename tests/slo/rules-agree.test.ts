import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { assessObjective } from '../../src/core/slo/assess-objective.ts';
import type { ObjectiveAssessment } from '../../src/core/slo/assess-objective.ts';
import type { Objective } from '../../src/core/slo/objective.ts';
import { recordName, toRules } from '../../src/core/slo/to-rules.ts';
import { installDebianPackages } from '../servers/install-debian-packages.ts';

const installed = await installDebianPackages({ packages: ['prometheus'], programs: ['promtool'] });
const missing = installed.state === 'missing' ? installed.reason : null;
const folder = mkdtempSync(join(tmpdir(), 'tminus-slo-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const objective: Objective = {
  id: 'checkout',
  title: 'Checkouts that succeed',
  source: 'prom',
  total: 'http_requests_total{job="shop"}',
  counted: { bad: 'http_requests_total{job="shop",code=~"5.."}' },
  goal: 0.999,
  windowMs: 3 * 86_400_000,
  at: { file: 'launch.md', line: 1, column: 1 },
};

/** The same service by its histogram: what took longer than 0.4 s is bad. */
const latency: Objective = {
  ...objective,
  total: 'http_seconds_count{job="shop"}',
  counted: { good: 'http_seconds_bucket{job="shop",le="0.4"}' },
};

const minutes = 74 * 60;
const startMs = 0;

/** Counts of good and bad requests by minute: a rate of errors for the last so many minutes, and one before. */
interface Story {
  name: string;
  /** Share of bad requests of each minute, by minutes before now. */
  shareAt: (minutesAgo: number) => number;
  restartsAt?: number;
}

const stories: readonly Story[] = [
  { name: 'nothing is bad', shareAt: () => 0 },
  { name: 'as bad as the budget allows', shareAt: () => 0.001 },
  { name: '20 times too bad since an hour', shareAt: (ago) => (ago <= 61 ? 0.02 : 0) },
  {
    name: '20 times too bad for an hour, over since ten minutes',
    shareAt: (ago) => (ago <= 70 && ago > 10 ? 0.02 : 0),
  },
  { name: '8 times too bad since ten hours', shareAt: (ago) => (ago <= 600 ? 0.008 : 0) },
  { name: 'twice too bad since two days', shareAt: (ago) => (ago <= 2_880 ? 0.002 : 0) },
  {
    name: 'twice too bad since two days, and the process began again',
    shareAt: (ago) => (ago <= 2_880 ? 0.002 : 0),
    restartsAt: 1_000,
  },
];

function valuesOf({ shareAt, restartsAt }: Story): { good: number[]; bad: number[] } {
  const [good, bad] = [[0], [0]];
  for (let minute = 1; minute <= minutes; minute += 1) {
    const isNew = minute === minutes - (restartsAt ?? -1);
    const failed = 1_000 * shareAt(minutes - minute);
    good.push((isNew ? 0 : good.at(-1)!) + 1_000 - failed);
    bad.push((isNew ? 0 : bad.at(-1)!) + failed);
  }
  return { good, bad };
}

function assess(story: Story, by: Objective = objective): Extract<ObjectiveAssessment, { state: 'known' }> {
  const series = (values: number[]) => ({
    target: 'app',
    points: values.map((value, minute) => ({ atMs: startMs + minute * 60_000, value })),
  });
  const { good, bad } = valuesOf(story);
  const askedAtMs = startMs + minutes * 60_000;
  const all = { askedAtMs, sampledAtMs: askedAtMs, isBadKnown: true };
  const history =
    'bad' in by.counted
      ? { ...all, total: [series(good), series(bad)], bad: [series(bad)] }
      : { ...all, total: [series(good.map((value, at) => value + bad[at]!))], bad: [], good: [series(good)] };
  const assessed = assessObjective(by, history);
  if (assessed.state === 'unknown') throw new Error(assessed.reason);
  return assessed;
}

/** What `promtool test rules` is given: the series, and what our own evaluator says of them. */
function testOf(
  story: Story,
  assessed: Extract<ObjectiveAssessment, { state: 'known' }>,
  by: Objective = objective,
): object {
  const { good, bad } = valuesOf(story);
  const firing = assessed.pairs.filter(({ isBurning }) => isBurning);
  const group = toRules(by, 'shop');
  const labels = { launch: 'shop', objective: 'checkout' };
  const shares = assessed.pairs.flatMap(({ pair, long, short }) => [
    { ms: pair.longMs, share: long * 0.001 },
    { ms: pair.shortMs, share: short * 0.001 },
  ]);
  return {
    interval: '1m',
    input_series: [
      { series: 'http_requests_total{job="shop",instance="app",code="200"}', values: good.join(' ') },
      { series: 'http_requests_total{job="shop",instance="app",code="500"}', values: bad.join(' ') },
      { series: 'http_seconds_bucket{job="shop",instance="app",le="0.4"}', values: good.join(' ') },
      {
        series: 'http_seconds_count{job="shop",instance="app"}',
        values: good.map((value, at) => value + bad[at]!).join(' '),
      },
    ],
    promql_expr_test: shares.map(({ ms, share }) => ({
      expr: `abs(${recordName(ms)} - ${share}) <= bool ${share * 0.01 + 1e-9}`,
      eval_time: `${minutes}m`,
      exp_samples: [{ labels: '{launch="shop", objective="checkout"}', value: 1 }],
    })),
    alert_rule_test: [
      {
        eval_time: `${minutes}m`,
        alertname: 'ErrorBudgetBurns',
        exp_alerts: firing.map(({ pair }) => ({
          exp_labels: { ...labels, severity: pair.severity, pair: pair.name },
          exp_annotations: group.rules.find((rule) => rule.labels['pair'] === pair.name)?.annotations,
        })),
      },
    ],
  };
}

function promtool(...args: string[]): { status: number | null; output: string } {
  const run = spawnSync(installed.state === 'installed' ? installed.binaries[0]! : '', args, {
    encoding: 'utf8',
    cwd: folder,
  });
  return { status: run.status, output: `${run.stdout}${run.stderr}` };
}

/** Rules are evaluated at the moment that is asked about, and not each minute before it: that would take minutes. */
function runTests(
  tests: readonly object[],
  { interval = `${minutes}m`, by = objective }: { interval?: string; by?: Objective } = {},
): { status: number | null; output: string } {
  writeFileSync(join(folder, 'rules.json'), JSON.stringify({ groups: [toRules(by, 'shop')] }));
  writeFileSync(
    join(folder, 'test.json'),
    JSON.stringify({ rule_files: ['rules.json'], evaluation_interval: interval, tests }),
  );
  return promtool('test', 'rules', 'test.json');
}

describe.skipIf(missing !== null)(`objectives and the rules made of them ${missing ?? ''}`, () => {
  it('T12 rules are accepted by Prometheus', () => {
    writeFileSync(join(folder, 'rules.json'), JSON.stringify({ groups: [toRules(objective, 'shop')] }));
    expect(promtool('check', 'rules', 'rules.json')).toMatchObject({ status: 0 });
  });

  it('T12 our own evaluator and Prometheus say the same of the same series, within 1 %', () => {
    const assessed = stories.map((story) => assess(story));
    expect(
      assessed.map(({ pairs }) => pairs.filter(({ isBurning }) => isBurning).map(({ pair }) => pair.name)),
    ).toEqual([[], [], ['fast'], [], ['slow', 'steady'], ['steady'], ['steady']]);
    expect(runTests(stories.map((story, index) => testOf(story, assessed[index]!)))).toMatchObject({ status: 0 });
  });

  it('T12 of a bucket and its count both say the same as of bad events', () => {
    const told = [stories[2]!, stories[4]!, stories[6]!];
    const assessed = told.map((story) => assess(story, latency));
    for (const [at, story] of told.entries())
      expect(assessed[at]!.pairs.map(({ long }) => long.toFixed(6))).toEqual(
        assess(story).pairs.map(({ long }) => long.toFixed(6)),
      );
    const tests = told.map((story, at) => testOf(story, assessed[at]!, latency));
    expect(runTests(tests, { by: latency })).toMatchObject({ status: 0 });
    // Negative control: taken for bad, the same bucket burns all the time.
    expect(
      runTests(tests, { by: { ...latency, counted: { bad: 'http_seconds_bucket{job="shop",le="0.4"}' } } }).status,
    ).toBe(1);
  });

  it('T12 what our evaluator would not say, Prometheus does not say either', () => {
    const story = stories[2]!;
    const assessed = assess(story);
    const quiet = { ...assessed, pairs: assessed.pairs.map((pair) => ({ ...pair, isBurning: false })) };
    expect(runTests([testOf(story, quiet)]).status).toBe(1);
    const off = { ...assessed, pairs: assessed.pairs.map((pair) => ({ ...pair, long: pair.long * 1.05 })) };
    expect(runTests([testOf(story, off)]).status).toBe(1);
  });

  it('T12 silence is told: no series, no budget, one alert that says so', () => {
    const silent = {
      interval: '1m',
      input_series: [{ series: 'other', values: '0+1x20' }],
      alert_rule_test: [
        { eval_time: '10m', alertname: 'ErrorBudgetBurns', exp_alerts: [] },
        { eval_time: '10m', alertname: 'ObjectiveHasNoData', exp_alerts: [] },
      ],
    };
    const run = runTests([silent], { interval: '1m' });
    expect(run.status).toBe(1);
    expect(run.output).toMatch(/alertname: ObjectiveHasNoData[^]*got:\[[^]*severity="page"/);
    expect(run.output).not.toContain('alertname: ErrorBudgetBurns');
  });
});
