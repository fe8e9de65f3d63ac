import { afterEach, describe, expect, it } from 'vitest';

import { readAlarms } from '../../src/store/alarm.ts';
import { document, openRecurringLaunch } from './open-recurring-launch.ts';
import type { RecurringLaunch } from './open-recurring-launch.ts';

let launch: RecurringLaunch;
afterEach(() => launch.close());

const daily = async () => (await launch.lines()).find(({ procedure }) => procedure === 'daily')!;

describe('a procedure that recurs', { timeout: 180_000 }, () => {
  it('O34 becomes a live run in the name of the owner when it is due, and its proof is that the run ended well', async () => {
    launch = await openRecurringLaunch();
    expect(await daily()).toMatchObject({ state: 'unwatched', lastProof: null, requester: 'dave', people: ['carol'] });
    const worker = launch.open();
    expect(await worker.look()).toBe(0);
    expect((await daily()).state).toBe('kept');
    await launch.passDays(1);
    expect(await worker.look()).toBe(1);
    const [run] = await launch.untilRuns(1);
    expect(run).toMatchObject({ state: 'waiting_human', requestedBy: 'dave' });
    await expect.poll(async () => (await daily()).due?.run).toBe(run?.id);
    expect(await daily()).toMatchObject({ state: 'due', slots: [{ outcome: 'open' }] });
    await launch.confirm(run!.id);
    expect(await daily()).toMatchObject({ state: 'kept', lastProof: { run: run!.id }, slots: [{ outcome: 'done' }] });
    expect(launch.trouble).toEqual([]);
  });

  it('C06 D20 a slot that nobody took is told of without any worker, alarms once when one looks, and is made up for', async () => {
    launch = await openRecurringLaunch();
    const first = launch.open();
    await first.look();
    await first.stop();
    await launch.passDays(3);
    // Whoever looks sees it, though nothing runs.
    const missed = await daily();
    expect(missed).toMatchObject({ state: 'overdue', overdue: { kind: 'slot_not_begun' } });
    expect(missed.overdue!.more).toBeGreaterThanOrEqual(1);
    const second = launch.open();
    await second.look();
    await second.look();
    const alarms = await readAlarms(launch.store);
    expect(alarms.map(({ subject, kind }) => [subject, kind])).toEqual([
      ['schedule recurring kiosk live daily', 'slot_not_begun'],
    ]);
    const runs = await launch.untilRuns(1);
    expect(runs).toHaveLength(1);
    expect((await daily()).slots.filter(({ outcome }) => outcome === 'missed').length).toBeGreaterThanOrEqual(1);
    await launch.confirm(runs[0]!.id);
    await second.look();
    await second.look();
    expect(await readAlarms(launch.store)).toEqual([]);
    expect((await daily()).state).toBe('kept');
  });

  it('O34 a run that has not ended well in its time is overdue, until one of the procedure has, by hand or not', async () => {
    launch = await openRecurringLaunch(document('every=1d within=8h'));
    const worker = launch.open();
    await worker.look();
    await launch.passDays(1);
    await worker.look();
    await launch.untilRuns(1);
    await expect.poll(async () => (await daily()).state).toBe('due');
    await launch.age(0.5);
    expect(await daily()).toMatchObject({ state: 'overdue', overdue: { kind: 'slot_not_ended' } });
    await worker.look();
    expect((await readAlarms(launch.store)).map(({ kind }) => kind)).toEqual(['slot_not_ended']);
    const byHand = await launch.runByHand('daily');
    expect(await daily()).toMatchObject({ state: 'kept', lastProof: { run: byHand }, slots: [{ outcome: 'late' }] });
    await worker.look();
    expect(await readAlarms(launch.store)).toEqual([]);
  });

  it('O34 F16 one slot is one run: two workers at once, a job that comes again, and a worker that died between run and start', async () => {
    launch = await openRecurringLaunch();
    const other = await launch.openEngine();
    const [first, second] = [launch.open(), launch.open(other)];
    await Promise.all([first.look(), second.look()]);
    await launch.passDays(1);
    await Promise.all([first.look(), second.look(), first.look(), second.look()]);
    const [run] = await launch.untilRuns(1);
    // As if the job had not been settled: it comes again, much later than any key of idempotency is kept.
    const { schedule, due } = (
      await launch.store.database.pool.query<{ schedule: string; due: number }>(
        'select schedule, (extract(epoch from due_at) * 1000)::float8 as due from tminus.schedule_slot',
      )
    ).rows[0]!;
    await launch.store.database.pool.query(
      `update tminus.submission set submitted_at = submitted_at - interval '9 days'`,
    );
    await launch.engine.delivery.send([{ queue: 'recurring', key: schedule, data: { schedule, dueMs: due } }]);
    await expect
      .poll(
        async () =>
          (
            await launch.store.database.pool.query(
              `select from tminus_delivery.job where name = 'recurring' and state < 'completed'`,
            )
          ).rowCount,
      )
      .toBe(0);
    expect((await launch.runs()).map(({ id }) => id)).toEqual([run?.id]);
    // As if a worker had died when it had made the run of another slot, and not begun it: whoever gets the job next begins that very run.
    const dueMs = due + 60_000;
    const made = await launch.makeUnbegun({ schedule, dueMs });
    expect(made.state).toBe('approved');
    await launch.engine.delivery.send([{ queue: 'recurring', key: 'next', data: { schedule, dueMs } }]);
    expect((await launch.untilRuns(2)).map(({ id, state }) => [id, state])).toEqual([
      [run?.id, 'waiting_human'],
      [made.id, 'waiting_human'],
    ]);
    expect(launch.trouble).toEqual([]);
  });

  it.each(['runbook', 'open'])(
    'O34 what recurs after %s is not due before that is done live, and from then on',
    async (after) => {
      launch = await openRecurringLaunch(document(`every=1d after=${after}`));
      const worker = launch.open();
      await worker.look();
      await launch.passDays(5);
      expect(await worker.look()).toBe(0);
      expect(await daily()).toMatchObject({ state: 'before', nextDueMs: null, slots: [] });
      await launch.runByHand('runbook');
      await launch.store.database.pool.query(`update tminus.run set ended_at = ended_at - interval '25 hours'`);
      await launch.store.database.pool.query(
        `update tminus.step_run set body = jsonb_set(body, '{endedAtMs}', to_jsonb((body->>'endedAtMs')::float8 - 90000000))`,
      );
      await worker.look();
      await launch.untilRuns(1);
      expect(launch.trouble).toEqual([]);
    },
  );

  it('O34 a run that was called off, rehearsed, done elsewhere or of another procedure is no proof (negative control)', async () => {
    launch = await openRecurringLaunch();
    await launch.open().look();
    const run = await launch.runByHand('daily');
    const { pool } = launch.store.database;
    const { rows } = await pool.query('select * from tminus.run where id = $1', [run]);
    expect((await daily()).lastProof).toMatchObject({ run });
    for (const [column, planted] of [
      ['state', 'cancelled'],
      ['mode', 'rehearsal'],
      ['environment', 'elsewhere'],
      ['procedure', 'runbook'],
    ] as const) {
      await pool.query(`update tminus.run set ${column} = $2 where id = $1`, [run, planted]);
      expect([column, (await daily()).lastProof]).toEqual([column, null]);
      await pool.query(`update tminus.run set ${column} = $2 where id = $1`, [run, rows[0][column]]);
    }
    expect((await daily()).lastProof).toMatchObject({ run });
  });

  it('O34 schedules of others are left alone, and what is taken out of the documents is due no more', async () => {
    launch = await openRecurringLaunch();
    await launch.store.database.pool.query(
      `insert into tminus.schedule (name, body) values ('recheck kiosk live', '{"name":"recheck kiosk live","cron":"0 0 1 1 *","timeZone":"UTC","missed":"once","graceSeconds":1,"limitSeconds":1}')`,
    );
    const worker = launch.open();
    await worker.look();
    launch.write(document('limit=1h'));
    await worker.look();
    const { rows } = await launch.store.database.pool.query<{ name: string }>('select name from tminus.schedule');
    expect(rows.map(({ name }) => name)).toEqual(['recheck kiosk live']);
    expect(await launch.lines()).toEqual([]);
  });
});
