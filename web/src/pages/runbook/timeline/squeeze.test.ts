import { describe, expect, it } from 'vitest';

import { findStretches, gapWidth, toKnots } from './squeeze.ts';

const day = 86_400_000;
const span = (beginMs: number, lengthMs: number) => ({ beginMs, endMs: beginMs + lengthMs });

describe('the axis of the timeline', () => {
  it('draws days in which nothing happens narrow, and keeps every instant in order', () => {
    const stretches = findStretches([span(0, 60_000), span(7 * day, 30_000), span(97 * day, 10_000)]);
    expect(stretches.map(({ isGap }) => isGap)).toEqual([false, true, false, true, false]);
    const { domain, range, width } = toKnots(stretches, 1000);
    expect(Math.round(width)).toBe(1000);
    expect(range[2]! - range[1]!).toBe(gapWidth);
    expect(domain.toSorted((a, b) => a - b)).toEqual(domain);
    expect(range.toSorted((a, b) => a - b)).toEqual(range);
  });

  it('leaves an hour of steady work as it is (negative control)', () => {
    const busy = Array.from({ length: 60 }, (_, index) => span(index * 60_000, 50_000));
    expect(findStretches(busy).map(({ isGap }) => isGap)).toEqual([false]);
  });

  it('has no axis without anything to draw', () => {
    expect(findStretches([])).toEqual([]);
    expect(toKnots([], 500).domain).toEqual([]);
  });

  it('keeps one instant wide enough to be seen', () => {
    const { domain, width } = toKnots(findStretches([span(5, 0)]), 300);
    expect(domain[1]! - domain[0]!).toBeGreaterThan(0);
    expect(width).toBe(300);
  });
});
