import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import type { PgBoss } from 'pg-boss';

import { toStoreError } from '../../store/database-error.ts';
import type { Store } from '../../store/open-store.ts';
import { runIn } from '../../store/transaction.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import type { Claim, Delivery, NewJob, NextJobs, QueueDefinition, Settlement, Workers } from '../delivery.ts';
import { closeClaims, readCurrentTokens, readSettled, removeEnded, wasSettled } from './claim-jobs.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createGather } from './gather.ts';
import { createHeldClaims } from './held-claims.ts';
import type { HeldClaims } from './held-claims.ts';
import { defaultTimes, openBoss, toBossDb } from './open-boss.ts';
import type { DeliveryTimes } from './open-boss.ts';
import { outlast } from './outlast.ts';
import { runWorkers } from './run-workers.ts';
import { sendJobs } from './send-jobs.ts';
import { handBackJob, settleJobs, settleWithWrites } from './settle-jobs.ts';

export interface DeliveryOptions {
  queues: readonly QueueDefinition[];
  times?: Partial<DeliveryTimes>;
  /** Jobs that a slot takes at once. */
  batch?: number;
  /** Told of trouble that delivery overcomes by itself, such as a lost connection. */
  report?: (error: unknown) => void;
}

interface Parts {
  store: Store;
  boss: PgBoss;
  held: HeldClaims;
  times: DeliveryTimes;
  report: (error: unknown) => void;
  findQueue: (name: string) => QueueDefinition;
}

/** Opens delivery by pg-boss on the database of a store; many processes may do so at once. */
export async function openDelivery(store: Store, options: DeliveryOptions): Promise<Delivery> {
  const { queues, batch = 2, report = () => undefined } = options;
  const times = { ...defaultTimes, ...options.times };
  const boss = await openBoss(store, { queues, times, report }).catch((error: unknown) => {
    throw toStoreError(error, 'delivery');
  });
  const held = createHeldClaims(store, times.watchSeconds);
  const findQueue = (name: string): QueueDefinition => {
    const queue = queues.find((one) => one.name === name);
    if (queue === undefined)
      throw new RangeError(`queue: expected one of ${queues.map((one) => one.name).join(', ')}, got ${name}`);
    return queue;
  };
  const parts = { store, boss, held, times, report, findQueue };
  const settleAndSend = createSettle(parts);
  const worker = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  const pools: Workers[] = [];
  const drain = async (): Promise<void> => {
    await Promise.all(pools.map((pool) => pool.drain()));
  };
  return {
    settleAndSend,
    drain,
    send: (jobs, { tx } = {}) => sendChecked(parts, jobs, tx),
    async work(queue, handler, { slots = 1 } = {}) {
      const context = { ...parts, worker, settle: (claim: Claim) => settleAndSend(claim, []) };
      const pool = await runWorkers(context, { queue: findQueue(queue), handler, slots, batch: Math.max(2, batch) });
      pools.push(pool);
      return pool;
    },
    confirm: async (tx, claim) => (await readCurrentTokens(tx, [claim], 'for share')).has(claim.token),
    cancel: (queue, jobs, { tx } = {}) => cancelJobs(parts, { queue, jobs }, tx),
    deadLetters: createDeadLetters(parts),
    stop: createStop(parts, queues, drain),
  };
}

function createSettle({ store, boss, held, times }: Parts): Delivery['settleAndSend'] {
  const gathers = new Map<string, (ending: { claim: Claim; next: readonly NewJob[] }) => Promise<Settlement>>();
  const gather = (queue: string) => {
    const known = gathers.get(queue) ?? createGather((endings) => settleJobs({ store, boss }, endings));
    gathers.set(queue, known);
    return known;
  };
  return async (claim: Claim, next: NextJobs) => {
    const settled = await outlast(times.outlastSeconds, async (unsure) => {
      const answer =
        typeof next === 'function'
          ? await settleWithWrites({ store, boss }, claim, next)
          : await gather(claim.queue)({ claim, next });
      // The answer to the first run was lost; what became of it stands with the claim.
      return answer === 'stale' && unsure && (await wasSettled(store, claim)) ? 'settled' : answer;
    });
    held.settle(claim);
    return settled;
  };
}

async function sendChecked(
  { store, boss, findQueue }: Parts,
  jobs: readonly NewJob[],
  tx: StoreTransaction | undefined,
): Promise<string[]> {
  for (const { queue } of jobs) findQueue(queue);
  if (jobs.length === 0) return [];
  return runIn(store, tx, (open) => sendJobs(boss, jobs, open));
}

async function cancelJobs(
  { store, boss }: Parts,
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

function createStop(parts: Parts, queues: readonly QueueDefinition[], drain: () => Promise<void>): Delivery['stop'] {
  const { store, boss, held, times, report } = parts;
  const names = queues.flatMap(({ name }) => [name, `${name}.dead`]);
  const remove = () => removeEnded({ store, boss }, names, times.keepEndedSeconds).catch(report);
  const sweep = setInterval(() => void remove(), 60_000);
  sweep.unref();
  let stopping: Promise<void> | null = null;
  const stop = async (graceSeconds: number): Promise<void> => {
    clearInterval(sweep);
    const timer = new AbortController();
    const waited = pause(graceSeconds * 1000, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([drain(), waited]);
    timer.abort();
    const left = held.list();
    // Handed back before the handlers hear of it: one that returns at once would otherwise be noted as failed.
    await Promise.all(left.map((claim) => handBackJob({ store, boss }, claim).catch(report)));
    held.abandon('the worker is stopping and has handed the job back');
    held.stop();
    await boss.stop({ graceful: left.length === 0, timeout: 1000 });
  };
  return ({ graceSeconds = 30 } = {}) => (stopping ??= stop(graceSeconds));
}
