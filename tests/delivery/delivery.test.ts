import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Claim } from '../../src/engine/delivery.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { createDeliveries, createSignal, job, queue, silenceWorker } from './start-delivery.ts';

let database: TestDatabase;
let store: Store;
const deliveries = createDeliveries();

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
});
afterEach(async () => {
  await deliveries.stopAll();
  await store.database.pool.query('truncate tminus_delivery.job, tminus.job_claim');
});
afterAll(() => database.drop());

describe('the five rules of delivery', () => {
  it('R4 rule 1: a silent worker is found within seconds, its job goes to another with a greater token', async () => {
    const a = await deliveries.open(store);
    const { rows } = await readQueue();
    expect(rows).toEqual([{ heartbeat_seconds: 10, policy: 'key_strict_fifo', notify: true }]);
    const claims: Claim[] = [];
    const first = createSignal<Claim>();
    const second = createSignal<Claim>();
    const end = createSignal();
    await a.work(
      queue.name,
      async (claim) => {
        claims.push(claim);
        (claims.length === 1 ? first : second).reach(claim);
        if (claims.length === 1) await end.reached;
      },
      { slots: 2 },
    );
    await a.send([job('run-1')]);
    const lost = await first.reached;
    await silenceWorker(store, lost);
    const before = performance.now();
    const taken = await second.reached;
    expect(performance.now() - before).toBeLessThan(30_000);
    expect(taken.job).toBe(lost.job);
    expect(taken.attempt).toBe(2);
    expect(taken.token).toBeGreaterThan(lost.token);
    end.reach();
  });

  it('R2 rule 2: what a job writes, its end and the next job stand or fall together', async () => {
    const delivery = await deliveries.open(store);
    await store.database.pool.query('create table written (job uuid, attempt int)');
    const done = createSignal<number>();
    await delivery.work(queue.name, async (claim) => {
      if (claim.key === 'next') return done.reach(claim.attempt);
      await delivery.settleAndSend(claim, async (tx) => {
        await sql`insert into written values (${claim.job}, ${claim.attempt})`.execute(tx);
        if (claim.attempt === 1) throw new Error('broken between the write and the commit');
        return [job('next')];
      });
    });
    const [id] = await delivery.send([job('run-2')]);
    await done.reached;
    const written = await store.database.pool.query('select * from written');
    expect(written.rows).toEqual([{ job: id, attempt: 2 }]);
    const jobs = await store.database.pool.query(`select singleton_key as key from tminus_delivery.job order by 1`);
    expect(jobs.rows.map(({ key }: { key: string }) => key)).toEqual(['next', 'run-2']);
  });

  it('O10 rule 3: a backlog is worked off without a pause between jobs', async () => {
    const delivery = await deliveries.open(store, { times: { pollSeconds: 20 } });
    await delivery.send(Array.from({ length: 40 }, (_, nr) => job(`run-${nr % 4}`)));
    const all = createSignal();
    let count = 0;
    const before = performance.now();
    await delivery.work(queue.name, () => {
      count += 1;
      if (count === 40) all.reach();
      return Promise.resolve();
    });
    await all.reached;
    expect(performance.now() - before).toBeLessThan(60_000);
  });

  it('O10 rule 4: a job starts at once, although nobody asks for 100 s', async () => {
    const delivery = await deliveries.open(store, { times: { pollSeconds: 100 } });
    const started = createSignal<string>();
    await delivery.work(queue.name, (claim) => Promise.resolve(started.reach(claim.key)));
    // A job that comes due later is notified to nobody and seen by the next poll only: it is the notification that wakes the worker.
    await delivery.send([job('unnoticed', { afterSeconds: 3 })]);
    const early = await Promise.race([
      started.reached,
      new Promise((resolve) => setTimeout(resolve, 4_500, 'nothing')),
    ]);
    expect(early).toBe('nothing');
    const before = performance.now();
    await delivery.send([job('noticed')]);
    await started.reached;
    expect(performance.now() - before).toBeLessThan(60_000);
  });

  it('O10 rule 5: two processes never run two jobs of one key at once, and keep their order', async () => {
    const a = await deliveries.open(store);
    const b = await deliveries.open(await database.open());
    const running = new Set<string>();
    const overlaps: string[] = [];
    const order = new Map<string, number[]>();
    let count = 0;
    const all = createSignal();
    const handler = async (claim: Claim): Promise<void> => {
      if (running.has(claim.key)) overlaps.push(claim.key);
      running.add(claim.key);
      await new Promise((resolve) => setImmediate(resolve));
      order.set(claim.key, [...(order.get(claim.key) ?? []), claim.data['nr'] as number]);
      running.delete(claim.key);
      count += 1;
      if (count === 60) all.reach();
    };
    const keys = ['a', 'b', 'c'];
    for (let nr = 0; nr < 20; nr += 1) await a.send(keys.map((key) => job(key, { data: { nr } })));
    await a.work(queue.name, handler, { slots: 2 });
    await b.work(queue.name, handler, { slots: 2 });
    await all.reached;
    expect(overlaps).toEqual([]);
    for (const key of keys) expect(order.get(key)).toEqual(Array.from({ length: 20 }, (_, nr) => nr));
  });
});

describe('sending', () => {
  it('O10 priority 1 is delivered first, 10 last', async () => {
    const delivery = await deliveries.open(store);
    await delivery.send([10, 5, 1, 7].map((priority) => job(`run-${priority}`, { priority })));
    const seen: string[] = [];
    const all = createSignal();
    await delivery.work(queue.name, (claim) => {
      seen.push(claim.key);
      if (seen.length === 4) all.reach();
      return Promise.resolve();
    });
    await all.reached;
    expect(seen).toEqual(['run-1', 'run-5', 'run-7', 'run-10']);
    await expect(delivery.send([job('run', { priority: 0 })])).rejects.toThrow(
      'expected a whole number from 1 to 10, got 0',
    );
  });

  it('R2 one id is sent once, and a rolled back transaction sends nothing', async () => {
    const delivery = await deliveries.open(store);
    const id = crypto.randomUUID();
    expect(await delivery.send([job('run', { id })])).toEqual([id]);
    expect(await delivery.send([job('run', { id })])).toEqual([]);
    const rolledBack = store.tables.transaction().execute(async (tx) => {
      expect(await delivery.send([job('other')], { tx })).toHaveLength(1);
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    const { rows } = await store.database.pool.query('select singleton_key as key from tminus_delivery.job');
    expect(rows).toEqual([{ key: 'run' }]);
    await expect(delivery.send([{ ...job('x'), queue: 'typo' }])).rejects.toThrow(
      'queue: expected one of step, got typo',
    );
  });

  it('O10 a job that waits for months is not dropped', async () => {
    const delivery = await deliveries.open(store);
    await delivery.send([job('run', { afterSeconds: 3600 })]);
    const { rows } = await store.database.pool.query<{ years: number }>(
      `select extract(year from age(keep_until, now()))::int as years from tminus_delivery.job where start_after > now() + interval '59 minutes'`,
    );
    expect(rows[0]?.years).toBeGreaterThanOrEqual(9);
  });
});

function readQueue() {
  return store.database.pool.query(
    'select heartbeat_seconds, policy, notify from tminus_delivery.queue where name = $1',
    [queue.name],
  );
}
