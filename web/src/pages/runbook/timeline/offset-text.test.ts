import { describe, expect, it } from 'vitest';

import { toLengthText, toOffsetText } from './offset-text.ts';

describe('offsets from T-0 as they are read', () => {
  it('are as documents write them where they are round', () => {
    const minute = 60_000;
    expect([-7 * 1440, -1440, -20, 0, 60, 90].map((minutes) => toOffsetText(minutes * minute))).toEqual([
      'T\u22127d',
      'T\u22121d',
      'T\u221220m',
      'T\u22120',
      'T+1h',
      'T+90m',
    ]);
  });

  it('are as a clock shows them where they are not', () => {
    expect(toOffsetText(-65_000)).toBe('T\u22121:05');
    expect([90_061_000, -604_793_000, -87_000_000].map(toOffsetText)).toEqual(['T+1d 1h', 'T\u22127d', 'T\u22121d']);
  });

  it('are lengths of one unit for gaps', () => {
    expect([86_400_000 * 6.2, 7_200_000, 61_000, 5_000].map(toLengthText)).toEqual(['6 d', '2 h', '1 min', '5 s']);
  });
});
