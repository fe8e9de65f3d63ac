import { describe, expect, it } from 'vitest';

import { parseInstant } from './parse-instant.ts';

describe('an instant that a person wrote', () => {
  it.each([
    ['2026-12-05T14:00:00-05:00', '2026-12-05T19:00:00.000Z'],
    ['2026-12-05 19:00', '2026-12-05T19:00:00.000Z'],
    [' 2026-12-05 19:00:30 utc ', '2026-12-05T19:00:30.000Z'],
  ])('reads %j', (text, iso) => {
    expect(new Date(parseInstant(text) ?? Number.NaN).toISOString()).toBe(iso);
  });

  it.each(['', 'tomorrow', '2026-12-05', '5.12.2026 19:00', '2026-02-31 10:00', '2026-12-05 25:00'])(
    'guesses nothing of %j',
    (text) => {
      expect(parseInstant(text)).toBeNull();
    },
  );
});
