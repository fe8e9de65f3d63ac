import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import type { PgBoss } from 'pg-boss';

import { toStoreError } from '../../store/database-error.ts';
import type { Store } from '../../store/open-store.ts';
import { runIn } from '../../store/transaction.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import type { Claim, Delivery, NewJob, QueueDefinition, Workers } from '../delivery.ts';
import { createChanges } from './change-jobs.ts';
import { readCurrentTokens, removeEnded } from './claim-jobs.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createEnds } from './end-jobs.ts';
import { createHeldClaims } from './held-claims.ts';
import type { HeldClaims } from './held-claims.ts';
import { defaultTimes, openBoss } from './open-boss.ts';
import type { DeliveryTimes } from './open-boss.ts';
import { readDeliveryHealth } from './read-health.ts';
import { runWorkers } from './run-workers.ts';
import { sendJobs } from './send-jobs.ts';
import { handBackJob } from './settle-jobs.ts';
import { startBeat } from './start-beat.ts';
import type { Beat } from './start-beat.ts';

export interface DeliveryOptions {
  queues: readonly QueueDefinition[];
  times?: Partial<DeliveryTimes>;
  /** Jobs that a slot takes at once. */
  batch?: number;
  /** Takes secrets and personal data out of what is kept of failures, and of what people give as reasons. */
  mask?: (text: string) => string;
  /** Told of trouble that delivery overcomes by itself, such as a lost connection. */
  report?: (error: unknown) => void;
}

interface Parts {
  store: Store;
  boss: PgBoss;
  held: HeldClaims;
  times: DeliveryTimes;
  mask: (text: string) => string;
  report: (error: unknown) => void;
  findQueue: (name: string) => QueueDefinition;
}

/** Opens delivery by pg-boss on the database of a store; many processes may do so at once. */
export async function openDelivery(store: Store, options: DeliveryOptions): Promise<Delivery> {
  const parts = await openParts(store, options);
  const { findQueue } = parts;
  const pools: Workers[] = [];
  const drain = async (): Promise<void> => {
    await Promise.all(pools.map((pool) => pool.drain()));
  };
  const beat = createLazyBeat(parts);
  const ends = createEnds(parts);
  const worker = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  return {
    ...ends,
    drain,
    send: (jobs, { tx } = {}) => sendChecked(parts, jobs, tx),
    async work(queue, handler, { slots = 1 } = {}) {
      const context = {
        ...parts,
        worker,
        beat: beat.start(),
        settle: (claim: Claim) => ends.settleAndSend(claim, []),
      };
      const batch = Math.max(2, options.batch ?? 2);
      const pool = await runWorkers(context, { queue: findQueue(queue), handler, slots, batch });
      pools.push(pool);
      return pool;
    },
    confirm: async (tx, claim) => (await readCurrentTokens(tx, [claim], 'for share')).has(claim.token),
    confirmMany: (tx, claims) => readCurrentTokens(tx, claims, 'for share'),
    ...createChanges(parts),
    deadLetters: createDeadLetters(parts),
    health: () =>
      readDeliveryHealth(
        store,
        options.queues.map(({ name }) => name),
      ),
    stop: createStop(parts, options.queues, { drain, stopBeat: () => beat.stop() }),
  };
}

async function openParts(store: Store, options: DeliveryOptions): Promise<Parts> {
  const { queues, mask = (text: string) => text, report = () => undefined } = options;
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
  return { store, boss, held, times, mask: toSafeMask(mask), report, findQueue };
}

/** A process that only sends has no claims and needs no thread. */
function createLazyBeat({ store, held, times, report }: Parts): { start(): Beat; stop(): Promise<void> } {
  const { leaseSeconds, heartbeatSeconds } = times;
  const settings = { url: store.database.url, leaseSeconds, beatSeconds: heartbeatSeconds / 4 };
  let beat: Beat | null = null;
  return {
    start: () => (beat ??= startBeat(settings, { list: () => held.list(), report })),
    stop: async () => beat?.stop(),
  };
}

/** What could not be masked is not kept. */
function toSafeMask(mask: (text: string) => string): (text: string) => string {
  return (text) => {
    try {
      return mask(text);
    } catch {
      return 'withheld: it could not be masked';
    }
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

function createStop(
  parts: Parts,
  queues: readonly QueueDefinition[],
  { drain, stopBeat }: { drain: () => Promise<void>; stopBeat: () => Promise<void> },
): Delivery['stop'] {
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
    await Promise.all(
      left.map((claim) => handBackJob({ store, boss }, claim, { afterSeconds: 0, begun: true }).catch(report)),
    );
    held.abandon('the worker is stopping and has handed the job back');
    held.stop();
    await stopBeat();
    await boss.stop({ graceful: left.length === 0, timeout: 1000 });
  };
  return ({ graceSeconds = 30 } = {}) => (stopping ??= stop(graceSeconds));
}
