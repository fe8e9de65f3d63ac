import { describe, expect, it } from 'vitest';

import { toOffset } from './to-offset.ts';

describe('toOffset', () => {
  it.each([
    [0, 'T\u22120'],
    [-7 * 86_400_000, 'T\u22127d'],
    [90 * 60_000, 'T+90m'],
    [-1_500, 'T\u22121.5s'],
  ])('writes %i ms in the largest unit that divides it', (ms, text) => {
    expect(toOffset(ms)).toBe(text);
  });
});
