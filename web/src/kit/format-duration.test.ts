import { describe, expect, it } from 'vitest';

import { formatClock, formatDuration } from './format-duration.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('lengths of time', () => {
  it.each([
    [0, '0:00'],
    [999, '0:00'],
    [59_000, '0:59'],
    [hour - 1, '59:59'],
    [hour, '1:00:00'],
    [day + 2 * hour + 3 * minute + 4_000, '1d 02:03:04'],
    [-90_000, '\u22121:30'],
    [-500, '0:00'],
  ])('shows %i ms as a clock would', (ms, text) => expect(formatClock(ms)).toBe(text));

  it.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [1_250, '1.3 s'],
    [42_400, '42 s'],
    [119_600, '2 min'],
    [754_000, '12 min 34 s'],
    [hour - 400, '1 h'],
    [3 * hour + 20 * minute, '3 h 20 min'],
    [day - 20_000, '1 d'],
    [3 * day + 4 * hour, '3 d 4 h'],
    [-5_000, '\u22125 s'],
  ])('says %i ms in at most two units', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('never says 60 of a unit (negative control: a millisecond below each border)', () => {
    for (const border of [minute, 2 * minute, hour, 2 * hour, day, 2 * day])
      expect(formatDuration(border - 1)).not.toMatch(/\b60 (s|min)|\b24 h/);
  });
});
