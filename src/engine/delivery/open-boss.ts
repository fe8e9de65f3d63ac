import { CompiledQuery } from 'kysely';
import type { Db, PgBoss } from 'pg-boss';

import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import type { QueueDefinition } from '../delivery.ts';

/** Where pg-boss keeps its tables; its own migrations make them, ours never touch them. */
export const bossSchema = 'tminus_delivery';
/** Any fixed number that no other program takes: two starts must not migrate at once. */
const advisoryKey = '8390876194216';
/** Longest that pg-boss allows; how long a step may take is decided by whoever runs it. */
const expireSeconds = 24 * 3600;
/** A job waits as long as the launch does. Without this pg-boss drops what has waited for two weeks. */
const keepSeconds = 10 * 365 * 24 * 3600;

/** Timing of delivery, seconds. */
export interface DeliveryTimes {
  /** A worker that has been silent for so long is taken for dead; 10 is the least that pg-boss allows. */
  heartbeatSeconds: number;
  /** How long a handler may block the event loop before its process is taken for dead, too. */
  leaseSeconds: number;
  /** How often silence is looked for. */
  superviseSeconds: number;
  /** How often a worker asks for jobs when nobody has notified it. */
  pollSeconds: number;
  /** How often a worker looks whether it still holds its claims. */
  watchSeconds: number;
  /** How long a job that has ended is kept. */
  keepEndedSeconds: number;
  /** How long a worker keeps trying to write the end of a job while the database does not answer. */
  outlastSeconds: number;
}

export const defaultTimes: DeliveryTimes = {
  heartbeatSeconds: 10,
  leaseSeconds: 120,
  superviseSeconds: 1,
  pollSeconds: 1,
  watchSeconds: 1,
  keepEndedSeconds: 3600,
  outlastSeconds: 60,
};

/** Name of the queue in which dead letters of a queue lie. */
export function deadQueueName(queue: string): string {
  return `${queue}.dead`;
}

/** Returns pg-boss started on the database of the store, its schema and the queues made or brought up to date. */
export async function openBoss(
  store: Store,
  options: { queues: readonly QueueDefinition[]; times: DeliveryTimes; report: (error: unknown) => void },
): Promise<PgBoss> {
  const { queues, times, report } = options;
  // Loaded on first use: most commands hand nothing to the workers.
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    connectionString: store.database.url,
    application_name: 'tminus-delivery',
    schema: bossSchema,
    max: 4,
    schedule: false,
    useListenNotify: true,
    superviseIntervalSeconds: times.superviseSeconds,
    monitorIntervalSeconds: times.superviseSeconds,
  });
  // Without a listener a lost connection would end the process; pg-boss connects again by itself.
  boss.on('error', report);
  const client = await store.database.pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryKey]);
    await boss.start();
    for (const queue of queues) await ensureQueue(boss, queue, times);
    await client.query('select pg_advisory_unlock($1)', [advisoryKey]);
    client.release();
    return boss;
  } catch (error) {
    client.release(true);
    await boss.stop({ graceful: false }).catch(report);
    throw error;
  }
}

async function ensureQueue(boss: PgBoss, queue: QueueDefinition, times: DeliveryTimes): Promise<void> {
  // 0 stands for never: what has ended is removed by us, and a failed job keeps the further ones of its key back until a person has decided.
  const kept = { retentionSeconds: keepSeconds, deleteAfterSeconds: 0 };
  const deadLetter = deadQueueName(queue.name);
  await boss.createQueue(deadLetter, { policy: 'standard', ...kept });
  const options = {
    ...kept,
    deadLetter,
    notify: true,
    expireInSeconds: expireSeconds,
    heartbeatSeconds: times.heartbeatSeconds,
    retryLimit: queue.attempts - 1,
    // The pause after a failure is set where the failure is settled: a job whose worker died must not wait for it.
    retryDelay: 0,
    retryBackoff: false,
  };
  await boss.createQueue(queue.name, { policy: 'key_strict_fifo', ...options });
  await boss.updateQueue(queue.name, options);
}

/** Returns a transaction of the store in the form in which pg-boss takes one: its statements then stand or fall with ours. */
export function toBossDb(tx: StoreTransaction): { db: Db } {
  return {
    db: {
      async executeSql(text, values) {
        const { rows } = await tx.executeQuery(CompiledQuery.raw(text, values ?? []));
        return { rows: rows as object[] };
      },
    },
  };
}
