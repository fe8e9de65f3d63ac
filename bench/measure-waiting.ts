import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { humanStep } from '../src/core/procedure/runs.fixture.ts';
import type { Plan } from '../src/core/procedure/plan.ts';
import { createStartable, startAll } from './many-runs.ts';
import { benchPlan, chainPlan, openRuns } from './open-runs.ts';
import type { RunsUnderTest } from './open-runs.ts';
import { untilIdle } from './measure-run-steps.ts';
import type { Store } from '../src/store/open-store.ts';

export interface TimerSample {
  timers: number;
  /** From the instant at which all came due until the last was handed out. */
  seconds: number;
  /** Steps of a run that has nothing to do with them, meanwhile: from the end of one to the end of the next. */
  unrelatedMs: number[];
  lost: number;
}

/** Lets one step of each of many runs come due at the same instant: steps of people, so that nothing but time has to be kept. */
export async function measureTimersOfRuns(store: Store, timers: number): Promise<TimerSample> {
  const engine = await openRuns(store, { batch: 2 });
  const far = Date.now() + 3_600_000;
  const before = performance.now();
  await startAll(engine, await createStartable(store, 500, () => timerPlan(1, far)));
  // All have to stand before their instant; the first five hundred tell how long that takes here.
  const atMs = Date.now() + (performance.now() - before) * (timers / 500) * 2 + 3_000;
  const ids = await createStartable(store, timers, () => timerPlan(1, atMs));
  await startAll(engine, ids);
  return watchTimers(engine, { ids, atMs, timers });
}

/** The same for the steps of one run. */
export async function measureTimersOfOne(store: Store, timers: number): Promise<TimerSample> {
  const engine = await openRuns(store, { batch: 2 });
  const atMs = Date.now() + 10_000;
  const ids = await createStartable(store, 1, () => timerPlan(timers, atMs));
  await startAll(engine, ids);
  return watchTimers(engine, { ids, atMs, timers });
}

function timerPlan(steps: number, atMs: number): Plan {
  return benchPlan(
    Array.from({ length: steps }, (_, place) => humanStep(`due-${place}`, { timer: { kind: 'at', atMs } })),
  );
}

async function watchTimers(
  engine: RunsUnderTest,
  { ids, atMs, timers }: { ids: readonly string[]; atMs: number; timers: number },
): Promise<TimerSample> {
  const { store } = engine;
  if (Date.now() > atMs) throw new Error('timers: expected the runs to stand before their instant, got that it passed');
  const ends: { at: number; ms: number }[] = [];
  let last = performance.now();
  engine.watch({
    advanced({ input }) {
      if (input.kind === 'step_ended') ends.push({ at: Date.now(), ms: performance.now() - last });
      if (input.kind === 'step_ended' || input.kind === 'start') last = performance.now();
    },
  });
  const worker = await engine.work(1);
  await engine.start(await engine.create(chainPlan(2_000)));
  const wait = atMs - Date.now();
  if (wait > 0) await pause(wait);
  const giveUp = performance.now() + 60_000;
  let left = timers;
  while (left > 0 && performance.now() < giveUp) {
    await pause(50);
    left = await countPending(store, ids);
  }
  const until = Date.now();
  // A step that was under way at the end counts with the time that it has taken so far.
  const unrelatedMs = [
    ...ends.filter(({ at }) => at >= atMs && at <= until).map(({ ms }) => ms),
    performance.now() - last,
  ];
  engine.watch({});
  await worker.stop({ graceSeconds: 5 });
  await forgetRest(store);
  return { timers, seconds: (until - atMs) / 1000, unrelatedMs, lost: left };
}

async function countPending(store: Store, ids: readonly string[]): Promise<number> {
  const { rows } = await store.database.pool.query<{ count: number }>(
    `select count(*)::int from tminus.step_run where run = any ($1) and state in ('pending', 'waiting')`,
    [ids],
  );
  return rows[0]?.count ?? 0;
}

/** What people are told, and the rest of the unrelated run, are not waited for. */
async function forgetRest(store: Store): Promise<void> {
  await store.database.pool.query(`update tminus.run set due_at = null where due_at is not null`);
  await store.database.pool.query('truncate tminus_delivery.job, tminus.job_claim');
}

export interface WaitingSample {
  runs: number;
  /** Connections to the database with these runs, less those without. */
  connections: number;
  rssMb: number;
  /** Of that, what is still in use. */
  heapMb: number;
  /** Transactions per second of the idle database, with these runs and without. */
  perSecond: number;
  perSecondWithout: number;
}

/** Lets many runs wait for a person, with a worker that has nothing else to do. */
export async function measureWaiting(store: Store, runs: number): Promise<WaitingSample> {
  const engine = await openRuns(store, { batch: 2 });
  const worker = await engine.work(2);
  await untilIdle(store);
  const without = await look(store);
  // Fills the caches and warms the code, which every further run shares.
  await startAll(engine, await createStartable(store, runs / 2, () => benchPlan([humanStep('sign')])));
  await untilIdle(store);
  const before = readMemory();
  const ids = await createStartable(store, runs, () => benchPlan([humanStep('sign')]));
  await startAll(engine, ids);
  await untilIdle(store);
  const after = readMemory();
  // Else the server would tidy up after the new rows while it is looked at.
  await store.database.pool.query('vacuum (analyze)');
  const within = await look(store);
  const { rows } = await store.database.pool.query<{ count: number }>(
    `select count(*)::int from tminus.step_run where run = any ($1) and state = 'waiting_human'`,
    [ids],
  );
  if (rows[0]?.count !== runs)
    throw new Error(`waiting: expected ${runs} steps to wait for people, got ${rows[0]?.count}`);
  await worker.stop({ graceSeconds: 5 });
  return {
    runs,
    connections: within.connections - without.connections,
    rssMb: (after.rss - before.rss) / 1024 / 1024,
    heapMb: (after.heapUsed - before.heapUsed) / 1024 / 1024,
    perSecond: within.perSecond,
    perSecondWithout: without.perSecond,
  };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function readMemory(): NodeJS.MemoryUsage {
  collect();
  return process.memoryUsage();
}

const lookSeconds = 10;

async function look(store: Store): Promise<{ connections: number; perSecond: number }> {
  // A backend reports what it counted a second late.
  await pause(2_000);
  const before = await readActivity(store);
  await pause(lookSeconds * 1000);
  const after = await readActivity(store);
  return { connections: after.connections, perSecond: (after.commits - before.commits) / lookSeconds };
}

async function readActivity(store: Store): Promise<{ commits: number; connections: number }> {
  const { rows } = await store.database.pool.query<{ commits: number; connections: number }>(
    `select xact_commit::int as commits, numbackends as connections from pg_stat_database where datname = current_database()`,
  );
  return rows[0] ?? { commits: 0, connections: 0 };
}
