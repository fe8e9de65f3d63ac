import { describe, expect, it } from 'vitest';

import { assessInventory, assessRotation } from './assess-rotation.ts';
import type { InventoryEntry } from './assess-rotation.ts';

const dayMs = 86_400_000;
const nowMs = Date.parse('2026-12-05T12:00:00.000Z');
const daysAgo = (days: number, moreMs = 0): string => new Date(nowMs - days * dayMs - moreMs).toISOString();
const stateOf = (rotatedAt: string | null, cadence: Parameters<typeof assessRotation>[0]['cadence'] = null): string =>
  assessRotation({ secret: 'dns', rotatedAt, cadence }, nowMs).state;

describe('the age of a secret', () => {
  it.each([
    [0, 0, 'current'],
    [80, -1, 'current'],
    [80, 0, 'due-soon'],
    [90, -1, 'due-soon'],
    [90, 0, 'overdue'],
    [400, 0, 'overdue'],
  ])('T23 after %i days and %i ms is %s', (days, more, state) => {
    expect(stateOf(daysAgo(days, more))).toBe(state);
  });

  it.each([null, '', 'last spring', '2026-12-05', '2026-12-06T12:00:00Z', '2026-13-40T00:00:00Z'])(
    'T23 made at %j is unknown, never current',
    (rotatedAt) => {
      expect(assessRotation({ secret: 'dns', rotatedAt, cadence: null }, nowMs)).toEqual({
        secret: 'dns',
        state: 'unknown',
        ageDays: null,
        warnAt: null,
        dueAt: null,
      });
    },
  );

  it('C26 follows the cadence of each secret: 12, 6 and 36 calendar months', () => {
    expect(stateOf('2025-12-05T12:00:00.001Z', { months: 12 })).toBe('due-soon');
    expect(stateOf('2025-12-05T12:00:00.000Z', { months: 12 })).toBe('overdue');
    expect(stateOf('2026-06-05T12:00:00.000Z', { months: 6 })).toBe('overdue');
    expect(stateOf('2026-09-01T12:00:00.000Z', { months: 6 })).toBe('current');
    expect(stateOf('2024-12-05T12:00:00.000Z', { months: 36 })).toBe('current');
    expect(
      assessRotation({ secret: 'x', rotatedAt: '2026-08-31T00:00:00Z', cadence: { months: 6 } }, nowMs).dueAt,
    ).toBe('2027-02-28T00:00:00.000Z');
  });

  it.each([{ days: 0 }, { days: -1 }, { days: 1.5 }, { days: 1e6 }, { months: 0 }, { months: NaN }])(
    'C26 a cadence of %j is none, so the age is unknown',
    (cadence) => {
      expect(stateOf(daysAgo(1), cadence)).toBe('unknown');
    },
  );
});

describe('the inventory of secrets', () => {
  const entry: InventoryEntry = {
    secret: 'dns',
    rotatedAt: daysAgo(10),
    cadence: null,
    generate: 'tsig-keygen',
    impact: 'DNS cannot be changed',
    dualKey: 'two keys in named.conf',
  };

  it('C26 has nothing to say where all is in order', () => {
    expect(assessInventory([entry], ['dns'], nowMs)).toEqual([]);
  });

  it.each<[string, Partial<InventoryEntry>, string]>([
    ['overdue', { rotatedAt: daysAgo(91) }, 'secret-overdue'],
    ['soon due', { rotatedAt: daysAgo(85) }, 'secret-due-soon'],
    ['of unknown age', { rotatedAt: null }, 'secret-age-unknown'],
    ['without a way to make it', { generate: ' ' }, 'secret-not-described'],
    ['without its impact', { impact: '' }, 'secret-not-described'],
  ])('C26 a secret that is %s is a finding', (_, patch, rule) => {
    expect(assessInventory([{ ...entry, ...patch }], ['dns'], nowMs).map((each) => each.rule)).toEqual([rule]);
  });

  it('C26 names secrets that are declared and not listed, or listed twice', () => {
    expect(assessInventory([entry, entry], ['dns', 'db'], nowMs).map((each) => `${each.rule} ${each.secret}`)).toEqual([
      'secret-not-listed db',
      'secret-twice dns',
    ]);
  });
});
