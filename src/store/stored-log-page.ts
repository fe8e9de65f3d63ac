import { sha256Hex } from '@tminus/verify';
import type { LogEntry } from '@tminus/verify';

import { isDamage, toStoreError } from './database-error.ts';
import { describe } from './log-batch.ts';
import type { Store } from './open-store.ts';
import type { LogEntryRow } from './tables.ts';

/** The first thing of a log that does not hold; a null index means that it is no entry, but the head or a checkpoint. */
export interface BrokenLog {
  state: 'broken';
  index: number | null;
  reason: string;
}

/** Entries that are read at once. */
export const pageSize = 2000;

/** Returns the entries from index `from` on, one page of them. */
export function readPage(store: Store, log: string, from: number): Promise<LogEntryRow[]> {
  return selectRange(store, log, from, from + pageSize);
}

async function selectRange(store: Store, log: string, from: number, to: number): Promise<LogEntryRow[]> {
  return store.tables
    .selectFrom('log_entry')
    .selectAll()
    .where('log', '=', log)
    .where('index', '>=', String(from))
    .where('index', '<', String(to))
    .orderBy('index')
    .execute();
}

/** Returns the first entry behind `from` that the server refuses to read, where it is known that a database page is damaged there. */
export async function findUnreadable(store: Store, log: string, from: number): Promise<BrokenLog> {
  for (let index = from; index < from + pageSize; index += 1) {
    try {
      await selectRange(store, log, index, index + 1);
    } catch (error) {
      if (!isDamage(error)) throw toStoreError(error, 'entries of the log');
      return {
        state: 'broken',
        index,
        reason: `entry ${index}: expected a whole database page, got "${(error as Error).message}"`,
      };
    }
  }
  return {
    state: 'broken',
    index: null,
    reason: `entries from ${from} on: expected whole database pages, got a damaged one`,
  };
}

/** Returns the first entry of a page whose bytes are gone, or no longer have their digest; null where all are there. */
export async function findMissingBytes(
  store: Store,
  rows: readonly LogEntryRow[],
  from: number,
): Promise<BrokenLog | null> {
  const sources = rows.map((row) => (row.kind === 'evidence' ? readSources(row.body) : []));
  const whole = await readWholeBlobs(store, [...new Set(sources.flat())]);
  const at = sources.findIndex((digests) => digests.some((digest) => !whole.has(digest)));
  if (at < 0) return null;
  const digest = sources[at]?.find((one) => !whole.has(one));
  return {
    state: 'broken',
    index: from + at,
    reason: `entry ${from + at}: expected the bytes ${digest} of its source, got none with that digest`,
  };
}

function readSources(body: Buffer): string[] {
  try {
    return describe(JSON.parse(body.toString('utf8')) as LogEntry).sources;
  } catch {
    // A body that cannot be read is named by its digest when its turn comes.
    return [];
  }
}

async function readWholeBlobs(store: Store, digests: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  const step = 50;
  for (let from = 0; from < digests.length; from += step) {
    const wanted = digests.slice(from, from + step).map((digest) => Buffer.from(digest, 'hex'));
    const rows = await store.tables
      .selectFrom('blob')
      .select(['sha256', 'bytes'])
      .where('sha256', 'in', wanted)
      .execute();
    for (const row of rows)
      if (sha256Hex(row.bytes) === row.sha256.toString('hex')) found.add(row.sha256.toString('hex'));
  }
  return found;
}
