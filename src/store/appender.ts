import { ProductError } from '../core/error/product-error.ts';
import { planBatch } from './append-batch.ts';
import type { AppendedEntry, BatchPlan } from './append-batch.ts';
import { isLostConnection, toStoreError } from './database-error.ts';
import { assertBlobs, landEntries, untilAnswered } from './evidence-log.ts';
import { openLog, readLogHead } from './log.ts';
import type { Log, LogHead } from './log.ts';
import { prepareEntry } from './log-batch.ts';
import type { NewEntry, PreparedEntry } from './log-batch.ts';
import type { Store } from './open-store.ts';

/** Takes entries from many callers and commits them together. */
export interface Appender {
  /** Returns where the entry stands once it is on disk; entries of one launch are placed in the order of the calls. */
  append(launch: string, item: NewEntry): Promise<AppendedEntry>;
  /** Refuses further entries and returns when those under way have settled. */
  close(): Promise<void>;
}

export interface AppenderLimits {
  /** Entries in one transaction at most. */
  entries: number;
  /** Bytes of bodies and sources in one transaction at most; a single larger entry travels alone. */
  bytes: number;
}

interface Pending {
  prepared: PreparedEntry;
  bytes: number;
  resolve: (place: AppendedEntry) => void;
  reject: (error: unknown) => void;
}

interface Batch {
  callers: Pending[];
  /** Worked out ahead of its turn, or null. */
  plan: BatchPlan | null;
}

interface Lane {
  queue: Pending[];
  log: Log | null;
  /** Where the log stands; null where that has to be read. */
  head: LogHead | null;
  /** What is on the wire: how many callers, and the head that it will leave if all goes well. */
  flight: { count: number; head: LogHead } | null;
  /** The batch after that one, ready to be sent. */
  ahead: Batch | null;
  running: Promise<void> | null;
}

const smallestHalf = 16;
const defaultLimits: AppenderLimits = { entries: 512, bytes: 32_000_000 };

/**
 * Returns an appender over a store. While one transaction is on its way to the disk, the next gathers; nobody waits for a timer.
 * An entry that cannot be stored fails alone: its batch is then taken one by one.
 */
export function createAppender(store: Store, limits: AppenderLimits = defaultLimits): Appender {
  const lanes = new Map<string, Lane>();
  let closed = false;
  const laneOf = (launch: string): Lane => {
    const lane = lanes.get(launch) ?? {
      queue: [],
      log: null,
      head: null,
      flight: null,
      ahead: null,
      running: null,
    };
    lanes.set(launch, lane);
    return lane;
  };
  return {
    async append(launch, item) {
      if (closed)
        throw new ProductError('store_unavailable', `log of ${launch}: expected an open appender, got a closed one`, {
          hint: 'start the command again',
        });
      const prepared = prepareEntry(launch, item);
      const lane = laneOf(launch);
      return new Promise((resolve, reject) => {
        lane.queue.push({ prepared, bytes: weigh(prepared), resolve, reject });
        lane.running ??= drain(store, launch, lane, limits);
        lookAhead(lane, limits);
      });
    },
    async close() {
      closed = true;
      for (const lane of lanes.values()) await lane.running;
    },
  };
}

function weigh(entry: PreparedEntry): number {
  return [...entry.blobs.values()].reduce((sum, bytes) => sum + bytes.length, entry.body.length);
}

/** Puts batches on their way until nothing is queued. The callers of one batch are told while the next is already being written. */
async function drain(store: Store, launch: string, lane: Lane, limits: AppenderLimits): Promise<void> {
  let tell = nothing;
  let told = 0;
  for (await nextTurn(); lane.queue.length > 0 || lane.ahead !== null;) {
    const batch = lane.ahead ?? { callers: takeHalf(lane, told, limits), plan: null };
    lane.ahead = null;
    const landing = landBatch(store, launch, lane, batch);
    // The statement has to be on the wire before the callers run: what they compute next then costs no time of the database.
    await nextTurn();
    tell();
    tell = await landing;
    told = batch.callers.length;
    if (lane.queue.length > 0 || lane.ahead !== null) continue;
    tell();
    tell = nothing;
    told = 0;
    await nextTurn();
  }
  lane.running = null;
}

/** Works the next batch out while one is on the wire, as soon as as many callers wait as that one carries. */
function lookAhead(lane: Lane, limits: AppenderLimits): void {
  const { flight, log } = lane;
  if (flight === null || log === null || lane.ahead !== null) return;
  if (lane.queue.length < Math.max(smallestHalf, flight.count)) return;
  const callers = takeHalf(lane, flight.count, limits);
  lane.ahead = { callers, plan: planDistinct(log, flight.head, callers) };
}

/** The plan of a batch, or null where an entry is in it twice: sorting that out is the way of `landEntries`. */
function planDistinct(log: Log, head: LogHead, callers: readonly Pending[]): BatchPlan | null {
  const entries = callers.map((one) => one.prepared);
  return new Set(entries.map((entry) => entry.id)).size === entries.length ? planBatch(log, head, entries) : null;
}

const nothing = (): void => undefined;

/** One turn of the event loop: callers that were woken together are queued together. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Takes half of those who wait or are about to be told, so that one half can work while the other is written; never fewer than `smallestHalf`,
 * below which a commit costs more than it hides.
 */
function takeHalf(lane: Lane, told: number, limits: AppenderLimits): Pending[] {
  const most = Math.min(limits.entries, Math.max(smallestHalf, Math.ceil((lane.queue.length + told) / 2)));
  let count = 0;
  for (let bytes = 0; count < lane.queue.length && count < most; count += 1) {
    bytes += (lane.queue[count] as Pending).bytes;
    if (count > 0 && bytes > limits.bytes) break;
  }
  return lane.queue.splice(0, count);
}

/** Returns, once the outcome of a batch is certain, what tells its callers. */
async function landBatch(store: Store, launch: string, lane: Lane, batch: Batch): Promise<() => void> {
  const { callers } = batch;
  try {
    const entries = callers.map((one) => one.prepared);
    await assertBlobs(store, entries);
    const log = (lane.log ??= await untilAnswered(store, () => openLog(store, launch)));
    const head = (lane.head ??= await untilAnswered(store, () => readLogHead(store, log)));
    const plan = batch.plan?.from === head ? batch.plan : planDistinct(log, head, callers);
    if (plan !== null) lane.flight = { count: callers.length, head: plan.head };
    const landed = await landEntries(store, log, entries, plan);
    lane.head = landed.head;
    return () => callers.forEach((one, at) => one.resolve(landed.entries[at] as AppendedEntry));
  } catch (error) {
    lane.head = null;
    if (callers.length === 1 || isLostConnection(error))
      return () => callers.forEach((one) => one.reject(toStoreError(error, `log of ${launch}`)));
    const single: (() => void)[] = [];
    for (const one of callers) single.push(await landBatch(store, launch, lane, { callers: [one], plan: null }));
    return () => single.forEach((tell) => tell());
  } finally {
    lane.flight = null;
  }
}
