import { describe, expect, it } from 'vitest';

import { printOffset, readOffset, readWeekday } from './offsets.ts';

describe('C14 offsets in the spellings that runbooks use', () => {
  it.each([
    ['T-7 days: announce', 'T-7d'],
    ['T-7d Announce', 'T-7d'],
    ['T-24 Hours (day before)', 'T-1d'],
    ['L-14d', 'T-14d'],
    ['J-1', 'T-1d'],
    ['T-0 (cutover)', 'T-0'],
    ['T0', 'T-0'],
    ['T+1h: watch', 'T+1h'],
    ['T+90 mailout', 'T+90d'],
    ['T\u22123 days', 'T-3d'],
    ['4 Weeks Before Go-Live', 'T-28d'],
    ['two days after launch', 'T+2d'],
    ['Week 2: canary', 'T+7d'],
  ])('%s is %s', (text, offset) => {
    expect(printOffset(readOffset(text)?.ms ?? NaN)).toBe(offset);
  });

  it.each(['D-18 forbids static keys', 'GPT-4', 'TLS-1', 'part-2', 'the T-shirt', 'v1.2'])('%s is none', (text) => {
    expect(readOffset(text)).toBeNull();
  });

  it('a weekday gives an order and no distance', () => {
    expect(readWeekday('Release day (Thursday)')).toMatchObject({ ms: null, spelling: 'Thursday' });
  });
});
