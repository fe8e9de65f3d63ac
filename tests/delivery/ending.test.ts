import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Claim, Delivery, Settlement } from '../../src/engine/delivery.ts';
import { removeEnded, wasSettled } from '../../src/engine/delivery/claim-jobs.ts';
import { defaultTimes, openBoss } from '../../src/engine/delivery/open-boss.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { createDeliveries, createSignal, job, queue, silenceWorker } from './start-delivery.ts';

let database: TestDatabase;
let store: Store;
const deliveries = createDeliveries();
const by = { person: 'ada', reason: 'the disk is back' };

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
});
afterEach(async () => {
  await deliveries.stopAll();
  await store.database.pool.query('truncate tminus_delivery.job, tminus.job_claim');
});
afterAll(() => database.drop());

/** Works on the queue: keys that begin with `bad` fail until `repair`, and every delivery is noted. */
async function workWithBad(
  delivery: Delivery,
): Promise<{ seen: string[]; repair(): void; until(count: number): Promise<void> }> {
  const seen: string[] = [];
  let broken = true;
  let wake = createSignal();
  await delivery.work(queue.name, (claim) => {
    seen.push(`${claim.key}#${claim.attempt}`);
    wake.reach();
    if (broken && claim.key.startsWith('bad') && claim.data['good'] !== true)
      throw new Error(`no disk for ${claim.key}`);
    return Promise.resolve();
  });
  const until = async (count: number): Promise<void> => {
    while (seen.length < count) {
      await wake.reached;
      wake = createSignal();
    }
  };
  return { seen, until, repair: () => void (broken = false) };
}

describe('failures', () => {
  it('O10 a failed job is tried again after a pause that doubles', async () => {
    const slow = { ...queue, name: 'slow', backoffSeconds: 1, backoffMaxSeconds: 60 };
    const delivery = await deliveries.open(store, { queues: [slow] });
    const times: number[] = [];
    const done = createSignal();
    await delivery.work(slow.name, (claim) => {
      times.push(performance.now());
      if (claim.attempt < 3) throw new Error('not yet');
      return Promise.resolve(done.reach());
    });
    await delivery.send([{ ...job('run'), queue: slow.name }]);
    await done.reached;
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThan(950);
    expect(third - second).toBeGreaterThan(1950);
  });

  it('O11 after its tries a job is a dead letter that holds its key; requeued it goes before those that wait, with all tries', async () => {
    const delivery = await deliveries.open(store);
    await delivery.send([job('bad'), job('bad', { data: { good: true } }), job('other')]);
    const work = await workWithBad(delivery);
    const letter = await waitForLetter(delivery);
    await work.until(4);
    expect(work.seen.toSorted()).toEqual(['bad#1', 'bad#2', 'bad#3', 'other#1']);
    expect(letter).toMatchObject({ key: 'bad', attempts: 3, reason: 'no disk for bad', queue: 'step' });
    expect(await delivery.deadLetters.preview({ queue: 'step', ids: [letter.id] })).toBe(1);
    expect(await delivery.deadLetters.preview({ queue: 'step', ids: [letter.job] })).toBe(0);
    work.repair();
    expect(await delivery.deadLetters.requeue({ queue: 'step', ids: [letter.id] }, by)).toBe(1);
    await work.until(6);
    expect(work.seen.slice(4)).toEqual(['bad#4', 'bad#1']);
    expect(await delivery.deadLetters.list('step')).toEqual([]);
  });

  it('O11 a requeued job has all its tries again before it is dead a second time', async () => {
    const delivery = await deliveries.open(store);
    await delivery.send([job('bad')]);
    const work = await workWithBad(delivery);
    const letter = await waitForLetter(delivery);
    await delivery.deadLetters.requeue({ queue: 'step', ids: [letter.id] }, by);
    expect((await waitForLetter(delivery)).attempts).toBe(6);
    expect(work.seen).toHaveLength(6);
  });

  it('O11 all letters at once: of two people who requeue, one moves them; archived ones let their key go on; the counts say so', async () => {
    const delivery = await deliveries.open(store);
    await delivery.send([job('bad-1'), job('bad-2'), job('bad-2', { data: { good: true } })]);
    const work = await workWithBad(delivery);
    await waitForLetter(delivery, 2);
    const [, second] = await delivery.deadLetters.list('step');
    const kept = (await delivery.deadLetters.list('step')).find(({ key }) => key === 'bad-2');
    expect(second).toBeDefined();
    expect(await delivery.deadLetters.archive({ queue: 'step', ids: [kept?.id ?? ''] }, by)).toBe(1);
    await work.until(7);
    expect(work.seen.at(-1)).toBe('bad-2#1');
    work.repair();
    const everything = { queue: 'step', before: new Date('2999-01-01') };
    const both = await Promise.all([
      delivery.deadLetters.requeue(everything, by),
      delivery.deadLetters.requeue(everything, by),
    ]);
    expect(both.toSorted()).toEqual([0, 1]);
    await work.until(8);
    const stats = await delivery.deadLetters.stats('step');
    expect(stats).toMatchObject({ waiting: 0, archived: 1 });
    expect(stats.lastDay).toBe(stats.requeued + stats.archived);
    expect(stats.reasons).toContainEqual({ reason: 'no disk for bad-1', count: 1 });
    await expect(store.database.pool.query('delete from tminus.dead_letter_action')).rejects.toThrow(
      'expected rows only to be added',
    );
  });

  it('O11 a job whose worker falls silent every time is a dead letter, and the reason says so', async () => {
    const delivery = await deliveries.open(store);
    const claims: Claim[] = [];
    let began = createSignal<Claim>();
    const end = createSignal();
    await delivery.work(
      queue.name,
      async (claim) => {
        claims.push(claim);
        began.reach(claim);
        await end.reached;
      },
      { slots: 3 },
    );
    await delivery.send([job('poison')]);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const claim = await began.reached;
      began = createSignal();
      expect(claim.attempt).toBe(attempt);
      await silenceWorker(store, claim);
    }
    expect(await waitForLetter(delivery)).toMatchObject({
      key: 'poison',
      attempts: 3,
      reason: 'job heartbeat timeout',
    });
    end.reach();
  });
});

