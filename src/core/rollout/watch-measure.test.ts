import { describe, expect, it } from 'vitest';

import type { CounterSample } from './measure-reading.ts';
import type { MeasureWatch } from './measure-watch.ts';
import { intervalMs, measure, t0 } from './rollout.fixture.ts';
import { openWatch, watchMeasure } from './watch-measure.ts';

const errors = measure();
const slow = measure({ id: 'slow', counts: { kind: 'histogram', buckets: 'h', quantile: 0.9 } });

/** Looks at samples one interval after the other, from the change of weight on. */
function watchAll(looks: readonly (readonly CounterSample[])[], declared = errors, warmupMs = 0): MeasureWatch {
  return looks.reduce<MeasureWatch>(
    (watch, samples, index) =>
      watchMeasure(
        watch,
        { state: 'read', samples },
        { measure: declared, nowMs: t0 + (index + 1) * intervalMs, intervalMs, weight: 10, dispersion: 1 },
      ),
    openWatch(declared, t0 + warmupMs),
  );
}

function sample(
  arm: 'stable' | 'canary',
  look: number,
  [total, bad]: [number, CounterSample['bad']],
  stratum = '',
): CounterSample {
  return { arm, stratum, atMs: t0 + look * intervalMs, total, bad };
}

const steady = (look: number): CounterSample[] => [
  sample('stable', look, [900 * look, 9 * look]),
  sample('canary', look, [100 * look, look]),
];

describe('watchMeasure', () => {
  it('T28 the first two scrapes after a change of weight are left out', () => {
    expect(watchAll([1, 2].map(steady)).evidence.since.counts.canary.total).toBe(0);
    expect(watchAll([1, 2, 3].map(steady)).evidence.since.counts.canary).toEqual({ total: 100, bad: 1 });
  });

  it('T28 nothing is counted during the warm-up', () => {
    const warmupMs = 6 * intervalMs;
    expect(watchAll([1, 2, 3, 4, 5].map(steady), errors, warmupMs).evidence.since.counts.canary.total).toBe(0);
    expect(watchAll([1, 2, 3, 4, 5, 6, 7].map(steady), errors, warmupMs).evidence.since.counts.canary.total).toBe(200);
  });

  it('T28 a scrape that comes twice is counted once', () => {
    expect(watchAll([1, 2, 3, 3, 3, 4].map(steady)).evidence.since.counts.canary.total).toBe(200);
  });

  it('T7 a look in which a counter fell is left out, and the next counts again', () => {
    const fell = (look: number): CounterSample[] => [steady(look)[0]!, sample('canary', look, [100 * look - 350, 0])];
    const looks = [...[1, 2, 3].map(steady), fell(4)];
    const watch = watchAll(looks);
    expect(watch).toMatchObject({ resets: 1, trouble: { verdict: 'NO_DATA', reason: 'reset' } });
    expect(watch.evidence.since.counts.canary.total).toBe(100);
    const after = watchAll([...looks, fell(5)]);
    expect(after).toMatchObject({ resets: 1, trouble: null });
    expect(after.evidence.since.counts.canary.total).toBe(200);
  });

  it('T7 a share that is not the one of the router freezes what is known', () => {
    const looks = [1, 2, 3].map(steady);
    const wrong = (look: number): CounterSample[] => [
      steady(look)[0]!,
      sample('canary', look, [300 + 900 * (look - 3), 3]),
    ];
    const frozen = watchAll([...looks, ...[4, 5, 6].map(wrong)]);
    expect(frozen.evidence).toEqual(watchAll(looks).evidence);
    expect(frozen.recent).toHaveLength(4);
  });

  it('T28 an arm that is missing at one look is counted over the same span as the other', () => {
    const watch = watchAll([...[1, 2, 3].map(steady), [steady(4)[0]!], steady(5)]);
    expect(watch.evidence.since.counts).toEqual({ stable: { total: 2_700, bad: 27 }, canary: { total: 300, bad: 3 } });
  });
});

describe('histograms', () => {
  const buckets = (total: number, slowShare: number): CounterSample['bad'] => [
    { le: 0.1, count: Math.round(total * 0.5) },
    { le: 0.2, count: Math.round(total * (1 - slowShare)) },
    { le: 1, count: Math.round(total * 0.999) },
    { le: Infinity, count: total },
  ];
  const look =
    (slowOfCanary: number) =>
    (count: number): CounterSample[] => [
      sample('stable', count, [9_000 * count, buckets(9_000 * count, 0.1)]),
      sample('canary', count, [1_000 * count, buckets(1_000 * count, slowOfCanary)]),
    ];

  it('T3 slow is what lies beyond the bucket next to the quantile of the stable arm', () => {
    const watch = watchAll([1, 2, 3, 4].map(look(0.3)), slow);
    expect(watch.bounds).toEqual([{ stratum: '', le: 0.2 }]);
    expect(watch.evidence.since.counts).toEqual({
      stable: { total: 18_000, bad: 1_800 },
      canary: { total: 2_000, bad: 600 },
    });
  });

  it('T7 without a bucket that divides them, slow and fast cannot be told', () => {
    const flat = (count: number): CounterSample[] =>
      look(0.1)(count).map((one) => ({
        ...one,
        bad: [
          { le: 10, count: one.total },
          { le: Infinity, count: one.total },
        ],
      }));
    expect(watchAll([1, 2, 3, 4].map(flat), slow).trouble).toMatchObject({ verdict: 'NO_DATA', reason: 'no_bound' });
  });

  it('T7 a histogram that loses the bucket of its bound is unreadable', () => {
    const changed = look(0.1)(3).map((one) => ({ ...one, bad: [{ le: 0.5, count: 1 }] }));
    expect(watchAll([look(0.1)(1), look(0.1)(2), changed], slow).trouble).toMatchObject({ verdict: 'ERROR' });
  });
});
