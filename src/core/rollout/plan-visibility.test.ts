import { describe, expect, it } from 'vitest';

import { planVisibility } from './plan-visibility.ts';
import type { ExpectedTraffic } from './plan-visibility.ts';
import { measure, phase, rollout } from './rollout.fixture.ts';

const minute = 60_000;
const traffic: ExpectedTraffic = {
  requestsPerSecond: 200,
  shadowPerSecond: null,
  base: { errors: 0.001 },
  dispersions: { errors: 1, slow: 1.3 },
};
const errors = measure({ cap: null });
/** One of three measures in one of four phases: a limit of 240. */
const phases = [5, 5, 5, 5].map((weight) => phase(weight));
const three = rollout({ phases, measures: [errors, { ...errors, id: 'two' }, { ...errors, id: 'three' }] });

function codes(declared: Parameters<typeof planVisibility>[0], expected: ExpectedTraffic = traffic): string[] {
  return planVisibility(declared, expected).faults.map(({ code }) => code);
}

describe('planVisibility', () => {
  it('T2 says the time in which simulated canaries are caught: tenfold errors at 10 canary rps in 1.5 minutes at a limit of 240', () => {
    const { visibilities } = planVisibility(three, traffic);
    const tenfold = visibilities[0]!.rises.find(({ ratio }) => ratio === 10)!;
    // The simulation counts from the end of the warm-up: 60 s and two looks later.
    expect(tenfold.seconds! - 80).toBeGreaterThan(60);
    expect(tenfold.seconds! - 80).toBeLessThan(120);
  });

  it('T28 says in words what can be seen in what time, and what cannot', () => {
    const long = rollout({ phases: [phase(5, { maxTimeMs: 90 * minute })], measures: [errors] });
    const [seen] = planVisibility(long, { ...traffic, requestsPerSecond: 20 }).visibilities;
    expect(seen!.text).toMatch(
      /^at 1 canary rps a 5x rise of errors needs about \d\d min, a 3x rise is not detectable in this phase, a good canary passes in about \d\d min$/,
    );
  });

  it('T28 a plan that sees its own limit is not refused', () => {
    expect(codes(rollout({ phases: [phase(5, { maxTimeMs: 60 * minute })], measures: [errors] }))).toEqual([]);
  });

  it('T28 a plan that cannot see its own limit is refused, with what it would take', () => {
    const short = rollout({ phases: [phase(5, { maxTimeMs: 6 * minute })], measures: [errors] });
    const { faults } = planVisibility(short, traffic);
    expect(faults.map(({ code }) => code)).toEqual(['cannot_fail', 'cannot_pass']);
    expect(faults[0]).toMatchObject({
      expected: 'a 3x rise seen within 6 min',
      got: expect.stringMatching(/^about \d+ min$/),
    });
  });

  it('T28 a dispersion that nobody knows counts as 4, takes more time, and is said', () => {
    const declared = rollout({ phases: [phase(5, { maxTimeMs: 30 * minute })], measures: [errors] });
    expect(codes(declared)).toEqual([]);
    const { faults } = planVisibility(declared, { ...traffic, dispersions: {} });
    expect(faults.map(({ code }) => code)).toContain('cannot_fail');
    expect(faults[0]!.hint).toContain('the dispersion of errors is unknown and counts as 4');
  });

  it('T7 a share that nobody knows, and a canary without requests, are refused', () => {
    expect(codes(rollout({ phases: [phase(5)], measures: [errors] }), { ...traffic, base: {} })).toEqual(['no_base']);
    expect(codes(rollout({ phases: [phase(0)], measures: [errors] }))).toEqual(['no_requests']);
    expect(
      codes(rollout({ phases: [phase(5, { minRequests: 1_000_000, maxTimeMs: 60 * minute })], measures: [errors] })),
    ).toEqual(['no_requests']);
  });

  it('O27 at 100 % a measure is judged by its cap, and a rollout without one is refused', () => {
    expect(codes(rollout({ phases: [phase(100)], measures: [errors] }))).toEqual(['no_control']);
    const capped = rollout({
      phases: [phase(100)],
      measures: [measure({ cap: 0.005 }), measure({ id: 'slow', cap: null })],
    });
    expect(codes(capped)).toEqual([]);
    expect(planVisibility(capped, traffic).visibilities.map((one) => one.measure)).toEqual(['errors']);
  });

  it('O27 at 100 % the cap decides at any number of requests a second, also at one that does not divide by 100', () => {
    const declared = rollout({ phases: [phase(100, { maxTimeMs: 10 * minute })], measures: [measure({ cap: 0.2 })] });
    const refused = Array.from({ length: 2_000 }, (_, index) => (300 + index) / 2.003).filter(
      (requestsPerSecond) => codes(declared, { ...traffic, base: { errors: 0.05 }, requestsPerSecond }).length > 0,
    );
    expect(refused).toEqual([]);
  });

  it('T28 a share from few bad events is refused with the advice to count for longer, one from many is not', () => {
    const short = rollout({ phases: [phase(5, { maxTimeMs: 6 * minute })], measures: [errors] });
    const hintOf = (requests: number, bad: number): string | undefined =>
      planVisibility(short, { ...traffic, counted: { errors: { requests, bad } } }).faults[0]?.hint;
    expect(hintOf(3_000, 3)).toContain('comes from 3 of 3000 requests, which is too few to know it: count for longer');
    expect(hintOf(30_000, 30)).not.toContain('count for longer');
  });

  it('O25 a dark phase sees what is copied to the canary', () => {
    const dark = rollout({ phases: [phase(0, { maxTimeMs: 60 * minute })], measures: [errors] });
    expect(codes(dark, { ...traffic, shadowPerSecond: 50 })).toEqual([]);
  });

  it('T28 without any bad event a ratio cannot be seen, and a cap can be kept', () => {
    const silent = { ...traffic, base: { errors: 0 } };
    expect(codes(rollout({ phases: [phase(5)], measures: [errors] }), silent)).toEqual(['cannot_fail', 'cannot_pass']);
    const capped = rollout({ phases: [phase(5)], measures: [measure({ cap: 0.005 })] });
    expect(codes(capped, silent)).toEqual([]);
  });
});