describe('the end of a job', () => {
  it('F21 R2 is written once: a second time changes nothing, and whether the first was written can be looked up', async () => {
    const delivery = await deliveries.open(store);
    const ended = createSignal<[Settlement, boolean, Settlement, boolean]>();
    await delivery.work(queue.name, async (claim) => {
      if (claim.key === 'next') return;
      const before = await wasSettled(store, claim);
      const first = await delivery.settleAndSend(claim, [job('next')]);
      const after = await wasSettled(store, claim);
      ended.reach([first, before, await delivery.settleAndSend(claim, [job('next')]), after]);
    });
    await delivery.send([job('run')]);
    expect(await ended.reached).toEqual(['settled', false, 'stale', true]);
    const { rows } = await store.database.pool.query(
      `select count(*)::int from tminus_delivery.job where singleton_key = 'next'`,
    );
    expect(rows).toEqual([{ count: 1 }]);
  });
});

describe('a claim that was taken over', () => {
  it('R2 F5 may not write while its heir is still at work, and the heir may', async () => {
    const delivery = await deliveries.open(store);
    const claims: PromiseWithResolvers<Claim>[] = [Promise.withResolvers(), Promise.withResolvers()];
    const end = createSignal();
    await delivery.work(
      queue.name,
      async (claim) => {
        if (claim.key === 'next') return;
        claims[claim.attempt - 1]?.resolve(claim);
        await end.reached;
      },
      { slots: 2 },
    );
    await delivery.send([job('run')]);
    const lost = await (claims[0] as PromiseWithResolvers<Claim>).promise;
    await silenceWorker(store, lost);
    const heir = await (claims[1] as PromiseWithResolvers<Claim>).promise;
    const confirm = (claim: Claim) => store.tables.transaction().execute((tx) => delivery.confirm(tx, claim));
    expect([await confirm(lost), await confirm(heir)]).toEqual([false, true]);
    let written = false;
    const late = await delivery.settleAndSend(lost, () => {
      written = true;
      return Promise.resolve([job('next')]);
    });
    expect([late, written]).toEqual(['stale', false]);
    expect(await delivery.settleAndSend(lost, [job('next')])).toBe('stale');
    expect(await delivery.settleAndSend(heir, [job('next')])).toBe('settled');
    end.reach();
    const { rows } = await store.database.pool.query(
      `select count(*)::int from tminus_delivery.job where singleton_key = 'next'`,
    );
    expect(rows).toEqual([{ count: 1 }]);
  });
});

