import { describe, expect, it } from 'vitest';

import type { ChangeWindow } from './window.ts';
import { windowFault } from './window.ts';

const at = { file: 'launch.md', line: 1, column: 1 };
const deploy: ChangeWindow = {
  days: ['tue', 'wed'],
  fromMinute: 600,
  toMinute: 840,
  zone: 'UTC',
  except: ['emergency'],
  at,
};
const open = (windows: ChangeWindow[], instant: string, labels: string[] = []): boolean =>
  windowFault({ windows }, Date.parse(instant), labels) === null;
const opens = (window: ChangeWindow, instant: string): string | null => {
  const opensAtMs = windowFault({ windows: [window] }, Date.parse(instant), [])?.opensAtMs ?? null;
  return opensAtMs === null ? null : new Date(opensAtMs).toISOString();
};

describe('when steps that write may begin', () => {
  it.each([
    ['2026-12-01T09:59:59.999Z', false],
    ['2026-12-01T10:00:00Z', true],
    ['2026-12-01T13:59:59.999Z', true],
    ['2026-12-01T14:00:00Z', false],
    ['2026-12-02T12:00:00+01:00', true],
    ['2026-12-02T12:00:00-05:00', false],
    ['2026-12-03T12:00:00Z', false],
    ['2026-12-06T12:00:00Z', false],
    ['2026-11-30T12:00:00Z', false],
  ])('T29 Tuesday and Wednesday 10 to 14 UTC: at %s it is %s', (instant, expected) => {
    expect(open([deploy], instant)).toBe(expected);
  });

  it('T29 without a window there is no limit, and a label lifts one only where it is named', () => {
    const sunday = '2026-12-06T12:00:00Z';
    expect(open([], sunday)).toBe(true);
    expect(open([deploy], sunday, ['emergency'])).toBe(true);
    expect(open([deploy], sunday, ['Emergency', 'cab'])).toBe(false);
    expect(open([{ ...deploy, except: [] }], sunday, ['emergency'])).toBe(false);
  });

  it.each([
    // New York is five hours behind in winter, four in summer; the clocks go on at 2026-03-08T07:00Z and back at 2026-11-01T06:00Z.
    ['2026-03-07T14:30:00Z', false],
    ['2026-03-07T15:00:00Z', true],
    ['2026-03-08T14:00:00Z', true],
    ['2026-03-08T18:00:00Z', false],
    ['2026-10-31T14:00:00Z', true],
    ['2026-11-01T14:59:00Z', false],
    ['2026-11-01T15:00:00Z', true],
  ])('T29 10 to 14 in New York follows the change of the clocks: at %s it is %s', (instant, expected) => {
    expect(open([{ ...deploy, days: ['sat', 'sun'], zone: 'America/New_York' }], instant)).toBe(expected);
  });

  it('T29 an hour that comes twice is inside both times, and one that is left out is never', () => {
    const night: ChangeWindow = { ...deploy, days: ['sun'], fromMinute: 90, toMinute: 120, zone: 'America/New_York' };
    expect(open([night], '2026-11-01T05:30:00Z')).toBe(true);
    expect(open([night], '2026-11-01T06:30:00Z')).toBe(true);
    expect(open([night], '2026-11-01T07:30:00Z')).toBe(false);
    const skipped = { ...night, fromMinute: 120, toMinute: 180 };
    for (let minute = 0; minute < 1_440; minute += 1) {
      const instant = new Date(Date.parse('2026-03-08T05:00:00Z') + minute * 60_000).toISOString();
      expect([instant, open([skipped], instant)]).toEqual([instant, false]);
    }
    expect(opens(skipped, '2026-03-07T12:00:00Z')).toBe('2026-03-15T06:00:00.000Z');
  });

  it('T29 a window over midnight belongs to the day on which it begins', () => {
    const night: ChangeWindow = { ...deploy, days: ['sat'], fromMinute: 1_320, toMinute: 120 };
    expect(open([night], '2026-12-05T22:00:00Z')).toBe(true);
    expect(open([night], '2026-12-06T01:59:00Z')).toBe(true);
    expect(open([night], '2026-12-06T02:00:00Z')).toBe(false);
    expect(open([night], '2026-12-06T22:00:00Z')).toBe(false);
    expect(open([night], '2026-12-05T01:00:00Z')).toBe(false);
  });

  it.each([
    ['2026-12-01T09:00:30Z', 'UTC', '2026-12-01T10:00:00.000Z'],
    ['2026-12-01T14:00:00Z', 'UTC', '2026-12-02T10:00:00.000Z'],
    ['2026-12-02T14:00:00Z', 'UTC', '2026-12-08T10:00:00.000Z'],
    ['2026-03-04T20:00:00Z', 'America/New_York', '2026-03-10T14:00:00.000Z'],
    ['2026-10-28T20:00:00Z', 'America/New_York', '2026-11-03T15:00:00.000Z'],
    ['2026-12-01T09:00:00Z', 'Asia/Kathmandu', '2026-12-02T04:15:00.000Z'],
  ])('T29 at %s it says when the window of %s opens: %s', (instant, zone, expected) => {
    expect(opens({ ...deploy, zone }, instant)).toBe(expected);
  });

  it('T29 a window that begins in the hour that is left out opens with the hour after it', () => {
    const early: ChangeWindow = { ...deploy, days: ['sun'], fromMinute: 150, toMinute: 300, zone: 'America/New_York' };
    expect(opens(early, '2026-03-07T12:00:00Z')).toBe('2026-03-08T07:00:00.000Z');
  });

  it('T29 says which window, and what time it is there', () => {
    expect(windowFault({ windows: [deploy] }, Date.parse('2026-12-06T12:05:00Z'), [])).toEqual({
      code: 'outside_window',
      reason: 'steps that write: expected tue, wed 10:00-14:00 UTC, got sun 12:05 UTC',
      opensAtMs: Date.parse('2026-12-08T10:00:00Z'),
    });
  });
});
