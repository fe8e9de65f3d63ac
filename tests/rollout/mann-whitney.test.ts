import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { createRandom } from '../../src/core/forecast/seeded-random.ts';
import { hodgesLehmann, mannWhitney } from './mann-whitney.ts';

interface Case {
  first: number[];
  second: number[];
  u: number;
}

/** Made once with scipy 1.17.1: `mannwhitneyu(first, second, alternative='two-sided', method='asymptotic', use_continuity=True)`, and `method='exact'`. */
const vectors = JSON.parse(readFileSync(join(import.meta.dirname, 'mann-whitney.vectors.json'), 'utf8')) as {
  asymptotic: (Case & { pValue: number })[];
  exact: Case[];
};

/** Two-sided p-value from every way to choose which of all values are the first ones. */
function enumerate(first: readonly number[], second: readonly number[]): number {
  const all = [...first, ...second];
  const centre = (first.length * second.length) / 2;
  const away = Math.abs(mannWhitney(first, second).u - centre);
  let [ways, extreme] = [0, 0];
  for (let mask = 0; mask < 2 ** all.length; mask += 1) {
    const chosen = all.filter((_, index) => Math.floor(mask / 2 ** index) % 2 === 1);
    if (chosen.length !== first.length) continue;
    const rest = all.filter((_, index) => Math.floor(mask / 2 ** index) % 2 === 0);
    ways += 1;
    if (Math.abs(mannWhitney(chosen, rest).u - centre) >= away) extreme += 1;
  }
  return extreme / ways;
}

describe('mannWhitney', () => {
  it.each(vectors.asymptotic.map((one) => [one.first.length, one.second.length, one] as const))(
    'T6 %i against %i points: is what scipy says, within 1e-9',
    (_n, _m, { first, second, u, pValue }) => {
      const found = mannWhitney(first, second);
      expect(found.u).toBe(u);
      expect(Math.abs(found.pValue - pValue)).toBeLessThanOrEqual(1e-9 * Math.max(1, pValue));
    },
  );

  it.each(vectors.exact.map((one) => [one.u, one] as const))(
    'T6 u of %d: is near the exact chance, by enumeration of all ways',
    (_u, { first, second, u }) => {
      expect(mannWhitney(first, second).u).toBe(u);
      expect(Math.abs(mannWhitney(first, second).pValue - enumerate(first, second))).toBeLessThan(0.05);
    },
  );

  it('T7 constant and empty samples do not differ', () => {
    expect(mannWhitney([3, 3, 3], [3, 3]).pValue).toBe(1);
    expect(mannWhitney([], [1]).pValue).toBe(1);
  });
});

describe('hodgesLehmann', () => {
  it('T6 the shift is the median of all differences, and the interval holds it', () => {
    const first = Array.from({ length: 60 }, (_, index) => index + 7);
    const second = Array.from({ length: 60 }, (_, index) => index);
    const { shift, low, high } = hodgesLehmann(first, second, 0.98);
    expect(shift).toBe(7);
    expect(low).toBeLessThan(7);
    expect(high).toBeGreaterThan(7);
    // 0.98 of the normal distribution lie within 2.326 of its standard deviations.
    const cut = Math.floor(1_800 - 2.3263478740408408 * Math.sqrt((3_600 * 121) / 12));
    const differences = Float64Array.from(first.flatMap((one) => second.map((other) => one - other))).toSorted();
    expect([low, high]).toEqual([differences[cut - 1], differences[3_600 - cut]]);
  });

  it('T7 too few pairs exclude nothing', () => {
    expect(hodgesLehmann([1], [2], 0.98)).toEqual({ shift: -1, low: -Infinity, high: Infinity });
  });
});

describe('gauges of two arms', () => {
  /** An hour of a gauge by the minute, log-normal; `memory` is how much of each minute is still that of the one before. */
  function hourOf(level: number, memory: number, random: () => number): number[] {
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let at = normal();
    return Array.from({ length: 60 }, () => {
      at = memory * at + Math.sqrt(1 - memory ** 2) * normal();
      return level * Math.exp(0.6 * at);
    });
  }

  /** Kayenta's rule, once at the end of the hour: the whole interval above, or below, a quarter of the median of the baseline. */
  function shareOf(what: 'PASS' | 'FAIL', ratio: number, memory: number): number {
    const runs = 200;
    const found = Array.from({ length: runs }, (_, run) => {
      const random = createRandom(run * 2_654_435_761 + 17);
      const stable = hourOf(100, memory, random);
      const { low, high } = hodgesLehmann(hourOf(100 * ratio, memory, random), stable, 0.98);
      const allowed = 0.25 * stable.toSorted((a, b) => a - b)[30]!;
      return what === 'FAIL' ? low > allowed : high <= allowed;
    });
    return found.filter(Boolean).length / runs;
  }

  it('T28 ranks are sound for points that know nothing of each other, and gauges are no such points: so no rollout asks them', () => {
    expect(shareOf('FAIL', 1, 0)).toBeLessThanOrEqual(0.01);
    expect(shareOf('PASS', 1.5, 0)).toBeLessThanOrEqual(0.01);
    // A queue that was long a minute ago is long now: innocent canaries fail, bad ones pass.
    expect(shareOf('FAIL', 1, 0.9)).toBeGreaterThan(0.05);
    expect(shareOf('PASS', 1.5, 0.9)).toBeGreaterThan(0.05);
  });
});