describe('cancel, drain and stop', () => {
  it('O07 a job is cancelled while it waits, and while it runs: its worker is told and its result dropped', async () => {
    const delivery = await deliveries.open(store);
    const elsewhere = await deliveries.open(store);
    const began = createSignal<Claim>();
    const result = createSignal<Settlement>();
    await delivery.work(queue.name, async (claim) => {
      began.reach(claim);
      await new Promise((resolve) => claim.signal.addEventListener('abort', resolve, { once: true }));
      result.reach(await delivery.settleAndSend(claim, [job('never')]));
    });
    const ids = await delivery.send([job('run'), job('run')]);
    await began.reached;
    const before = performance.now();
    expect(await elsewhere.cancel(queue.name, ids)).toBe(2);
    expect(await result.reached).toBe('stale');
    expect(performance.now() - before).toBeLessThan(20_000);
    expect(await elsewhere.cancel(queue.name, ids)).toBe(0);
    const { rows } = await store.database.pool.query(
      'select state::text, count(*)::int from tminus_delivery.job group by state',
    );
    expect(rows).toEqual([{ state: 'cancelled', count: 2 }]);
  });

  it('O12 drain finishes what runs and takes nothing new', async () => {
    const delivery = await deliveries.open(store);
    const began = createSignal();
    const end = createSignal();
    let count = 0;
    await delivery.work(queue.name, async () => {
      count += 1;
      began.reach();
      await end.reached;
    });
    await delivery.send([job('a')]);
    await began.reached;
    const drained = delivery.drain();
    await delivery.send([job('b')]);
    end.reach();
    await drained;
    const { rows } = await store.database.pool.query(
      `select singleton_key as key, state::text from tminus_delivery.job order by 1`,
    );
    expect(rows).toEqual([
      { key: 'a', state: 'completed' },
      { key: 'b', state: 'created' },
    ]);
    expect(count).toBe(1);
  });

  it('O12 stop hands back what does not end in time, at once and without costing it a try, even the last one', async () => {
    const once = { ...queue, name: 'once', attempts: 1 };
    const leaving = await deliveries.open(store, { queues: [once] });
    const staying = await deliveries.open(store, { queues: [once] });
    const began = createSignal<Claim>();
    await leaving.work(once.name, async (claim) => {
      began.reach(claim);
      await new Promise((resolve) => claim.signal.addEventListener('abort', resolve, { once: true }));
    });
    await leaving.send([{ ...job('run'), queue: once.name }]);
    const lost = await began.reached;
    await leaving.stop({ graceSeconds: 0 });
    const again = createSignal<Claim>();
    await staying.work(once.name, (claim) => Promise.resolve(again.reach(claim)));
    const claim = await again.reached;
    expect(claim).toMatchObject({ job: lost.job, attempt: 2, attempts: 2 });
    expect(claim.token).toBeGreaterThan(lost.token);
    expect(await staying.deadLetters.list(once.name)).toEqual([]);
  });

  it('O12 slots come and go under load and no job is lost or done twice', async () => {
    const delivery = await deliveries.open(store);
    const seen: number[] = [];
    const all = createSignal();
    const pool = await delivery.work(queue.name, (claim) => {
      seen.push(claim.data['nr'] as number);
      if (seen.length === 120) all.reach();
      return Promise.resolve();
    });
    await delivery.send(Array.from({ length: 120 }, (_, nr) => job(`run-${nr % 12}`, { data: { nr } })));
    for (const slots of [3, 1, 4, 0, 2]) await pool.resize(slots);
    expect(pool.slots).toBe(2);
    await all.reached;
    expect(new Set(seen).size).toBe(120);
  });

  it('O11 what has ended is removed after a while, a dead letter and its job never', async () => {
    const delivery = await deliveries.open(store);
    await delivery.send([job('bad'), job('fine')]);
    await workWithBad(delivery);
    await waitForLetter(delivery);
    await delivery.drain();
    const boss = await openBoss(store, { queues: [queue], times: defaultTimes, report: () => undefined });
    expect(await removeEnded({ store, boss }, ['step', 'step.dead'], 3600)).toBe(0);
    expect(await removeEnded({ store, boss }, ['step', 'step.dead'], -1)).toBe(1);
    await boss.stop();
    const { rows } = await store.database.pool.query(
      `select name, singleton_key as key, state::text from tminus_delivery.job order by 1`,
    );
    expect(rows).toEqual([
      { name: 'step', key: 'bad', state: 'failed' },
      { name: 'step.dead', key: 'bad', state: 'created' },
    ]);
  });
});

async function waitForLetter(delivery: Delivery, count = 1) {
  for (;;) {
    const letters = await delivery.deadLetters.list(queue.name);
    if (letters[0] !== undefined && letters.length >= count) return letters[0];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
