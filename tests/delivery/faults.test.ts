import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Delivery } from '../../src/engine/delivery.ts';
import { createLockKeeper } from '../../src/engine/delivery/keep-locks.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { startChild } from '../store/child.ts';
import type { Child } from '../store/child.ts';
import { createDeliveries, job, queue, silenceWorker } from './start-delivery.ts';

interface Began {
  token: number;
  attempt: number;
  job: string;
}

let database: TestDatabase;
let store: Store;
let delivery: Delivery;
const deliveries = createDeliveries();
const children: Child[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
  delivery = await deliveries.open(store);
  await store.database.pool.query('create table effect (job uuid, token bigint, worker int)');
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.process.kill('SIGKILL');
    await child.ended;
  }
  await store.database.pool.query('truncate effect, tminus_delivery.job, tminus.job_claim');
});
afterAll(async () => {
  await deliveries.stopAll();
  await database.drop();
});

function start(...mode: string[]): Child {
  const child = startChild('../delivery/worker.ts', [database.url, database.dataDirectory, ...mode]);
  children.push(child);
  return child;
}

async function startWorker(slots = 1): Promise<Child> {
  const child = start('jobs', String(slots));
  await child.said('ready');
  return child;
}

const began = async (child: Child): Promise<Began> => JSON.parse(await child.said('began')) as Began;

async function waitFor(query: string, count: number): Promise<void> {
  for (;;) {
    const found = await store.database.pool.query<{ count: number }>(query).catch(() => null);
    if (found !== null && found.rows[0]?.count === count) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const effects = async () =>
  (await store.database.pool.query<{ job: string; token: string; worker: number }>('select * from effect')).rows;

describe('workers that die or freeze', () => {
  it('F1 R2 killed with SIGKILL in the middle of a job: another does it, once, with a greater token', async () => {
    const first = await startWorker();
    await delivery.send([job('run', { data: { act: 'wait' } })]);
    const lost = await began(first);
    first.process.kill('SIGKILL');
    await first.ended;
    const second = await startWorker();
    await silenceWorker(store, lost);
    const taken = await began(second);
    expect(taken).toMatchObject({ job: lost.job, attempt: 2 });
    expect(taken.token).toBeGreaterThan(lost.token);
    expect(await second.said('result')).toBe('"settled"');
    expect(await effects()).toEqual([{ job: lost.job, token: String(taken.token), worker: second.process.pid }]);
  });

  it('F5 R2 stopped with SIGSTOP and resumed after another took over: its late result is dropped, and what it would have sent', async () => {
    const zombie = await startWorker();
    await delivery.send([job('run', { data: { act: 'wait', more: 1 } })]);
    const lost = await began(zombie);
    zombie.process.kill('SIGSTOP');
    const heir = await startWorker();
    await silenceWorker(store, lost);
    const taken = await began(heir);
    expect(await heir.said('result')).toBe('"settled"');
    await waitFor('select count(*)::int from effect', 2);
    zombie.process.stdin?.write('go on\n');
    zombie.process.kill('SIGCONT');
    expect(await zombie.said('result')).toBe('"stale"');
    expect((await effects()).filter((row) => row.job === lost.job)).toEqual([
      { job: lost.job, token: String(taken.token), worker: heir.process.pid },
    ]);
    const { rows } = await store.database.pool.query(
      'select state::text, count(*)::int from tminus_delivery.job group by 1',
    );
    expect(rows).toEqual([{ state: 'completed', count: 2 }]);
  });

  it(
    'F6 a blocked event loop keeps its job for the lease: within it nobody takes over, beyond it another does and the late result is dropped',
    { timeout: 300_000 },
    async () => {
      const patient = start('jobs', '1', '120');
      // Longer than the lease, the silence after it, and what a busy machine needs to notice both.
      const ms = 30_000;
      await patient.said('ready');
      await delivery.send([job('kept', { data: { act: 'block', ms } })]);
      const kept = await began(patient);
      // Begun only now: two that are ready would take the job by luck.
      const hasty = start('jobs', '1', '2');
      await hasty.said('ready');
      await delivery.send([job('lost', { data: { act: 'block', ms } })]);
      const lost = await began(hasty);
      const heir = await startWorker(2);
      const taken = await began(heir);
      expect(taken).toMatchObject({ job: lost.job, attempt: 2 });
      expect(await heir.said('result')).toBe('"settled"');
      expect(await hasty.said('result')).toBe('"stale"');
      expect(await patient.said('result')).toBe('"settled"');
      expect(await effects()).toEqual(
        expect.arrayContaining([
          { job: kept.job, token: String(kept.token), worker: patient.process.pid },
          { job: lost.job, token: String(taken.token), worker: heir.process.pid },
        ]),
      );
      expect(await effects()).toHaveLength(2);
    },
  );

  it('F14 O11 a job that ends its worker each time becomes a dead letter, and the others go on', async () => {
    await delivery.send([job('poison', { data: { act: 'abort' } })]);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const victim = start('jobs');
      const claim = await began(victim);
      expect(claim.attempt).toBe(attempt);
      expect(await victim.ended).toBe('SIGABRT');
      await silenceWorker(store, claim);
    }
    await waitFor(`select count(*)::int from tminus_delivery.job where name = 'step.dead'`, 1);
    await startWorker();
    await delivery.send([job('other')]);
    await waitFor('select count(*)::int from effect', 1);
    expect(await delivery.deadLetters.list(queue.name)).toMatchObject([{ key: 'poison', attempts: 3 }]);
  });

  it('F5 O04 a paused holder of a lock may not write after another took the asset', async () => {
    const zombie = start('lock');
    const fence = Number(await zombie.said('held'));
    zombie.process.kill('SIGSTOP');
    const keeper = createLockKeeper(store, { retrySeconds: 0.05 });
    const locks = await keeper.take({ keys: ['asset'], owner: 'heir', waitSeconds: 60 });
    expect(locks?.fences.get('asset')).toBeGreaterThan(fence);
    zombie.process.stdin?.write('write\n');
    zombie.process.kill('SIGCONT');
    expect(await zombie.said('confirmed')).toBe('false');
    expect(await store.tables.transaction().execute(async (tx) => locks?.confirm(tx))).toBe(true);
    await keeper.close();
  });
});

describe('a database that goes away', () => {
  it(
    'F17 R2 backends terminated every 200 ms: every job of every chain is done once, none is lost or dead',
    { timeout: 300_000 },
    async () => {
      await startWorker(2);
      await startWorker(2);
      await delivery.send(Array.from({ length: 10 }, (_, nr) => job(`run-${nr}`, { data: { more: 9 } })));
      let terminated = 0;
      const terminate = async (): Promise<void> => {
        const ended = await store.database.pool
          .query(
            `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and random() < 0.5`,
          )
          .catch(() => null);
        terminated += ended?.rowCount ?? 0;
      };
      const storm = setInterval(() => void terminate(), 200);
      const calm = setTimeout(() => clearInterval(storm), 3000);
      await waitFor('select count(*)::int from effect', 100);
      clearTimeout(calm);
      clearInterval(storm);
      await waitFor(`select count(*)::int from tminus_delivery.job where state = 'completed'`, 100);
      const { rows } = await store.database.pool.query(
        'select count(distinct job)::int as jobs, count(*)::int as effects from effect',
      );
      expect(rows).toEqual([{ jobs: 100, effects: 100 }]);
      expect(terminated).toBeGreaterThan(10);
      expect(await delivery.deadLetters.list(queue.name)).toEqual([]);
    },
  );
});
