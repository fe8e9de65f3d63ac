import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ScheduleEntry } from '../../src/core/schedule/schedule.ts';
import type { Delivery } from '../../src/engine/delivery.ts';
import { openSchedule } from '../../src/engine/schedule/open-schedule.ts';
import type { Schedule, ScheduleOptions } from '../../src/engine/schedule/open-schedule.ts';
import { readAlarms, syncAlarms } from '../../src/store/alarm.ts';
import type { AlarmChange } from '../../src/store/alarm.ts';
import type { Store } from '../../src/store/open-store.ts';
import { readOverdue } from '../../src/store/schedule.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { createDeliveries, createSignal, job, queue } from './start-delivery.ts';

let database: TestDatabase;
let store: Store;
const deliveries = createDeliveries();
const schedules: Schedule[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
});
beforeEach(waitForRoomInTheMinute, 120_000);
afterEach(async () => {
  await Promise.all(schedules.splice(0).map((schedule) => schedule.stop()));
  await deliveries.stopAll();
  await store.database.pool.query(`
    truncate tminus_delivery.job, tminus.job_claim, tminus.schedule, tminus.schedule_slot;
    alter table tminus.alarm disable trigger alarm_kept; truncate tminus.alarm; alter table tminus.alarm enable always trigger alarm_kept`);
});
afterAll(() => database.drop());

const entry: ScheduleEntry = {
  name: 'liveness',
  cron: '* * * * *',
  timeZone: 'UTC',
  missed: 'all',
  graceSeconds: 120,
  limitSeconds: 600,
};

async function open(delivery: Delivery, extra: Partial<ScheduleOptions> = {}): Promise<Schedule> {
  const schedule = await openSchedule(store, delivery, {
    scope: 'liveness',
    entries: [entry],
    queue: queue.name,
    tickSeconds: 3600,
    ...extra,
  });
  schedules.push(schedule);
  return schedule;
}

/** As if the schedule had been declared, or looked at, so long ago. */
const passMinutes = (minutes: number) =>
  store.database.pool.query(`update tminus.schedule set seen_until = seen_until - $1 * interval '1 minute'`, [minutes]);

/** A minute that ends in between brings one slot more. */
async function waitForRoomInTheMinute(): Promise<void> {
  const { rows } = await store.database.pool.query<{ left: number }>(
    `select 60 - extract(second from clock_timestamp())::float as left`,
  );
  const left = rows[0]!.left;
  if (left < 25) await new Promise((resolve) => setTimeout(resolve, (left + 0.1) * 1_000));
}

const count = async (query: string): Promise<number> =>
  (await store.database.pool.query<{ count: number }>(`select count(*)::int from ${query}`)).rows[0]?.count ?? -1;

