import { describe, expect, it } from 'vitest';

import { logAboveCap, logBelowCap } from './cap-evidence.ts';
import { addScatter, dispersionOf, noScatter } from './dispersion.ts';
import type { Scatter } from './dispersion.ts';
import { findFailure, neededWindows } from './find-failure.ts';
import { ratiosOf } from './ratios.ts';
import { addSplits, logAgainst, logFor, noEvidence, ratioInterval } from './split.ts';
import type { Split, SplitEvidence } from './split.ts';

const ratios = ratiosOf({ margin: 1.5, exclude: 3 });
const minute = 60_000;

function split(stable: [number, number], canary: [number, number]): Split {
  return { stable: { total: stable[0], bad: stable[1] }, canary: { total: canary[0], bad: canary[1] } };
}

function evidenceOf(looks: readonly (readonly Split[])[]): SplitEvidence {
  return looks.reduce((sum, splits, index) => addSplits(sum, ratios, splits, index * 10_000), noEvidence(ratios, 0));
}

/** The definition, bad event by bad event. */
function logByDefinition(looks: readonly Split[], mixture: readonly number[]): number {
  const [limit, ...others] = mixture;
  const chance = (ratio: number, share: number): number => (ratio * share) / (ratio * share + 1 - share);
  const logs = others.map((ratio) =>
    looks.reduce((sum, { stable, canary }) => {
      const share = canary.total / (canary.total + stable.total);
      const [zero, one] = [chance(limit!, share), chance(ratio, share)];
      return sum + canary.bad * Math.log(one / zero) + stable.bad * Math.log((1 - one) / (1 - zero));
    }, 0),
  );
  return Math.log(logs.reduce((sum, log) => sum + Math.exp(log), 0) / logs.length);
}

const looks = [split([950, 3], [50, 1]), split([900, 1], [60, 2]), split([990, 0], [40, 1]), split([500, 2], [30, 0])];

describe('split', () => {
  it('T2 evidence is the mixture of likelihood ratios by its definition', () => {
    const evidence = evidenceOf(looks.map((look) => [look]));
    expect(logAgainst(evidence, ratios, 1)).toBeCloseTo(logByDefinition(looks, ratios.fail), 10);
    expect(logFor(evidence, ratios, 1)).toBeCloseTo(logByDefinition(looks, ratios.pass), 10);
  });

  it('T1 dispersion divides every logarithm', () => {
    const evidence = evidenceOf([[split([950, 0], [50, 1])]]);
    expect(logAgainst(evidence, ratios, 1e12)).toBeCloseTo(0, 9);
    expect(logAgainst(evidence, ratios, 4)).toBeLessThan(logAgainst(evidence, ratios, 1));
  });

  it('T1 the order of strata in a look does not count, and no input is changed', () => {
    const begin = Object.freeze(noEvidence(ratios, 0));
    const before = JSON.stringify(begin);
    const one = addSplits(begin, ratios, looks, 0);
    const other = addSplits(begin, ratios, looks.toReversed(), 0);
    expect(logAgainst(one, ratios, 1)).toBeCloseTo(logAgainst(other, ratios, 1), 12);
    expect(JSON.stringify(begin)).toBe(before);
  });

  it('T1 strata are compared each for itself: a canary that gets the worse route is not blamed for it', () => {
    // Nine of ten requests of the canary go to a route in which every tenth is bad, in both arms.
    const byRoute = [split([900, 90], [900, 90]), split([9_000, 9], [100, 0])];
    const pooled = [split([9_900, 99], [1_000, 90])];
    const stratified = evidenceOf(Array.from({ length: 5 }, () => byRoute));
    const mixed = evidenceOf(Array.from({ length: 5 }, () => pooled));
    const terms = { ratios, cap: null, dispersion: 1, limit: 240, windows: neededWindows };
    expect(findFailure(stratified, terms)).toBeNull();
    expect(findFailure(mixed, terms)).toBe('worse_than_margin');
  });

  it('T1 a stratum of one arm only says nothing about a ratio, and counts for the cap', () => {
    const evidence = evidenceOf(Array.from({ length: 5 }, () => [split([0, 0], [200, 100])]));
    expect(logAgainst(evidence, ratios, 1)).toBe(0);
    const terms = { ratios, cap: 0.05, dispersion: 1, limit: 240, windows: neededWindows };
    expect(findFailure(evidence, terms)).toBe('cap_broken');
  });

  it('T1 one burst is no trend: bad events in two looks fail nobody', () => {
    const burst = [split([950, 0], [50, 40])];
    const terms = { ratios, cap: null, dispersion: 1, limit: 240, windows: neededWindows };
    expect(findFailure(evidenceOf([burst, burst]), terms)).toBeNull();
    expect(findFailure(evidenceOf([burst, burst, burst]), terms)).toBe('worse_than_margin');
  });

  it('T1 a stable arm that breaks the cap, too, is an outage and no reason to go back', () => {
    const terms = { ratios, cap: 0.05, dispersion: 1, limit: 240, windows: neededWindows };
    const outage = Array.from({ length: 5 }, () => [split([900, 90], [100, 10])]);
    expect(findFailure(evidenceOf(outage), terms)).toBe('above_cap');
    const wide = ratiosOf({ margin: 100, exclude: 200 });
    const alone = [0, 1, 2, 3, 4].reduce(
      (sum, index) => addSplits(sum, wide, [split([900, 9], [100, 10])], index * 10_000),
      noEvidence(wide, 0),
    );
    expect(findFailure(alone, { ...terms, ratios: wide })).toBe('cap_broken');
  });

  it('T2 evidence against begins anew every hour: what fails late does not have to outweigh an hour that was good', () => {
    const good = [split([1_900, 2], [100, 0])];
    let evidence = noEvidence(ratios, 0);
    for (let look = 0; look < 700; look += 1) evidence = addSplits(evidence, ratios, good, look * 10_000);
    const soured = logAgainst(evidence, ratios, 1);
    evidence = addSplits(evidence, ratios, good, evidence.against.sinceMs + 60 * minute);
    expect(soured).toBeLessThan(-5);
    expect(logAgainst(evidence, ratios, 1)).toBeGreaterThan(-1);
    expect(evidence.since.counts.canary.total).toBe(70_100);
  });

  it('T2 the interval holds the true ratio and closes in on it', () => {
    const interval = (count: number): ReturnType<typeof ratioInterval> =>
      ratioInterval(evidenceOf(Array.from({ length: count }, () => [split([950, 10], [50, 1])])), ratios, {
        dispersion: 1,
        limit: 240,
      });
    const [few, many] = [interval(20), interval(2_000)];
    expect(few.low ?? 0).toBeLessThan(1.9);
    expect(few.high ?? 100).toBeGreaterThan(1.9);
    expect(many.low).toBeGreaterThan(1.3);
    expect(many.high).toBeLessThan(3);
    expect(interval(0)).toEqual({ low: null, high: null });
  });
});

