import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Claim, DeadLetter, Delivery, Settlement } from '../../src/engine/delivery.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { behindProxy } from '../runs/wire-proxy.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { openCommitCutter } from './commit-cutter.ts';
import { createDeliveries, createSignal, job, queue, silenceWorker } from './start-delivery.ts';

let database: TestDatabase;
let store: Store;
const deliveries = createDeliveries();
const probe = { ...queue, name: 'probe' };

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
  await store.database.pool.query('create table written (job uuid)');
});
afterEach(async () => {
  await deliveries.stopAll();
  await store.database.pool.query('truncate tminus_delivery.job, tminus.job_claim, written');
});
afterAll(() => database.drop());

/** Holds the claims of all jobs sent, of both queues, until `end` is reached; returns them when there are so many. */
async function holdClaims(delivery: Delivery, count: number) {
  const claims: Claim[] = [];
  const all = createSignal<Claim[]>();
  const end = createSignal();
  const handler = async (claim: Claim): Promise<void> => {
    claims.push(claim);
    if (claims.length === count) all.reach(claims);
    await end.reached;
  };
  await delivery.work(queue.name, handler, { slots: 3 });
  await delivery.work(probe.name, handler, { slots: 2 });
  return { claims: all.reached, end: () => end.reach() };
}

const write = (jobs: Iterable<string>) => (tx: Parameters<Parameters<Delivery['settleMany']>[1]>[0]) =>
  sql`insert into written select unnest(${[...jobs]}::uuid[])`.execute(tx);

const count = async (query: string): Promise<number> =>
  (await store.database.pool.query<{ count: number }>(`select count(*)::int from ${query}`)).rows[0]?.count ?? -1;

describe('many ends in one transaction', () => {
  it('R2 O10 jobs of two queues end together with one write and their next jobs; a claim that was lost is left out of it', async () => {
    const delivery = await deliveries.open(store, { queues: [queue, probe] });
    const held = await holdClaims(delivery, 4);
    const sent = await delivery.send([job('a'), job('b'), job('c'), { ...job('a'), queue: probe.name }]);
    expect(sent).toHaveLength(4);
    const claims = await held.claims;
    const lost = claims.find(({ key }) => key === 'b') as Claim;
    expect(await delivery.cancel(queue.name, [lost.job])).toBe(1);
    let seen: ReadonlySet<string> = new Set();
    const answers = await delivery.settleMany(
      claims.map((claim) => ({ claim })),
      async (tx, settled) => {
        seen = settled;
        await write(settled)(tx);
        return [job('next', { afterSeconds: 60 })];
      },
    );
    expect(answers).toEqual(claims.map((claim) => (claim === lost ? 'stale' : 'settled')));
    expect([...seen].toSorted()).toEqual(sent.filter((id) => id !== lost.job).toSorted());
    expect(await count('written')).toBe(3);
    expect(await count(`tminus_delivery.job where singleton_key = 'next'`)).toBe(1);
    expect(await count(`tminus_delivery.job where state = 'completed'`)).toBe(3);
    // Nothing is left to end: no write, no job.
    const again = await delivery.settleMany([{ claim: lost }], () => Promise.reject(new Error('called')));
    expect(again).toEqual(['stale']);
    held.end();
  });

  it('R2 a write that throws leaves every claim as it was, and the same ends can be written after it', async () => {
    const delivery = await deliveries.open(store, { queues: [queue, probe] });
    const held = await holdClaims(delivery, 2);
    await delivery.send([job('a'), job('b')]);
    const endings = (await held.claims).map((claim) => ({ claim }));
    const broken = delivery.settleMany(endings, async (tx, settled) => {
      await write(settled)(tx);
      throw new Error('no room');
    });
    await expect(broken).rejects.toThrow('no room');
    expect(await count('written')).toBe(0);
    const confirmed = await store.tables.transaction().execute((tx) =>
      delivery.confirmMany(
        tx,
        endings.map(({ claim }) => claim),
      ),
    );
    expect(confirmed).toEqual(new Set(endings.map(({ claim }) => claim.token)));
    const twice = [...endings, ...endings];
    expect(await delivery.settleMany(twice, () => Promise.resolve([]))).toEqual(twice.map(() => 'settled'));
    held.end();
  });

  it('F17 R2 a transaction whose connection ended before the commit is run again, and written once', async () => {
    const delivery = await deliveries.open(store, { queues: [queue, probe] });
    const held = await holdClaims(delivery, 2);
    await delivery.send([job('a'), job('b')]);
    const endings = (await held.claims).map((claim) => ({ claim }));
    let calls = 0;
    const answers = await delivery.settleMany(endings, async (tx, settled) => {
      calls += 1;
      await write(settled)(tx);
      if (calls === 1) await sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx);
      return [];
    });
    expect(answers).toEqual(['settled', 'settled']);
    expect([calls, await count('written')]).toEqual([2, 2]);
    held.end();
  });

  it('F21 R2 a commit whose answer was lost is told from a stale claim, and written once', async () => {
    const { target, through } = behindProxy(database.url);
    const cutter = await openCommitCutter(target);
    const behind = await openStore({ dataDirectory: database.dataDirectory, databaseUrl: through(cutter.port) });
    const delivery = await deliveries.open(behind, { queues: [queue, probe] });
    const held = await holdClaims(delivery, 3);
    await delivery.send([job('a'), job('b'), job('c')]);
    const claims = await held.claims;
    const lost = claims.find(({ key }) => key === 'c') as Claim;
    await delivery.cancel(queue.name, [lost.job]);
    let calls = 0;
    const answers = await delivery.settleMany(
      claims.map((claim) => ({ claim })),
      async (tx, settled) => {
        calls += 1;
        await write(settled)(tx);
        cutter.arm();
        return [job('next', { afterSeconds: 60 })];
      },
    );
    expect(answers).toEqual(claims.map((claim) => (claim === lost ? 'stale' : 'settled')));
    expect([cutter.cuts(), calls, await count('written')]).toEqual([1, 1, 2]);
    expect(await count(`tminus_delivery.job where singleton_key = 'next'`)).toBe(1);
    held.end();
    await deliveries.stopAll();
    await behind.close();
    cutter.close();
  });

  it('R2 F5 the claims of a silent worker end as stale, those of the others as settled', async () => {
    const delivery = await deliveries.open(store, { queues: [queue, probe] });
    const held = await holdClaims(delivery, 3);
    await delivery.send([job('a'), { ...job('a'), queue: probe.name }]);
    while ((await count(`tminus.job_claim`)) < 2) await new Promise(setImmediate);
    const { rows } = await store.database.pool.query<{ job: string }>(
      `select job from tminus.job_claim where queue = 'step'`,
    );
    await silenceWorker(store, { job: rows[0]?.job ?? '' });
    const [first, second, heir] = (await held.claims) as [Claim, Claim, Claim];
    const answers = await delivery.settleMany(
      [first, second, heir].map((claim) => ({ claim })),
      () => Promise.resolve([]),
    );
    expect(answers.toSorted()).toEqual(['settled', 'settled', 'stale']);
    expect(answers[2]).toBe('settled');
    held.end();
  });
});

