import { sql } from 'kysely';
import type { PgBoss } from 'pg-boss';

import type { Store } from '../../store/open-store.ts';
import { runIn } from '../../store/transaction.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import type { Delivery, QueueDefinition } from '../delivery.ts';
import { closeClaims, readSettled } from './claim-jobs.ts';
import { toBossDb } from './open-boss.ts';

interface ChangeContext {
  store: Store;
  boss: PgBoss;
  findQueue: (name: string) => QueueDefinition;
}

/** Returns the ways to change jobs that somebody else waits for or works on. */
export function createChanges(
  context: ChangeContext,
): Pick<Delivery, 'cancel' | 'cancelKey' | 'cancelQueue' | 'reschedule'> {
  const { findQueue } = context;
  return {
    cancel: (queue, jobs, { tx } = {}) => cancelJobs(context, { queue, jobs }, tx),
    cancelKey: (queue, key, { tx } = {}) => cancelWhere(context, { queue: findQueue(queue).name, key }, tx),
    cancelQueue: (queue, { tx } = {}) => cancelWhere(context, { queue: findQueue(queue).name, key: null }, tx),
    reschedule: (queue, jobs, { afterSeconds, tx }) => rescheduleJobs(context, { queue, jobs, afterSeconds }, tx),
  };
}

/** Cancels jobs that have not ended, and takes the right to write from whoever has them; returns how many there were. */
async function cancelJobs(
  { store, boss }: ChangeContext,
  { queue, jobs }: { queue: string; jobs: readonly string[] },
  tx: StoreTransaction | undefined,
): Promise<number> {
  if (jobs.length === 0) return 0;
  return runIn(store, tx, async (open) => {
    const cancelled = [...readSettled(await boss.cancel(queue, [...jobs], toBossDb(open)))];
    await closeClaims(open, { queue, jobs: cancelled, outcome: 'cancelled' });
    return cancelled.length;
  });
}

/** Cancels the jobs of one key, or all of a queue where `key` is null, that have not ended. pg-boss has no cancel by anything but id. */
async function cancelWhere(
  context: ChangeContext,
  { queue, key }: { queue: string; key: string | null },
  tx: StoreTransaction | undefined,
): Promise<number> {
  return runIn(context.store, tx, async (open) => {
    const { rows } = await sql<{ id: string }>`
      select id from tminus_delivery.job
        where name = ${queue} and (${key}::text is null or singleton_key = ${key}) and state < 'completed' order by id`.execute(
      open,
    );
    const jobs = rows.map(({ id }) => id);
    return cancelJobs(context, { queue, jobs }, open);
  });
}

/** Moves jobs that wait to so many seconds from now and returns how many were; wakes the workers for those that may begin at once. */
async function rescheduleJobs(
  { store, boss }: ChangeContext,
  { queue, jobs, afterSeconds }: { queue: string; jobs: readonly string[]; afterSeconds: number },
  tx: StoreTransaction | undefined,
): Promise<number> {
  return runIn(store, tx, async (open) => {
    let moved = 0;
    // In one order, so that two callers with crossed sets do not wait for each other.
    for (const id of jobs.toSorted()) {
      const answer = await boss.update(queue, undefined, {
        id,
        startAfter: `${afterSeconds} seconds`,
        ...toBossDb(open),
      });
      moved += answer.updated;
    }
    return moved;
  });
}
