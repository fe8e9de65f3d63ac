import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { judgeAlerts } from './alert-rules.ts';
import { judgeHealth, overallHealth } from './judge-health.ts';
import type { HealthFacts } from './judge-health.ts';
import { judgeMetric } from './judge-metric.ts';
import { metricDefinitions, metricIds } from './metric-definitions.ts';
import type { MetricId } from './metric-definitions.ts';
import { percentileOf } from './percentile.ts';
import { known, noData, shareOf } from './reading.ts';
import type { Reading } from './reading.ts';
import { renderExposition } from './render-exposition.ts';
import { countSuccess, groupSteps } from './run-statistics.ts';
import { summarize } from './summarize.ts';

describe('percentiles', () => {
  it('O16 are exact for a known series, by nearest rank', () => {
    // The series of the article on nearest rank that everybody checks against: 15, 20, 35, 40, 50.
    const series = [15, 20, 35, 40, 50];
    expect([5, 30, 40, 50, 100].map((percent) => percentileOf(series, percent))).toEqual([15, 20, 20, 35, 50]);
    const hundred = Array.from({ length: 100 }, (_, place) => place + 1);
    expect([1, 50, 95, 99, 100].map((percent) => percentileOf(hundred, percent))).toEqual([1, 50, 95, 99, 100]);
    const twenty = hundred.slice(0, 20);
    expect([95, 99].map((percent) => percentileOf(twenty, percent))).toEqual([19, 20]);
  });

  it('O16 are values of the series with at least so many at or below, and fewer below any smaller one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 100 }),
        (all, percent) => {
          const sorted = all.toSorted((a, b) => a - b);
          const got = percentileOf(sorted, percent)!;
          expect(sorted.filter((value) => value <= got).length * 100).toBeGreaterThanOrEqual(percent * sorted.length);
          expect(sorted.filter((value) => value < got).length * 100).toBeLessThan(percent * sorted.length);
        },
      ),
    );
  });

  it('O16 of nothing are nothing', () => {
    expect([percentileOf([], 50), summarize([])]).toEqual([null, null]);
    expect(() => percentileOf([1], 0)).toThrow('above 0');
  });

  it('O16 a series has its seven figures', () => {
    const series = Array.from({ length: 200 }, (_, place) => 200 - place);
    expect(summarize(series)).toEqual({
      count: 200,
      sum: 20_100,
      average: 100.5,
      min: 1,
      max: 200,
      p50: 100,
      p95: 190,
      p99: 198,
    });
  });
});

describe('metrics of the table', () => {
  it('O31 are sixteen, each with a target and an alert', () => {
    expect(metricIds.length).toBe(16);
  });

  const rows: [MetricId, number, number | null, number][] = [
    ['api-availability', 100, 99.95, 99.8],
    ['database-connections', 79.9, 85, 90.1],
    ['workers', 100, null, 99.9],
    ['queue-depth', 999, 5_000, 5_001],
    ['memory', 79, 80, 91],
    ['cpu', 69, 85, 86],
    ['success', 99.1, 99, 94.9],
    ['error', 0.9, 5, 5.1],
    ['sla', 99.5, 95, 94],
    ['average-length', 29, 60, 61],
    ['p95-length', 59, 120, 121],
    ['p99-length', 119, 300, 301],
    ['queue-time', 9, 60, 61],
    ['dead-letters', 99, 500, 501],
    ['retries', 4, 20, 21],
    ['lease-expiry', 0.5, 5, 6],
  ];
  it.each(rows)('O31 %s: %d is well, %d is a warning, %d is an alert', (id, well, between, bad) => {
    const verdict = (value: number): string => judgeMetric(metricDefinitions[id], known(value, 'a test'));
    expect([verdict(well), verdict(bad)]).toEqual(['ok', 'alert']);
    expect(between === null ? 'warn' : verdict(between)).toBe('warn');
  });

  it('O31 what was not read is unknown, and so is what is no number and a share of nothing', () => {
    const unknown: Reading[] = [
      noData('nothing'),
      known(Number.NaN, 'x'),
      known(Number.POSITIVE_INFINITY, 'x'),
      shareOf(0, 0, 'runs'),
    ];
    expect(shareOf(0, 0, 'runs')).toEqual(noData('no runs'));
    for (const id of metricIds)
      expect(unknown.map((reading) => judgeMetric(metricDefinitions[id], reading))).toEqual(
        unknown.map(() => 'unknown'),
      );
  });
});

