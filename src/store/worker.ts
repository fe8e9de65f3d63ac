import { sql } from 'kysely';

import type { Store } from './open-store.ts';

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
