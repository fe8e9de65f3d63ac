import { describe, expect, it } from 'vitest';

import { formatDuration } from './format-duration.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0ms'],
    [999.9, '999ms'],
    [1000, '1s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [125_400, '2m 5s'],
    [3_600_000, '1h'],
    [3_659_000, '1h'],
    [86_399_999, '23h 59m'],
    [90_000_000, '1d 1h'],
    [86_400_000 * 97, '97d'],
  ])('D09 %d ms are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
