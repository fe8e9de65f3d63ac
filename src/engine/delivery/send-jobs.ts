import { randomUUID } from 'node:crypto';

import type { PgBoss } from 'pg-boss';

import type { StoreTransaction } from '../../store/transaction.ts';
import type { NewJob } from '../delivery.ts';
import { toBossDb } from './open-boss.ts';
import { failpoint } from '../../store/failpoint.ts';

/** Sends jobs when `tx` commits and returns the ids of those that were new. */
export async function sendJobs(boss: PgBoss, jobs: readonly NewJob[], tx: StoreTransaction): Promise<string[]> {
  // Jobs of one statement share their time of creation, and pg-boss then goes by id: sorted ids keep the order of sending.
  const ids = jobs.map(() => randomUUID() as string).toSorted();
  const byQueue = Map.groupBy(
    jobs.map((job, place) => ({ job, id: job.id ?? (ids[place] as string) })),
    ({ job }) => job.queue,
  );
  const sent: string[] = [];
  failpoint('send.before');
  for (const [queue, items] of byQueue) {
    const rows = items.map(({ job, id }) => ({
      id,
      data: job.data,
      singletonKey: job.key,
      priority: toBossPriority(job.priority ?? 5),
      ...(job.afterSeconds === undefined ? {} : { startAfter: `${job.afterSeconds} seconds` }),
    }));
    sent.push(...((await boss.insert(queue, rows, { returnId: true, ...toBossDb(tx) })) ?? []));
  }
  failpoint('send.after');
  return sent;
}

/** pg-boss takes the greatest first; people count from 1. */
function toBossPriority(priority: number): number {
  if (!Number.isInteger(priority) || priority < 1 || priority > 10)
    throw new RangeError(`priority of a job: expected a whole number from 1 to 10, got ${priority}`);
  return 10 - priority;
}
