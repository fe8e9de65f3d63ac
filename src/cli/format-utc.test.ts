import { describe, expect, it } from 'vitest';

import { toUtc, toUtcAndLocal } from './format-utc.ts';

describe('an instant as people read it', () => {
  it.each([
    // Berlin goes on at 2027-03-28T01:00Z, from 02:00 to 03:00, and back at 2027-10-31T01:00Z, from 03:00 to 02:00.
    ['2027-03-28T00:59:59Z', 'Europe/Berlin', '2027-03-28 01:59 +01:00'],
    ['2027-03-28T01:00:00Z', 'Europe/Berlin', '2027-03-28 03:00 +02:00'],
    ['2027-10-31T00:30:00Z', 'Europe/Berlin', '2027-10-31 02:30 +02:00'],
    ['2027-10-31T01:30:00Z', 'Europe/Berlin', '2027-10-31 02:30 +01:00'],
    ['2028-02-29T12:00:00Z', 'America/New_York', '2028-02-29 07:00 -05:00'],
    ['2028-02-29T04:00:00Z', 'America/New_York', '2028-02-28 23:00 -05:00'],
    ['2028-02-28T23:30:00Z', 'Asia/Kathmandu', '2028-02-29 05:15 +05:45'],
    ['2027-04-03T14:59:00Z', 'Australia/Lord_Howe', '2027-04-04 01:59 +11:00'],
    ['2027-04-03T15:00:00Z', 'Australia/Lord_Howe', '2027-04-04 01:30 +10:30'],
    ['2027-01-15T00:00:00Z', 'Europe/London', '2027-01-15 00:00 +00:00'],
    ['2026-12-31T23:59:00Z', 'Pacific/Kiritimati', '2027-01-01 13:59 +14:00'],
  ])('F61 %s is shown in UTC and by the wall of %s, %s', (instant, zone, local) => {
    const ms = Date.parse(instant);
    expect(toUtcAndLocal(ms, zone)).toBe(`${toUtc(ms)} (${local} ${zone})`);
    expect(toUtc(ms)).toBe(instant.replace('T', ' '));
  });

  it('F61 is shown once where the wall shows UTC', () => {
    for (const zone of ['UTC', 'Etc/UTC', 'GMT']) expect(toUtcAndLocal(0, zone)).toBe('1970-01-01 00:00:00Z');
  });
});
