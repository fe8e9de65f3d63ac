import { PgBoss } from 'pg-boss';

import type { Claim, Delivery } from '../src/engine/delivery.ts';
import { openDelivery } from '../src/engine/delivery/open-delivery.ts';
import type { Store } from '../src/store/open-store.ts';

const name = 'bench';
const queue = { name, attempts: 3, backoffSeconds: 1, backoffMaxSeconds: 60 };
/** The same for both sides. */
export const drain = { jobs: 4000, batch: 100, slots: 2 };
const bareSchema = 'bare_boss';

export interface DrainSample {
  perSecond: number;
  /** Jobs per second of pg-boss alone, in the same minute. */
  barePerSecond: number;
}

/** Drains the same backlog twice: through delivery, with claim, token, fence and the note of the end; and through pg-boss as it comes. */
export async function measureDrain(store: Store): Promise<DrainSample> {
  return { perSecond: await drainDelivery(store), barePerSecond: await drainBare(store) };
}

async function drainDelivery(store: Store): Promise<number> {
  const delivery = await openDelivery(store, { queues: [queue], batch: drain.batch });
  const seen = new Set<string>();
  const all = Promise.withResolvers<void>();
  await sendBacklog(delivery);
  const before = performance.now();
  await delivery.work(
    name,
    (claim) => {
      seen.add(claim.job);
      if (seen.size === drain.jobs) all.resolve();
      return Promise.resolve();
    },
    { slots: drain.slots },
  );
  await all.promise;
  await delivery.drain();
  const seconds = (performance.now() - before) / 1000;
  await assertEnded(store, 'tminus_delivery');
  await delivery.stop();
  await store.database.pool.query('truncate tminus_delivery.job, tminus.job_claim');
  return drain.jobs / seconds;
}

async function sendBacklog(delivery: Delivery): Promise<void> {
  await delivery.send(Array.from({ length: drain.jobs }, (_, nr) => ({ queue: name, key: `run-${nr}`, data: { nr } })));
}

async function drainBare(store: Store): Promise<number> {
  const boss = await openBare(store);
  await boss.insert(
    name,
    Array.from({ length: drain.jobs }, (_, nr) => ({ singletonKey: `run-${nr}`, data: { nr } })),
  );
  let seen = 0;
  const all = Promise.withResolvers<void>();
  const options = { batchSize: drain.batch, burstWhenBatchFull: true, localConcurrency: drain.slots };
  const before = performance.now();
  await boss.work(name, options, (jobs) => {
    seen += jobs.length;
    if (seen === drain.jobs) all.resolve();
    return Promise.resolve();
  });
  await all.promise;
  await boss.offWork(name);
  const seconds = (performance.now() - before) / 1000;
  await assertEnded(store, bareSchema);
  await boss.stop();
  await store.database.pool.query(`truncate ${bareSchema}.job`);
  return drain.jobs / seconds;
}

async function openBare(store: Store): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: store.database.url,
    schema: bareSchema,
    schedule: false,
    useListenNotify: true,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
  });
  boss.on('error', (error) => {
    throw error;
  });
  await boss.start();
  await boss.createQueue(name, { policy: 'key_strict_fifo', notify: true, heartbeatSeconds: 10 });
  return boss;
}

/** A figure counts only if every job ended as it should. */
async function assertEnded(store: Store, schema: string): Promise<void> {
  const { rows } = await store.database.pool.query<{ count: number }>(
    `select count(*)::int from ${schema}.job where name = $1 and state = 'completed'`,
    [name],
  );
  if (rows[0]?.count !== drain.jobs)
    throw new Error(`${schema}: expected ${drain.jobs} jobs to end, got ${rows[0]?.count}`);
}

/** Milliseconds from the call that sends a job to the start of its handler, one job at a time, all workers idle. */
export async function measureStart(store: Store, jobs: number): Promise<number[]> {
  const delivery = await openDelivery(store, { queues: [queue] });
  let started = Promise.withResolvers<number>();
  await delivery.work(name, () => Promise.resolve(started.resolve(performance.now())));
  const samples: number[] = [];
  for (let nr = 0; nr < jobs; nr += 1) {
    const before = performance.now();
    await delivery.send([{ queue: name, key: `run-${nr}`, data: {} }]);
    samples.push((await started.promise) - before);
    started = Promise.withResolvers();
    // The worker has settled and asks for the next when it goes idle; a job sent before would not be waited for.
    await settled(store);
  }
  await delivery.stop();
  await store.database.pool.query('truncate tminus_delivery.job, tminus.job_claim');
  return samples;
}

async function settled(store: Store): Promise<void> {
  for (;;) {
    const open = await store.database.pool.query('select from tminus.job_claim where outcome is null');
    if (open.rowCount === 0) break;
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Milliseconds from the end of a step to the start of the next one of its run: settle and send in one transaction, deliver, claim. */
export async function measureSteps(store: Store, steps: number): Promise<number[]> {
  const delivery = await openDelivery(store, { queues: [queue] });
  const samples: number[] = [];
  const all = Promise.withResolvers<void>();
  let ended = 0;
  const step = async (claim: Claim): Promise<void> => {
    const left = claim.data['left'] as number;
    if (ended > 0) samples.push(performance.now() - ended);
    if (left === 0) return all.resolve();
    ended = performance.now();
    await delivery.settleAndSend(claim, () =>
      Promise.resolve([{ queue: name, key: claim.key, data: { left: left - 1 } }]),
    );
  };
  await delivery.work(name, step);
  await delivery.send([{ queue: name, key: 'run', data: { left: steps } }]);
  await all.promise;
  await delivery.stop();
  await store.database.pool.query('truncate tminus_delivery.job, tminus.job_claim');
  return samples;
}
