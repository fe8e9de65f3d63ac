import { PgBoss } from 'pg-boss';

import { stepQueue } from '../src/engine/advance/work-queues.ts';
import type { Store } from '../src/store/open-store.ts';
import { chainPlan, openRuns } from './open-runs.ts';
import type { RunsUnderTest } from './open-runs.ts';
import { runSideBySide } from './side-by-side.ts';

const chain = 5;
/** The same for the engine and for pg-boss alone. */
export const load = { runs: 300, steps: chain, batch: 25, slots: 4 };

export interface StepSamples {
  /** From the commit that made a step ready to the commit that ended it, without the step's own time. */
  overheadMs: number[];
  /** From that commit to the call of the handler. */
  startMs: number[];
}

/** Lets one run after the other go from step to step, with nothing else to do. */
export async function measureIdleSteps(store: Store, runs: number): Promise<StepSamples> {
  const engine = await openRuns(store, { batch: 2 });
  const samples: StepSamples = { overheadMs: [], startMs: [] };
  let readyAt = 0;
  let ownMs = 0;
  let ended = 0;
  let all = Promise.withResolvers<void>();
  engine.watch({
    handled: () => void samples.startMs.push(performance.now() - readyAt),
    ran: (_run, _step, ms) => void (ownMs = ms),
    advanced({ input }) {
      if (input.kind === 'start') readyAt = performance.now();
      if (input.kind !== 'step_ended') return;
      samples.overheadMs.push(performance.now() - readyAt - ownMs);
      readyAt = performance.now();
      ended += 1;
      if (ended % chain === 0) all.resolve();
    },
  });
  const worker = await engine.work(1);
  for (let nr = 0; nr < runs; nr += 1) {
    all = Promise.withResolvers();
    await engine.start(await engine.create(chainPlan(chain)));
    await all.promise;
    // The sweep of the run before is a job, too: it must have ended.
    await untilIdle(store);
  }
  await worker.stop({ graceSeconds: 5 });
  return samples;
}

export interface LoadSample {
  perSecond: number;
  /** CPU of this process for each step. */
  cpuMsPerStep: number;
  barePerSecond: number;
}

/** Carries out many runs of five steps at once, and as many jobs through pg-boss alone. */
export async function measureLoad(store: Store): Promise<LoadSample> {
  const loaded = await measureEngineLoad(store, load.runs);
  return { ...loaded, barePerSecond: await measureBareLoad(store) };
}

/** Carries out runs of five steps at once, and returns the steps of a second. */
export async function measureStepsPerSecond(store: Store, runs: number): Promise<number> {
  const { perSecond } = await measureEngineLoad(store, runs);
  return perSecond;
}

async function measureEngineLoad(store: Store, runs: number): Promise<Omit<LoadSample, 'barePerSecond'>> {
  const engine = await openRuns(store, { batch: load.batch });
  const ids: string[] = [];
  await runSideBySide(runs, 8, async () => void ids.push(await engine.create(chainPlan(chain))));
  await Promise.all(ids.map((id) => engine.start(id)));
  const all = Promise.withResolvers<void>();
  let ended = 0;
  engine.watch({
    advanced({ input }) {
      if (input.kind === 'step_ended' && ++ended === runs * chain) all.resolve();
    },
  });
  const cpu = process.cpuUsage();
  const before = performance.now();
  const worker = await engine.work(load.slots);
  await all.promise;
  const seconds = (performance.now() - before) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await assertKept(engine, ids);
  await worker.stop({ graceSeconds: 30 });
  const steps = runs * chain;
  return { perSecond: steps / seconds, cpuMsPerStep: (user + system) / 1000 / steps };
}

/** A figure counts only if every step left everything behind that it has to. */
async function assertKept({ store }: RunsUnderTest, ids: readonly string[]): Promise<void> {
  const count = async (text: string): Promise<number> => {
    const { rows } = await store.database.pool.query<{ count: number }>(text, [ids]);
    return rows[0]?.count ?? 0;
  };
  const steps = ids.length * chain;
  const found = {
    runs: await count(`select count(*)::int from tminus.run where id = any ($1) and state = 'completed'`),
    lengths: await count(`select count(*)::int from tminus.step_length where run = any ($1) and outcome = 'done'`),
    logs: await count(`select count(*)::int from tminus.step_log where run = any ($1) and body = E'done\\n'`),
    rights: await count(
      `select count(*)::int from tminus.access_decision where run = any ($1) and permission = 'step.run' and allowed`,
    ),
    events: await count(
      `select count(*)::int from tminus.run r where id = any ($1) and events = (select max(number) from tminus.event e where e.run = r.id)
        and events = (select count(*) from tminus.event e where e.run = r.id)`,
    ),
  };
  const wanted = { runs: ids.length, lengths: steps, logs: steps, rights: steps, events: ids.length };
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`runs: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(found)}`);
}

const bareSchema = 'bare_boss';

/** The peer: the same queue, batch and slots, nothing to decide and nothing kept but that each job is done. */
async function measureBareLoad(store: Store): Promise<number> {
  const boss = await openBare(store);
  const jobs = load.runs * chain;
  await boss.insert(
    stepQueue.name,
    Array.from({ length: jobs }, (_, nr) => ({ singletonKey: `run/${nr}`, data: { nr } })),
  );
  let seen = 0;
  const all = Promise.withResolvers<void>();
  const before = performance.now();
  for (let slot = 0; slot < load.slots; slot += 1) {
    await boss.work(stepQueue.name, { batchSize: load.batch, burstWhenBatchFull: true }, (batch) => {
      seen += batch.length;
      if (seen === jobs) all.resolve();
      return Promise.resolve();
    });
  }
  await all.promise;
  await boss.offWork(stepQueue.name);
  const seconds = (performance.now() - before) / 1000;
  const { rows } = await store.database.pool.query<{ count: number }>(
    `select count(*)::int from ${bareSchema}.job where state = 'completed'`,
  );
  if (rows[0]?.count !== jobs) throw new Error(`pg-boss: expected ${jobs} jobs to end, got ${rows[0]?.count}`);
  await boss.stop();
  await store.database.pool.query(`truncate ${bareSchema}.job`);
  return jobs / seconds;
}

async function openBare(store: Store): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: store.database.url,
    schema: bareSchema,
    max: 4,
    schedule: false,
    useListenNotify: true,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
  });
  boss.on('error', (error) => {
    throw error;
  });
  await boss.start();
  await boss.createQueue(stepQueue.name, { policy: 'key_strict_fifo', notify: true, heartbeatSeconds: 10 });
  return boss;
}

/** Resolves when no job is under way or waits. */
export async function untilIdle(store: Store): Promise<void> {
  for (;;) {
    const { rows } = await store.database.pool.query<{ open: boolean }>(
      `select exists (select from tminus_delivery.job where state < 'completed') as open`,
    );
    if (rows[0]?.open !== true) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
