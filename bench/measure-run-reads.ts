import { randomUUID } from 'node:crypto';

import { createProgressReader } from '../src/engine/runs/progress-reader.ts';
import { readRunView } from '../src/engine/runs/read-run-view.ts';
import { appendEvents, readCursor } from '../src/store/event.ts';
import type { NewEvent } from '../src/store/event.ts';
import type { Store } from '../src/store/open-store.ts';
import { benchPlan, noopStep, openRuns } from './open-runs.ts';
import { runSideBySide } from './side-by-side.ts';

export interface ReadSample {
  progressPerSecond: number;
  viewsPerSecond: number;
}

/** Reads the progress of 64 runs by 64 askers, while every hundredth reading follows a new event of the run it asks for. */
export async function measureReads(store: Store, rounds: number): Promise<ReadSample[]> {
  const engine = await openRuns(store, { batch: 2 });
  const steps = Array.from({ length: 20 }, (_, place) =>
    noopStep(`step-${place}`, { needs: place === 0 ? [] : [`step-${place - 1}`] }),
  );
  const ids: string[] = [];
  for (let nr = 0; nr < 64; nr += 1) ids.push(await engine.create(benchPlan(steps)));
  const samples: ReadSample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const reader = createProgressReader(store);
    const progressPerSecond = await count(4000, async (nr) => {
      const id = ids[nr % 64] ?? '';
      if (nr % 100 === 99) await engine.advancer.advance({ run: id, input: toggle(nr) });
      const progress = await reader.read(id);
      if (progress?.total !== 20) throw new Error(`progress: expected 20 steps, got ${progress?.total}`);
    });
    const viewsPerSecond = await count(400, (nr) => readRunView(store, ids[nr % 64] ?? ''));
    samples.push({ progressPerSecond, viewsPerSecond });
  }
  await engine.close({ graceSeconds: 5 });
  return samples;
}

/** A hold of one step, put on under a new name each time: an event that changes little. */
export function toggle(nr: number) {
  const hold = {
    id: `hold-${nr}-${randomUUID().slice(0, 8)}`,
    scope: 'step',
    subject: 'step-1',
    mode: 'boundary',
    count: 'runs',
  } as const;
  return { kind: 'hold', hold, by: { person: 'dave', role: 'lead' }, reason: 'measured' } as const;
}

export interface AppendSample {
  perSecond: number;
  /** The same rows into the same table by as many writers, numbered by a sequence: with gaps, and nobody waits for the head. */
  limitPerSecond: number;
}

const writers = 8;
/** Events of one transaction: what the writer of runs gathers under load. */
const batch = 50;
const batches = 200;

/** Appends events by several writers at once, and looks for gaps afterwards. */
export async function measureAppends(store: Store, rounds: number): Promise<AppendSample[]> {
  const samples: AppendSample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const perSecond = await appendGapless(store);
    samples.push({ perSecond, limitPerSecond: await appendUnordered(store, round) });
  }
  return samples;
}

async function appendGapless(store: Store): Promise<number> {
  const first = await readCursor(store);
  const perSecond = await count(
    batches,
    (nr) => store.tables.transaction().execute((tx) => appendEvents(tx, eventsOf(nr))),
    writers,
  );
  const { rows } = await store.database.pool.query<{ events: number; span: number }>(
    'select count(*)::int as events, (max(cursor) - min(cursor) + 1)::int as span from tminus.event where cursor > $1 and cursor < $2',
    [first, unordered],
  );
  const { events, span } = rows[0] ?? { events: 0, span: 0 };
  if (events !== batches * batch || span !== events || (await readCursor(store)) !== first + events)
    throw new Error(`events: expected ${batches * batch} without a gap, got ${events} over ${span} cursors`);
  return perSecond * batch;
}

/** Far above every cursor that is given out. */
const unordered = 1_000_000_000_000;

async function appendUnordered(store: Store, round: number): Promise<number> {
  await store.database.pool.query(`create sequence if not exists bench_cursor start ${unordered}`);
  const perSecond = await count(
    batches,
    (nr) => {
      const events = eventsOf(nr + (round + 1) * 1_000_000);
      return store.database.pool.query(
        `insert into tminus.event (cursor, run, number, type, at, body)
          select nextval('bench_cursor'), t.run, t.number, t.type, to_timestamp(t.at / 1000.0), t.body
            from unnest($1::text[], $2::bigint[], $3::text[], $4::float8[], $5::jsonb[]) as t (run, number, type, at, body)`,
        [
          events.map(({ run }) => run),
          events.map(({ number }) => number),
          events.map(({ type }) => type),
          events.map(({ atMs }) => atMs),
          events.map(({ body }) => JSON.stringify(body)),
        ],
      );
    },
    writers,
  );
  return perSecond * batch;
}

function eventsOf(nr: number): NewEvent[] {
  const run = `events-${nr}-${randomUUID()}`;
  return Array.from({ length: batch }, (_, place) => ({
    run,
    number: place + 1,
    type: 'step.running',
    atMs: 1_800_000_000_000 + place,
    body: { kind: 'step_moved', step: `step-${place}`, move: 'begin', atMs: 1_800_000_000_000 + place },
  }));
}

async function count(calls: number, work: (nr: number) => Promise<unknown>, atOnce = 64): Promise<number> {
  const before = performance.now();
  await runSideBySide(calls, atOnce, work);
  return calls / ((performance.now() - before) / 1000);
}

export interface AdvanceSample {
  perSecond: number;
  /** CPU of this process for each. */
  cpuMs: number;
}

/** Decides one input after the other for so many runs side by side. */
export async function measureAdvances(store: Store, runs: number, inputs: number): Promise<AdvanceSample> {
  const engine = await openRuns(store, { batch: 2 });
  const ids: string[] = [];
  const plan = benchPlan(Array.from({ length: 20 }, (_, place) => noopStep(`step-${place}`)));
  for (let nr = 0; nr < runs; nr += 1) ids.push(await engine.create(plan));
  const cpu = process.cpuUsage();
  const perSecond = await count(
    inputs,
    async (nr) => {
      const hold = toggle(nr);
      const run = ids[nr % runs] ?? '';
      const put = await engine.advancer.advance({ run, input: hold });
      if (put.state !== 'decided')
        throw new Error(`hold of ${run}: expected it to be decided, got ${JSON.stringify(put)}`);
      const { by, reason } = hold;
      await engine.advancer.advance({ run, input: { kind: 'release', hold: hold.hold.id, by, reason } });
    },
    runs,
  );
  const { user, system } = process.cpuUsage(cpu);
  await engine.close({ graceSeconds: 5 });
  return { perSecond: perSecond * 2, cpuMs: (user + system) / 1000 / inputs / 2 };
}
