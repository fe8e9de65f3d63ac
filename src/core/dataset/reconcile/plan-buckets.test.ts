import { describe, expect, it } from 'vitest';

import { chooseStrategy } from './choose-strategy.ts';
import type { StrategyFacts } from './choose-strategy.ts';
import { planBuckets } from './plan-buckets.ts';

const key = [{ name: 'id', type: 'integer' as const }];
const sample = Array.from({ length: 100 }, (_, at) => [String(at * 10)]);

describe('planBuckets', () => {
  it('C08 bounds follow the keys, rise and never repeat, and those of the run before stay', () => {
    const bucketing = planBuckets(1_000_000, key, {
      sample: [...sample, ['90000000000']],
      anchors: [7n, 333n, 5_000_000n],
    });
    const bounds = bucketing.by === 'range' ? bucketing.bounds : [];
    expect(bounds).toEqual(expect.arrayContaining([7n, 333n, 5_000_000n]));
    expect(bounds).toEqual([...new Set(bounds)].toSorted((a, b) => Number(a - b)));
    expect(bounds.filter((bound) => bound <= 990n).length).toBeGreaterThan(900);
  });

  it('C08 a key that is no whole number falls by its hash, into a power of two of buckets whatever the number of rows', () => {
    for (const rows of [0, 1, 65_537, 5_000_000, 1e9]) {
      const bucketing = planBuckets(rows, [{ name: 'id', type: 'uuid' }], { sample: [], anchors: [] });
      expect(bucketing.by === 'hash' && Math.log2(bucketing.buckets) % 1).toBe(0);
      expect(bucketing.by === 'hash' && bucketing.buckets).toBeGreaterThanOrEqual(1_024);
    }
  });
});

const able = { hashes: ['portable', 'native'] as const, ordered: true, snapshot: true, write: false };
const facts: StrategyFacts = {
  source: able,
  target: able,
  sameServer: true,
  sameColumns: true,
  transforms: false,
  disagreeing: [],
  unhashable: null,
  hasKey: true,
  hasUniqueKey: true,
  megabitsPerSecond: null,
  rows: 100_000,
};

describe('chooseStrategy', () => {
  it.each<[string, Partial<StrategyFacts>, string, RegExp]>([
    ['two servers of one kind', {}, 'native', /one kind/],
    ['two kinds on a slow line', { sameServer: false, megabitsPerSecond: 100 }, 'bucket', /100 Mbit/],
    ['two kinds on a fast line', { sameServer: false, megabitsPerSecond: 900 }, 'stream', /900 Mbit/],
    ['a side without hashes', { sameServer: false, target: { ...able, hashes: [] } }, 'stream', /no hashes/],
    ['columns that a side cannot hash', { unhashable: 't.doc: cannot' }, 'stream', /t\.doc: cannot/],
    ['hashes that disagree with values', { disagreeing: ['rows of the sample'] }, 'stream', /otherwise/],
    ['no key', { hasKey: false }, 'stream', /no key/],
    ['a key that may stand twice', { hasUniqueKey: false }, 'stream', /stands twice/],
    ['values mapped on the way', { transforms: true }, 'stream', /mapped/],
    ['few rows', { rows: 10 }, 'stream', /fewer/],
  ])('C08 %s', (_, change, strategy, reason) => {
    const choice = chooseStrategy({ ...facts, ...change }, 'auto');
    expect(choice.strategy).toBe(strategy);
    expect(choice.reason).toMatch(reason);
  });

  it('C08 what was asked for and cannot be is streamed, and says why', () => {
    expect(chooseStrategy({ ...facts, hasUniqueKey: false }, 'native')).toMatchObject({ strategy: 'stream' });
    expect(chooseStrategy({ ...facts, sameServer: false }, 'native').reason).toMatch(/native was asked for, but/);
  });
});
