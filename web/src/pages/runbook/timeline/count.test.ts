import { describe, expect, it } from 'vitest';

import { countAt, toCountLine, wallOf } from './count.ts';

const band = (beginMs: number, endMs: number | null, stopsCount = true) => ({
  id: 'h',
  title: 'h',
  beginMs,
  endMs,
  stopsCount,
});

describe('T-time on the clock on the wall', () => {
  it('stands still in a hold that stops the count, before T-0 and after it', () => {
    const line = toCountLine(10_000, [band(4_000, 6_000), band(12_000, 13_000)], 0);
    expect([0, 3_000, 5_000, 8_000, 10_000, 12_500, 15_000].map((at) => countAt(line, at))).toEqual([
      -8_000, -5_000, -4_000, -2_000, 0, 2_000, 4_000,
    ]);
  });

  it('leads from an offset back to its instant', () => {
    const line = toCountLine(10_000, [band(4_000, 6_000), band(12_000, null)], 13_000);
    for (const at of [0, 3_000, 7_500, 10_000, 11_000, 15_000]) {
      expect(Math.abs(wallOf(line, countAt(line, at)) - at)).toBeLessThanOrEqual(1);
    }
  });

  it('goes on through a hold that lets it run (negative control)', () => {
    const line = toCountLine(10_000, [band(4_000, 6_000, false)], 0);
    expect(countAt(line, 0)).toBe(-10_000);
  });
});