describe('schedules', () => {
  it('D-row law 10: each slot is sent once, however many processes look at the same moment', async () => {
    const delivery = await deliveries.open(store);
    const all = await Promise.all([open(delivery), open(delivery), open(delivery)]);
    await passMinutes(10);
    const first = await Promise.all(all.map((schedule) => schedule.tick()));
    const second = await Promise.all(all.map((schedule) => schedule.tick()));
    const sent = [...first, ...second].reduce((sum, one) => sum + one, 0);
    expect(sent).toBe(10);
    expect(await count('tminus_delivery.job')).toBe(10);
    // The moment is forgotten, the slots are not: nothing is sent a second time.
    await passMinutes(10);
    expect(await all[0]?.tick()).toBe(0);
    expect(await count('tminus_delivery.job')).toBe(10);
  });

  it('law 10: begin and end of a slot are noted with what its work leaves to do; a try that fails leaves it open', async () => {
    const delivery = await deliveries.open(store);
    const schedule = await open(delivery);
    const done = createSignal();
    let tries = 0;
    await delivery.work(queue.name, async (claim) => {
      if (claim.key === 'next') return done.reach();
      await schedule.run(claim, () => {
        tries += 1;
        if (tries === 1) throw new Error('not yet');
        return Promise.resolve([job('next')]);
      });
    });
    await passMinutes(1);
    expect(await schedule.tick()).toBe(1);
    await done.reached;
    const { rows } = await store.database.pool.query(
      'select skipped, begun_at is not null as begun, ended_at > begun_at as ended from tminus.schedule_slot',
    );
    expect(rows).toEqual([{ skipped: false, begun: true, ended: true }]);
    expect(tries).toBe(2);
  });

  it('law 10: a missed run raises one alarm, tells of it in the same transaction, and tells again when it is over', async () => {
    const delivery = await deliveries.open(store);
    const news: AlarmChange[] = [];
    const onAlarm: NonNullable<ScheduleOptions['onAlarm']> = (changes) => {
      news.push(...changes);
      return Promise.resolve([job('message')]);
    };
    const schedule = await open(delivery, { onAlarm });
    await passMinutes(5);
    // No worker and no scheduler has run: whoever looks sees it all the same.
    expect(await readOverdue(store)).toMatchObject([
      { schedule: 'liveness', kind: 'slot_not_begun' },
      { schedule: 'liveness' },
      { schedule: 'liveness' },
    ]);
    expect(await readAlarms(store)).toEqual([]);
    await schedule.tick();
    await schedule.tick();
    expect(news).toMatchObject([{ subject: 'schedule liveness', kind: 'slot_not_begun', until: null }]);
    expect(news[0]?.detail).toMatch(/expected the slot of .* to begin by .*, got none, and of 2 more after it$/);
    expect(await count(`tminus_delivery.job where singleton_key = 'message'`)).toBe(1);
    await delivery.work(queue.name, async (claim) => {
      if (claim.key !== 'message') await schedule.run(claim, () => Promise.resolve([]));
    });
    while ((await readOverdue(store)).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await schedule.tick();
    expect(news).toHaveLength(2);
    expect(news[1]?.until).toBeInstanceOf(Date);
    expect(await readAlarms(store)).toEqual([]);
    expect(await count('tminus.alarm')).toBe(2);
    await expect(store.database.pool.query('delete from tminus.alarm')).rejects.toThrow(
      'expected rows only to be added',
    );
  });

  it('law 10: a slot that began and does not end is told of', async () => {
    const delivery = await deliveries.open(store);
    const schedule = await open(delivery, { entries: [{ ...entry, limitSeconds: 0 }] });
    const began = createSignal();
    const end = createSignal();
    await delivery.work(queue.name, (claim) =>
      schedule
        .run(claim, async () => {
          began.reach();
          await end.reached;
          return [];
        })
        .then(() => undefined),
    );
    await passMinutes(1);
    await schedule.tick();
    await began.reached;
    await schedule.tick();
    expect(await readAlarms(store)).toMatchObject([{ subject: 'schedule liveness', kind: 'slot_not_ended' }]);
    end.reach();
  });

  it('law 10: declared anew it begins now where its times changed, keeps its place where not, and goes with its slots', async () => {
    const delivery = await deliveries.open(store);
    await open(delivery);
    await passMinutes(30);
    await open(delivery, { entries: [{ ...entry, limitSeconds: 5 }] });
    expect(await count(`tminus.schedule where seen_until < now() - interval '29 minutes'`)).toBe(1);
    const changed = await open(delivery, { entries: [{ ...entry, cron: '*/2 * * * *' }] });
    expect(await count(`tminus.schedule where seen_until < now() - interval '29 minutes'`)).toBe(0);
    await passMinutes(10);
    expect(await changed.tick()).toBe(5);
    await open(delivery, { entries: [] });
    expect([await count('tminus.schedule'), await count('tminus.schedule_slot')]).toEqual([0, 0]);
    await expect(open(delivery, { entries: [{ ...entry, cron: 'never' }] })).rejects.toThrow('CronPattern');
  });
});

describe('alarms', () => {
  it('law 10: kinds that are not named are left alone, and of two processes one raises', async () => {
    const since = new Date('2026-01-01T00:00:00Z');
    const late = { subject: 'run r-1', kind: 'run_late', since, detail: 'late' };
    const sync = (kinds: string[], wrong: (typeof late)[]) =>
      store.tables.transaction().execute((tx) => syncAlarms(tx, { kinds, wrong }));
    const both = await Promise.all([sync(['run_late'], [late]), sync(['run_late'], [{ ...late, since: new Date() }])]);
    expect(both.flat()).toHaveLength(1);
    expect(await sync(['slot_not_begun'], [])).toEqual([]);
    expect(await readAlarms(store)).toHaveLength(1);
    expect(await sync(['run_late'], [])).toMatchObject([{ subject: 'run r-1' }]);
    expect(await readAlarms(store)).toEqual([]);
  });
});