describe('cap', () => {
  it('O26 a share below the cap is proven by requests, and one above by bad events', () => {
    expect(logBelowCap({ total: 2_000, bad: 0 }, 0.005, 1)).toBeGreaterThan(Math.log(240));
    expect(logBelowCap({ total: 100, bad: 0 }, 0.005, 1)).toBeLessThan(Math.log(20));
    expect(logAboveCap({ total: 2_000, bad: 40 }, 0.005, 1)).toBeGreaterThan(Math.log(240));
    expect(logAboveCap({ total: 2_000, bad: 12 }, 0.005, 1)).toBeLessThan(Math.log(20));
  });

  it.each([0, 1, Number.NaN])('T7 a cap of %d proves nothing', (cap) => {
    expect(logBelowCap({ total: 1_000_000, bad: 0 }, cap, 1)).toBe(-Infinity);
    expect(logAboveCap({ total: 1_000_000, bad: 1_000_000 }, cap, 1)).toBe(-Infinity);
  });
});

describe('dispersion', () => {
  const day = (count: number, make: (index: number) => Split): Scatter =>
    Array.from({ length: count }, (_, index) => make(index)).reduce(
      (scatter, one) => addScatter(scatter, [one], minute),
      noScatter,
    );

  it('T1 is 1 where single events fall on either half, and 4 where four of them come together', () => {
    expect(
      dispersionOf(day(1_440, (index) => (index % 2 === 0 ? split([100, 1], [100, 0]) : split([100, 0], [100, 1])))),
    ).toBe(1);
    expect(
      dispersionOf(day(1_440, (index) => (index % 2 === 0 ? split([100, 4], [100, 0]) : split([100, 0], [100, 4])))),
    ).toBe(4);
  });

  it('T1 is never less than 1', () => {
    expect(dispersionOf(day(1_440, () => split([100, 5], [100, 5])))).toBe(1);
  });

  it('T7 is unknown from less than a day, or from too few bad events', () => {
    expect(dispersionOf(day(1_439, () => split([100, 4], [100, 0])))).toBeNull();
    expect(dispersionOf(day(1_440, (index) => split([100, index < 29 ? 1 : 0], [100, 0])))).toBeNull();
    expect(dispersionOf(noScatter)).toBeNull();
    // Two strata of one look are one span of time.
    const twice = Array.from({ length: 1_439 }, () => [split([100, 4], [100, 0]), split([100, 4], [100, 0])]);
    expect(dispersionOf(twice.reduce((scatter, one) => addScatter(scatter, one, minute), noScatter))).toBeNull();
  });
});
