import { describe, expect, it } from 'vitest';

import { listSlots } from './list-slots.ts';
import { overdueSlots } from './overdue-slots.ts';
import { planSlots } from './plan-slots.ts';
import { mostSlots } from './schedule.ts';
import type { ScheduleEntry, ScheduleSlot } from './schedule.ts';

const minute = 60_000;
const at = (text: string) => Date.parse(text);
const noon = at('2026-03-02T12:00:00Z');
const entry: ScheduleEntry = {
  name: 'liveness',
  cron: '* * * * *',
  timeZone: 'UTC',
  missed: 'once',
  graceSeconds: 120,
  limitSeconds: 30,
};
const state = (slots: ScheduleSlot[], seenUntilMs = noon, extra: Partial<ScheduleEntry> = {}) => ({
  entry: { ...entry, ...extra },
  seenUntilMs,
  slots,
});
const slot = (dueMs: number, extra: Partial<ScheduleSlot> = {}): ScheduleSlot => ({
  dueMs,
  skipped: false,
  begunMs: null,
  endedMs: null,
  ...extra,
});

describe('when something is due', () => {
  const daily = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };
  const list = (from: string, until: string, pattern = daily) =>
    listSlots(pattern, { afterMs: at(from), untilMs: at(until) }).map((ms) => new Date(ms).toISOString());

  it('T01 follows the time zone: summer and winter differ by an hour', () => {
    expect(list('2026-01-10T00:00:00Z', '2026-01-11T00:00:00Z')).toEqual(['2026-01-10T01:30:00.000Z']);
    expect(list('2026-07-10T00:00:00Z', '2026-07-11T00:00:00Z')).toEqual(['2026-07-10T00:30:00.000Z']);
  });

  it('T01 is due once on the day that skips the hour, and once on the day that has it twice', () => {
    expect(list('2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toHaveLength(1);
    expect(list('2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toHaveLength(1);
  });

  it('counts the end of the span and not its begin, and of very many slots the newest', () => {
    expect(listSlots(entry, { afterMs: noon, untilMs: noon + 2 * minute })).toEqual([noon + minute, noon + 2 * minute]);
    expect(listSlots(entry, { afterMs: noon, untilMs: noon })).toEqual([]);
    const many = listSlots(entry, { afterMs: noon, untilMs: noon + 5000 * minute });
    expect([many.length, many.at(-1), many[0]]).toEqual([mostSlots, noon + 5000 * minute, noon + 4001 * minute]);
  });

  it.each([
    { cron: '61 * * * *', timeZone: 'UTC' },
    { cron: 'soon', timeZone: 'UTC' },
    { cron: '* * * * *', timeZone: 'Mars/Base' },
  ])('refuses $cron in $timeZone', (pattern) => {
    expect(() => listSlots(pattern, { afterMs: 0, untilMs: noon })).toThrow(/CronPattern|time ?zone/i);
  });
});

describe('what is done about slots', () => {
  it.each(['skip', 'once', 'all'] as const)(
    'law 10: after a pause the rule %s decides on what was missed; what is within its grace is sent',
    (missed) => {
      const now = noon + 7 * minute;
      const plan = planSlots(state([], noon, { missed }), now);
      const fresh = [5, 6, 7].map((nr) => noon + nr * minute);
      const old = [1, 2, 3, 4].map((nr) => noon + nr * minute);
      expect(plan).toEqual(missed === 'all' ? { send: [...old, ...fresh], skip: [] } : { send: fresh, skip: old });
    },
  );

  it('law 10: of slots that were all missed, once sends the newest and skip none', () => {
    const late = { cron: '0 * * * *' };
    const now = noon + 150 * minute;
    const due = [noon + 60 * minute, noon + 120 * minute];
    expect(planSlots(state([], noon, late), now)).toEqual({ send: [due[1]], skip: [due[0]] });
    expect(planSlots(state([], noon, { ...late, missed: 'skip' }), now)).toEqual({ send: [], skip: due });
  });
});

describe('what is overdue', () => {
  it('C21 two misses of a minute are told, one is not, also when nobody has looked at all', () => {
    expect(overdueSlots([state([])], noon + 3 * minute)).toEqual([]);
    const found = overdueSlots([state([])], noon + 3 * minute + 1);
    expect(found).toEqual([
      { schedule: 'liveness', dueMs: noon + minute, kind: 'slot_not_begun', sinceMs: noon + 3 * minute },
    ]);
  });

  it('law 10: a slot that was sent and not begun, and one that began and has not ended, are overdue after their times', () => {
    const sent = state([slot(noon)], noon + 3 * minute);
    expect(overdueSlots([sent], noon + 2 * minute)).toEqual([]);
    expect(overdueSlots([sent], noon + 2 * minute + 1)).toMatchObject([{ kind: 'slot_not_begun', dueMs: noon }]);
    const begun = state([slot(noon, { begunMs: noon + 100 })], noon + minute);
    expect(overdueSlots([begun], noon + 30_100)).toEqual([]);
    expect(overdueSlots([begun], noon + 30_101)).toMatchObject([{ kind: 'slot_not_ended', sinceMs: noon + 30_100 }]);
    const ended = state([slot(noon, { begunMs: noon + 100, endedMs: noon + 200 })], noon + minute);
    expect(overdueSlots([ended], noon + minute)).toEqual([]);
  });

  it('law 10: a slot that was left out is overdue until a later one begins', () => {
    const skipped = slot(noon, { skipped: true });
    const now = noon + 5 * minute;
    expect(overdueSlots([state([skipped], now)], now)).toMatchObject([{ kind: 'slot_not_begun', dueMs: noon }]);
    const later = slot(noon + 4 * minute, { begunMs: now, endedMs: now });
    expect(overdueSlots([state([skipped, later], now)], now)).toEqual([]);
  });
});
