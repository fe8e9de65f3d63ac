import { describe, expect, it } from 'vitest';

import { expectTraffic } from './expect-traffic.ts';
import type { CounterSample, MeasureReading } from './measure-reading.ts';
import { measure, rollout as rolloutOf } from './rollout.fixture.ts';
import type { ShadowDeclaration } from './shadow/shadow-declaration.ts';

const rollout = { measures: [measure()] };

function shadowOf(): ShadowDeclaration {
  const { at } = rolloutOf();
  return { options: {}, sample: 1, methods: ['GET'], compare: [], ignore: [], credential: null, at };
}

function reading(atMs: number, [total, bad]: [number, number], stratum = ''): MeasureReading {
  const sample: CounterSample = { arm: 'stable', stratum, atMs, total, bad };
  return { state: 'read', samples: [sample, { ...sample, arm: 'canary', total: 0, bad: 0 }] };
}

describe('expectTraffic', () => {
  it('T28 says requests a second and the share of bad events between two looks', () => {
    const found = expectTraffic(rollout, { errors: reading(0, [1_000, 5]) }, { errors: reading(10_000, [3_000, 7]) });
    expect(found).toEqual({
      requestsPerSecond: 200,
      shadowPerSecond: null,
      base: { errors: 0.001 },
      counted: { errors: { requests: 2_000, bad: 2 } },
    });
  });

  it('T28 takes the measure that gates and has fewest requests', () => {
    const two = { measures: [measure(), measure({ id: 'few' }), measure({ id: 'watched', gating: false })] };
    const before = { errors: reading(0, [0, 0]), few: reading(0, [0, 0]), watched: reading(0, [0, 0]) };
    const after = {
      errors: reading(10_000, [2_000, 2]),
      few: reading(10_000, [50, 1]),
      watched: reading(10_000, [1, 0]),
    };
    expect(expectTraffic(two, before, after).requestsPerSecond).toBe(5);
  });

  it.each<[string, MeasureReading, MeasureReading]>([
    ['was not read', { state: 'no_data', reason: 'none' }, reading(10_000, [10, 0])],
    ['fell', reading(0, [1_000, 5]), reading(10_000, [10, 0])],
    ['had no requests', reading(0, [10, 0]), reading(10_000, [10, 0])],
    ['was read at one instant only', reading(0, [10, 0]), reading(0, [20, 0])],
    ['had other strata', reading(0, [10, 0], 'a'), reading(10_000, [20, 0], 'b')],
  ])('T7 a measure that %s is unknown, and never zero', (_, before, after) => {
    expect(expectTraffic(rollout, { errors: before }, { errors: after })).toEqual({
      requestsPerSecond: 0,
      shadowPerSecond: null,
      base: {},
      counted: {},
    });
  });

  it('O25 answers that a shadow compares are no traffic of users, and what a phase without weight is planned by', () => {
    const shadow = { id: 'shadow', phases: ['dark'] };
    const two = { ...rolloutOf({ shadow: shadowOf() }), measures: [measure(), measure(shadow)] };
    const copies = (atMs: number, total: number): MeasureReading => {
      const sample: CounterSample = { arm: 'stable', stratum: '', atMs, total, bad: 0 };
      return { state: 'read', samples: [sample, { ...sample, arm: 'canary' }] };
    };
    const found = expectTraffic(
      two,
      { errors: reading(0, [0, 0]), shadow: copies(0, 0) },
      { errors: reading(10_000, [2_000, 2]), shadow: copies(10_000, 40) },
    );
    expect(found).toMatchObject({ requestsPerSecond: 200, shadowPerSecond: 4 });
  });
});
