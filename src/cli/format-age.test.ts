import { describe, expect, it } from 'vitest';

import { formatAge } from './format-age.ts';

describe('formatAge', () => {
  it.each([
    ['2026-12-05T12:00:00.000Z', '2026-12-05T12:00:00.500Z', 'just now'],
    ['2026-12-05T12:00:00.000Z', '2026-12-05T12:01:59.000Z', '1m ago'],
    ['2026-12-05T12:00:00.000Z', '2026-12-08T11:59:59.000Z', '2d ago'],
    ['2026-12-05T12:05:00.000Z', '2026-12-05T12:00:00.000Z', 'in 5m'],
    ['yesterday', '2026-12-05T12:00:00.000Z', 'at an unreadable time'],
  ])('tells %s at %s as %s', (instant, now, text) => {
    expect(formatAge(instant, now)).toBe(text);
  });
});