describe('jobs that are moved, given back and cancelled', () => {
  it.each([1, 2])('O04 a job of %i tries that was given back waits, and has all its tries', async (attempts) => {
    const few = { ...queue, name: `few-${attempts}`, attempts };
    const delivery = await deliveries.open(store, { queues: [few] });
    const claims: Claim[] = [];
    const times: number[] = [];
    const answers: Settlement[] = [];
    await delivery.work(few.name, async (claim) => {
      claims.push(claim);
      times.push(performance.now());
      if (claims.length < 4) answers.push(await delivery.release(claim, { afterSeconds: 0.3 }));
      else throw new Error('broken');
    });
    await delivery.send([{ ...job('run'), queue: few.name }]);
    const letter = await waitForLetter(delivery, few.name);
    const tries = Array.from({ length: attempts }, (_, nr) => [nr + 1, attempts, nr + 4]);
    const seen = claims.map(({ attempt, attempts: all, delivery: nr }) => [attempt, all, nr]);
    expect(seen).toEqual([[1, attempts, 1], [1, attempts, 2], [1, attempts, 3], ...tries]);
    expect(answers).toEqual(['settled', 'settled', 'settled']);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(290);
    expect(letter).toMatchObject({ attempts, reason: 'broken' });
    const by = { person: 'ada', reason: 'again' };
    expect(await delivery.deadLetters.requeue({ queue: few.name, ids: [letter.id] }, by)).toBe(1);
    expect(await waitForLetter(delivery, few.name)).toMatchObject({ attempts: attempts * 2 });
  });

  it('O10 jobs that wait are moved later and earlier, and one that runs is not', async () => {
    const delivery = await deliveries.open(store, { queues: [queue, probe] });
    const [later = '', earlier = ''] = await delivery.send([
      job('later', { afterSeconds: 1 }),
      job('early', { afterSeconds: 3600 }),
    ]);
    expect(await delivery.reschedule(queue.name, [later], { afterSeconds: 3600 })).toBe(1);
    expect(await delivery.reschedule(queue.name, [earlier], { afterSeconds: 0 })).toBe(1);
    const held = await holdClaims(delivery, 1);
    const [claim] = await held.claims;
    expect(claim?.job).toBe(earlier);
    expect(await delivery.reschedule(queue.name, [earlier], { afterSeconds: 0 })).toBe(0);
    const { rows } = await store.database.pool.query(
      `select (start_after - now() > interval '59 minutes') as far from tminus_delivery.job where id = $1`,
      [later],
    );
    expect(rows).toEqual([{ far: true }]);
    held.end();
  });

  it('O07 all jobs of a key, and all of a queue, are cancelled, waiting or running, and no other', async () => {
    const delivery = await deliveries.open(store, { queues: [queue, probe] });
    const held = await holdClaims(delivery, 1);
    await delivery.send([
      job('a'),
      job('a'),
      job('b', { afterSeconds: 60 }),
      { ...job('a', { afterSeconds: 60 }), queue: probe.name },
    ]);
    const [claim] = await held.claims;
    expect(claim?.key).toBe('a');
    expect(await delivery.cancelKey(queue.name, 'a')).toBe(2);
    expect(await delivery.settleAndSend(claim as Claim, [job('never')])).toBe('stale');
    expect(await count(`tminus_delivery.job where state = 'cancelled' and singleton_key = 'a' and name = 'step'`)).toBe(
      2,
    );
    expect(await delivery.cancelKey(queue.name, 'a')).toBe(0);
    expect(await delivery.cancelQueue(queue.name)).toBe(1);
    expect(await count(`tminus_delivery.job where state = 'created'`)).toBe(1);
    held.end();
  });
});

async function waitForLetter(delivery: Delivery, name: string): Promise<DeadLetter> {
  for (;;) {
    const [letter] = await delivery.deadLetters.list(name);
    if (letter !== undefined) return letter;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
