import { describe, expect, it } from 'vitest';

import { meansTheSame } from './means-the-same.ts';

const watching = { stands: 'watching', phaseIndex: 0, hold: null } as const;
const lunch = { cause: 'person', reason: 'lunch', by: 'carol', at: '2026-12-05T12:00:00.000Z' };
const held = { stands: 'held', phaseIndex: 0, hold: lunch } as const;
const failed = { ...held, hold: { ...lunch, cause: 'no_data', reason: 'the source is silent', by: null } };

describe('a deed on a shift that has moved since it was seen', () => {
  it('T28 to hold and to abort mean the same wherever it stands', () => {
    for (const now of [watching, held, { ...watching, phaseIndex: 2 }])
      for (const deed of ['hold', 'abort'] as const) expect(meansTheSame(deed, watching, now)).toBe(true);
  });

  it('O27 a hold is lifted only if it is the one that was read', () => {
    expect(meansTheSame('resume', held, { ...held })).toBe(true);
    expect(meansTheSame('resume', held, failed)).toBe(false);
    expect(meansTheSame('resume', held, { ...held, hold: { ...lunch, at: '2026-12-05T13:00:00.000Z' } })).toBe(false);
    expect(meansTheSame('resume', held, watching)).toBe(false);
  });

  it('O27 a word counts for the phase that it was said of, and for no other', () => {
    expect(meansTheSame('note', watching, held)).toBe(true);
    expect(meansTheSame('note', watching, { ...watching, phaseIndex: 1 })).toBe(false);
  });

  it('T28 to promote is asked again, whatever has changed', () => {
    expect(meansTheSame('promote', watching, watching)).toBe(false);
  });
});