describe('own alerts', () => {
  const at = (timeouts: number, failures: number, queue: number): string[] =>
    judgeAlerts({ timeouts: known(timeouts, ''), failures: known(failures, ''), queue: known(queue, '') }).map(
      ({ verdict }) => verdict,
    );

  it('O17 fire above ten and twenty percent and a hundred jobs, and not at them', () => {
    expect(at(10, 20, 100)).toEqual(['ok', 'ok', 'ok']);
    expect(at(10.1, 20.1, 101)).toEqual(['alert', 'alert', 'alert']);
  });

  it('O17 do not fire, and are not quiet, on what was not read', () => {
    const all = { timeouts: noData('x'), failures: noData('x'), queue: noData('x') };
    expect(judgeAlerts(all).map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown', 'unknown']);
  });
});

describe('health', () => {
  const fine: HealthFacts = {
    database: { state: 'known', facts: { answeredMs: 3, connections: 'ok' } },
    engine: { state: 'known', facts: { overdue: [], unbegun: [] } },
    queue: { state: 'known', facts: { waiting: 0, oldestMs: null, dead: 0, silent: 0 } },
    workers: { state: 'known', facts: { silentMs: [100] } },
    metrics: { cpu: known(1, '') },
  };
  const lost = { state: 'unknown', reason: 'no answer' } as const;
  const queue = (waiting: number): HealthFacts['queue'] => ({
    state: 'known',
    facts: { waiting, oldestMs: 1, dead: 0, silent: 0 },
  });
  const failed: Reading = { state: 'unknown', why: 'failed', reason: 'broken' };

  it.each<[string, Partial<HealthFacts>, string, string]>([
    ['everything is well', {}, 'database', 'healthy'],
    ['the database does not answer', { database: lost }, 'database', 'unhealthy'],
    [
      'it answers late',
      { database: { state: 'known', facts: { answeredMs: 1_500, connections: 'ok' } } },
      'database',
      'degraded',
    ],
    [
      'its connections run out',
      { database: { state: 'known', facts: { answeredMs: 1, connections: 'alert' } } },
      'database',
      'unhealthy',
    ],
    [
      'a run is overdue',
      { engine: { state: 'known', facts: { overdue: [{ run: 'r', byMs: 15_001 }], unbegun: [] } } },
      'engine',
      'unhealthy',
    ],
    [
      'a run is due just now',
      { engine: { state: 'known', facts: { overdue: [{ run: 'r', byMs: 900 }], unbegun: [] } } },
      'engine',
      'healthy',
    ],
    [
      'a step waits for an hour',
      { engine: { state: 'known', facts: { overdue: [], unbegun: [{ run: 'r', step: 's', forMs: 3_600_001 }] } } },
      'engine',
      'unhealthy',
    ],
    ['the engine cannot be read', { engine: lost }, 'engine', 'unknown'],
    ['a thousand jobs wait', { queue: queue(1_000) }, 'queue', 'degraded'],
    ['more wait', { queue: queue(1_001) }, 'queue', 'unhealthy'],
    ['the queue cannot be read', { queue: lost }, 'queue', 'unknown'],
    ['a worker is silent', { workers: { state: 'known', facts: { silentMs: [10, 20_000] } } }, 'workers', 'degraded'],
    [
      'no worker is there and none is needed',
      { workers: { state: 'known', facts: { silentMs: [] } } },
      'workers',
      'healthy',
    ],
    [
      'none is heard and work waits',
      { workers: { state: 'known', facts: { silentMs: [15_001] } }, queue: queue(1) },
      'workers',
      'unhealthy',
    ],
    [
      'none is heard and nobody knows what waits',
      { workers: { state: 'known', facts: { silentMs: [] } }, queue: lost },
      'workers',
      'unknown',
    ],
    ['a collector fails', { metrics: { cpu: known(1, ''), memory: failed } }, 'metrics', 'degraded'],
    ['all fail', { metrics: { cpu: failed, memory: failed } }, 'metrics', 'unhealthy'],
    ['a metric has no data yet', { metrics: { cpu: known(1, ''), success: noData('none') } }, 'metrics', 'healthy'],
  ])('O17 %s', (_name, over, component, state) => {
    const parts = judgeHealth({ ...fine, ...over });
    expect(parts.find((part) => part.component === component)?.state).toBe(state);
  });

  it('O17 is as bad as its worst part, and unknown is no part of well', () => {
    expect(overallHealth(judgeHealth(fine))).toBe('healthy');
    expect(overallHealth(judgeHealth({ ...fine, engine: lost, queue: queue(200) }))).toBe('unknown');
    expect(overallHealth(judgeHealth({ ...fine, engine: lost, database: lost }))).toBe('unhealthy');
    expect(overallHealth([])).toBe('unknown');
  });
});

describe('statistics of runs', () => {
  it('O16 runs that somebody called off say nothing about success', () => {
    const runs = ['completed', 'failed', 'cancelled', 'rejected', 'partial'].map((state) => ({
      mode: 'live',
      state,
      lengthMs: 1,
    }));
    expect(countSuccess(runs)).toEqual({ succeeded: 1, ended: 3 });
  });

  it('O16 steps are counted by kind and by class, with the share within the time of the class', () => {
    const step = (kind: string, lengthMs: number, outcome: 'done' | 'failed' | 'stopped' = 'done') => ({
      kind,
      actionClass: 'fast_read',
      mode: 'live',
      outcome,
      lengthMs,
    });
    const groups = groupSteps(
      [step('sql', 1_000), step('sql', 6_000), step('http', 10, 'failed'), step('http', 10, 'stopped')],
      'kind',
    );
    expect(groups).toMatchObject([
      { name: 'http', ended: 2, done: 0, successPercent: 0, lengths: null, slaPercent: 0 },
      { name: 'sql', ended: 2, done: 2, successPercent: 100, lengths: { p50: 1_000, max: 6_000 }, slaPercent: 50 },
    ]);
  });
});

describe('exposition for Prometheus', () => {
  /** Reads the text format back, after its grammar: name, labels with escapes, value. */
  function parse(text: string): { name: string; labels: { [label: string]: string }; value: number }[] {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return lines.map((line) => {
      const [, name = '', inner = '', value = ''] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/u.exec(line) ?? [];
      const pairs = [...inner.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/gu)];
      const unescape = (raw: string): string =>
        raw.replaceAll(/\\(.)/gu, (_, letter: string) => (letter === 'n' ? '\n' : letter));
      const number = { '+Inf': Infinity, '-Inf': -Infinity }[value] ?? Number(value);
      return {
        name,
        labels: Object.fromEntries(pairs.map(([, label, raw]) => [label!, unescape(raw!)])),
        value: number,
      };
    });
  }

  it('O16 can be read back, whatever the labels and values are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ label: fc.string(), value: fc.double({ noNaN: true }) }), { maxLength: 5 }),
        (all) => {
          const samples = all.map(({ label, value }) => ({ suffix: '' as const, labels: { of: label }, value }));
          const text = renderExposition([{ name: 'tminus_x', type: 'gauge', help: 'a\\b\nc', samples }]);
          expect(text.split('\n')[0]).toBe('# HELP tminus_x a\\\\b\\nc');
          const expected = all.map(({ label, value }) => ({
            name: 'tminus_x',
            labels: { of: label },
            value: value + 0,
          }));
          expect(parse(text).map((sample) => ({ ...sample, value: sample.value + 0 }))).toEqual(expected);
        },
      ),
    );
  });

  it('O16 refuses names that the format does not have', () => {
    expect(() => renderExposition([{ name: 'a-b', type: 'gauge', help: '', samples: [] }])).toThrow('metric name');
  });
});
