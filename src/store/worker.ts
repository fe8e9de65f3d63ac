import { sql } from 'kysely';

import type { Store } from './open-store.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';

/** A process that carries out steps, as it says of itself. */
export interface WorkerNote {
  id: string;
  host: string;
  pid: number;
  version: string;
  /** Checkouts that it has, `launch@plan-hash`. */
  launches: readonly string[];
  slots: number;
  state: 'working' | 'draining' | 'gone';
}

/** A worker as it stands in the store. */
export interface StoredWorker extends WorkerNote {
  startedAt: Date;
  /** Milliseconds since it was heard of, by the database's clock. */
  silentMs: number;
}

/** Notes that a worker is there. Only told to people and monitoring; who may write is decided by claims. */
export async function noteWorker(store: Store, { launches, ...note }: WorkerNote): Promise<void> {
  const row = { ...note, launches: [...launches] };
  await store.tables
    .insertInto('worker')
    .values(row)
    .onConflict((clash) =>
      clash.column('id').doUpdateSet({
        launches: row.launches,
        slots: row.slots,
        state: row.state,
        seen_at: sql<Date>`clock_timestamp()`,
      }),
    )
    .execute();
}

/** Returns the workers that were heard of within the last day and are not gone, the newest first. */
export async function listWorkers(store: Store): Promise<StoredWorker[]> {
  const rows = await store.tables
    .selectFrom('worker')
    .select(['id', 'host', 'pid', 'version', 'launches', 'slots', 'state', 'started_at'])
    .select(sql<number>`(extract(epoch from clock_timestamp() - seen_at) * 1000)::float8`.as('silent_ms'))
    .where('state', '<>', 'gone')
    .where('seen_at', '>', sql<Date>`clock_timestamp() - interval '1 day'`)
    .orderBy('started_at', 'desc')
    .execute();
  return rows.map(({ started_at, silent_ms, ...row }) => ({ ...row, startedAt: started_at, silentMs: silent_ms }));
}

/** What a person wants of a worker. */
export interface WorkerWish {
  worker: string;
  /** Steps at once; null leaves them as they are. */
  slots: number | null;
  /** Whether it takes nothing new. */
  drain: boolean;
  person: string;
  reason: string;
}

/** A wish as it stands in the store; `id` rises from wish to wish. */
export interface StoredWish extends WorkerWish {
  id: string;
  at: Date;
}

/** Lets one wish about a worker be written at a time, until the transaction ends. */
export async function lockWishes(tx: StoreTransaction, worker: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`tminus wish ${worker}`}, 0))`.execute(tx);
}

/** Returns the newest wish about each of these workers. */
export async function readWishes(
  store: Store,
  workers: readonly string[],
  tx?: StoreTransaction,
): Promise<Map<string, StoredWish>> {
  if (workers.length === 0) return new Map();
  const rows = await pickTables(store, tx)
    .selectFrom('worker_wish')
    .selectAll()
    .distinctOn('worker')
    .where('worker', 'in', [...workers])
    .orderBy('worker')
    .orderBy('id', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.worker, row]));
}

/** Writes what a person wants of a worker from now on. */
export async function insertWish(tx: StoreTransaction, wish: WorkerWish): Promise<void> {
  await tx.insertInto('worker_wish').values(wish).execute();
}

/** A job under way, and the process that has it. */
export interface JobUnderWay {
  host: string;
  pid: number;
  queue: string;
  /** Row in which it stands: the run, for steps and chores. */
  key: string;
  data: { [name: string]: unknown };
  claimedAt: Date;
}

/** Returns the jobs that processes are carrying out now, the oldest claim first. */
export async function listJobsUnderWay(store: Store, queues: readonly string[]): Promise<JobUnderWay[]> {
  const { rows } = await sql<{ worker: string } & Omit<JobUnderWay, 'host' | 'pid'>>`
    select held.worker, held.queue, coalesce(job.singleton_key, '') as key, job.data, held.claimed_at as "claimedAt"
      from tminus.job_claim as held
      join tminus_delivery.job as job on job.name = held.queue and job.id = held.job and job.state = 'active'
      where held.settled_at is null and held.queue = any (${[...queues]}::text[])
      order by held.claimed_at, held.job`.execute(store.tables);
  return rows.map(({ worker, ...row }) => {
    const [host = '', pid = ''] = worker.split('/');
    return { ...row, host, pid: Number(pid) };
  });
}
