import { describe, expect, it } from 'vitest';

import { toWeightParts } from './weight-parts.ts';

const one = { canary: 1, stable: 1 };

describe('whole numbers of a weight', () => {
  it('T5 percent of one server each stands as it is', () => {
    expect(toWeightParts(5, one, 256)).toEqual({ canary: 5, stable: 95 });
    expect(toWeightParts(0, one, 256)).toEqual({ canary: 0, stable: 100 });
    expect(toWeightParts(100, one, 256)).toEqual({ canary: 100, stable: 0 });
  });

  it('T5 arms of several servers have the share together', () => {
    for (const weight of [0.5, 1, 5, 12.5, 33, 50, 75, 99])
      for (const servers of [one, { canary: 1, stable: 4 }, { canary: 2, stable: 3 }]) {
        const { canary, stable } = toWeightParts(weight, servers, 10_000);
        const share = (100 * canary * servers.canary) / (canary * servers.canary + stable * servers.stable);
        expect(share).toBeCloseTo(weight, 9);
      }
  });

  it('T7 a weight that cannot be said exactly is refused, never rounded', () => {
    expect(() => toWeightParts(0.1, one, 256)).toThrow(/whole numbers up to 256/);
    expect(toWeightParts(0.1, one, 1000)).toEqual({ canary: 1, stable: 999 });
    for (const weight of [-1, 100.1, Number.NaN]) expect(() => toWeightParts(weight, one, 256)).toThrow(/percentage/);
  });
});
