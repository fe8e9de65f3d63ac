import { ProductError } from '../core/error/product-error.ts';
import type { AppendedEntry } from './append-batch.ts';
import { isLostConnection, toStoreError } from './database-error.ts';
import { assertBlobs, landEntries } from './evidence-log.ts';
import { openLog } from './log.ts';
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

interface Lane {
  queue: Pending[];
  log: Log | null;
  head: LogHead | null;
  running: Promise<void> | null;
}

const defaultLimits: AppenderLimits = { entries: 512, bytes: 32_000_000 };

/**
 * Returns an appender over a store. While one transaction is on its way to the disk, the next gathers; nobody waits for a timer.
 * An entry that cannot be stored fails alone: its batch is then taken one by one.
 */
export function createAppender(store: Store, limits: AppenderLimits = defaultLimits): Appender {
  const lanes = new Map<string, Lane>();
  let closed = false;
  const laneOf = (launch: string): Lane => {
    const lane = lanes.get(launch) ?? { queue: [], log: null, head: null, running: null };
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
      });
    },
    async close() {
      closed = true;
      await Promise.all([...lanes.values()].map((lane) => lane.running));
    },
  };
}

function weigh(entry: PreparedEntry): number {
  return [...entry.blobs.values()].reduce((sum, bytes) => sum + bytes.length, entry.body.length);
}

async function drain(store: Store, launch: string, lane: Lane, limits: AppenderLimits): Promise<void> {
  // One turn of the event loop: callers that were woken together travel together.
  await new Promise((resolve) => setImmediate(resolve));
  while (lane.queue.length > 0) {
    await settleBatch(store, launch, lane, takeBatch(lane, limits));
    await new Promise((resolve) => setImmediate(resolve));
  }
  lane.running = null;
}

function takeBatch(lane: Lane, limits: AppenderLimits): Pending[] {
  let count = 0;
  for (let bytes = 0; count < lane.queue.length && count < limits.entries; count += 1) {
    bytes += (lane.queue[count] as Pending).bytes;
    if (count > 0 && bytes > limits.bytes) break;
  }
  return lane.queue.splice(0, count);
}

async function settleBatch(store: Store, launch: string, lane: Lane, batch: readonly Pending[]): Promise<void> {
  try {
    const entries = batch.map((one) => one.prepared);
    await assertBlobs(store, entries);
    lane.log ??= await openLog(store, launch);
    const landed = await landEntries(store, lane.log, entries, lane.head);
    lane.head = landed.head;
    for (const [at, one] of batch.entries()) one.resolve(landed.entries[at] as AppendedEntry);
  } catch (error) {
    lane.head = null;
    if (batch.length === 1 || isLostConnection(error)) {
      for (const one of batch) one.reject(toStoreError(error, `log of ${launch}`));
      return;
    }
    for (const one of batch) await settleBatch(store, launch, lane, [one]);
  }
}
