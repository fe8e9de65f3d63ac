import { setTimeout as pause } from 'node:timers/promises';

import { leafHash, parseLogVerifier, proveInclusion, verifyCheckpoint } from '@tminus/verify';
import type { LogEntry } from '@tminus/verify';

import { ProductError } from '../core/error/product-error.ts';
import { appendBatch, planBatch } from './append-batch.ts';
import type { AppendedEntry, BatchPlan, StoredCheckpoint } from './append-batch.ts';
import { hasBlobs } from './blob.ts';
import { isLostConnection, readErrorCode, toStoreError } from './database-error.ts';
import { openLog, readLog, readLogHead } from './log.ts';
import type { Log, LogHead } from './log.ts';
import { prepareEntry } from './log-batch.ts';
import type { NewEntry, PreparedEntry } from './log-batch.ts';
import type { Store } from './open-store.ts';

/** An entry as it is read back, its bytes exactly as they were hashed. */
export interface StoredEntry {
  index: number;
  id: string;
  kind: string;
  body: string;
  entry: LogEntry;
}

/** Pauses of 10, 20, 40 ... 500 ms: ten seconds in all for a server to come back before the outcome is given up as unknown. */
const attempts = 25;
const longestPauseMs = 500;

/**
 * Appends entries to the log of a launch with their bytes, all or none, and returns where each stands, in the order given.
 * An entry that is in the log already is not added again: its place is returned. So anything may be handed in again after any error.
 */
export async function appendEntries(
  store: Store,
  launch: string,
  items: readonly NewEntry[],
): Promise<AppendedEntry[]> {
  if (items.length === 0) return [];
  const prepared = items.map((item) => prepareEntry(launch, item));
  try {
    await assertBlobs(store, prepared);
    const log = await untilAnswered(store, () => openLog(store, launch));
    return (await landEntries(store, log, prepared)).entries;
  } catch (error) {
    throw toStoreError(error, `log of ${launch}`);
  }
}

/** Throws for the first entry that speaks about bytes which neither come along nor are stored: evidence keeps its bytes. */
export async function assertBlobs(store: Store, entries: readonly PreparedEntry[]): Promise<void> {
  const brought = new Set(entries.flatMap((entry) => [...entry.blobs.keys()]));
  const asked = entries.flatMap((entry) => entry.wanted.filter((digest) => !brought.has(digest)));
  const stored = await untilAnswered(store, () => hasBlobs(store, asked));
  const missing = asked.find((digest) => !stored.has(digest));
  if (missing === undefined) return;
  throw new ProductError('internal', `log entry: expected the bytes of its source ${missing}, got none`, {
    hint: 'append the entry together with the bytes that it speaks about',
  });
}

/**
 * Brings entries into the log, each exactly once, whatever happens on the way, and returns their places and the new head.
 * A `plan` for them is tried first. A head that has moved is read again. A lost connection is settled by looking the ids up: a copy of our statement
 * that is still under way cannot be carried out after ours, because the head has moved from where it expects it.
 */
export async function landEntries(
  store: Store,
  log: Log,
  entries: readonly PreparedEntry[],
  plan: BatchPlan | null = null,
): Promise<Landed> {
  const places = new Map<string, AppendedEntry>();
  let next = plan;
  for (;;) {
    const rest = new Map(entries.filter((entry) => !places.has(entry.id)).map((entry) => [entry.id, entry]));
    next ??= planBatch(log, await untilAnswered(store, () => readLogHead(store, log)), [...rest.values()]);
    const step = await tryAppend(store, log, next);
    for (const place of step.entries) places.set(place.id, place);
    next = null;
    if (entries.every((entry) => places.has(entry.id))) {
      return { entries: entries.map((entry) => places.get(entry.id) as AppendedEntry), head: step.head };
    }
  }
}

interface Landed {
  entries: AppendedEntry[];
  /** Where the log stands now; null where that has to be read again. */
  head: LogHead | null;
}

/** Returns the entries of a plan that are known to stand in the log afterwards: all, those that stood there before, or none. */
async function tryAppend(store: Store, log: Log, plan: BatchPlan): Promise<Landed> {
  try {
    return (await appendBatch(store, plan)) ? plan : { entries: [], head: null };
  } catch (error) {
    const duplicate = isDuplicate(error);
    if (!duplicate && !isLostConnection(error)) throw error;
    const ids = plan.entries.map((entry) => entry.id);
    const found = await untilAnswered(store, () => readPlaces(store, log, ids));
    if (duplicate && found.length === 0) throw error;
    return { entries: found, head: null };
  }
}

function isDuplicate(error: unknown): boolean {
  const uniqueViolation = '23505';
  return readErrorCode(error) === uniqueViolation && (error as { constraint?: string }).constraint === 'log_entry_once';
}

/** Repeats what only reads, or changes nothing the second time, while the connection is lost and the server may be on its way back. */
export async function untilAnswered<Value>(store: Store, read: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await store.database.ready();
      return await read();
    } catch (error) {
      if (!isLostConnection(error) || attempt >= attempts) throw error;
      await pause(Math.min(longestPauseMs, 5 * 2 ** attempt));
    }
  }
}

/** Returns where those of the ids stand that are in the log, proven against the newest checkpoint. Reads all leaf hashes: for the rare case. */
export async function readPlaces(store: Store, log: Pick<Log, 'id'>, ids: readonly string[]): Promise<AppendedEntry[]> {
  const wanted = ids.map((id) => Buffer.from(id, 'hex'));
  const rows = await store.tables
    .selectFrom('log_entry')
    .select(['id', 'index'])
    .where('log', '=', log.id)
    .where('id', 'in', wanted)
    .execute();
  if (rows.length === 0) return [];
  const checkpoint = await readNewest(store, log.id);
  const leaves = await readLeaves(store, log.id, checkpoint.size);
  return rows.map((row) => {
    const index = Number(row.index);
    return { id: row.id.toString('hex'), index, proof: proveInclusion(leaves, index), checkpoint };
  });
}

async function readLeaves(store: Store, log: string, size: number): Promise<string[]> {
  const rows = await store.tables
    .selectFrom('log_entry')
    .select('leaf_hash')
    .where('log', '=', log)
    .where('index', '<', String(size))
    .orderBy('index')
    .execute();
  return rows.map((row) => row.leaf_hash.toString('hex'));
}

async function readNewest(store: Store, log: string): Promise<StoredCheckpoint> {
  const row = await store.tables
    .selectFrom('checkpoint')
    .select(['size', 'root', 'note'])
    .where('log', '=', log)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return { size: Number(row.size), root: row.root.toString('hex'), note: row.note };
}

/** Returns the newest checkpoint of a launch's log, its signature checked; null where nothing was appended yet. */
export async function readLatestCheckpoint(
  store: Store,
  launch: string,
): Promise<(StoredCheckpoint & { verifier: string }) | null> {
  const log = await readLog(store, launch);
  const row =
    log &&
    (await store.tables
      .selectFrom('checkpoint')
      .select('note')
      .where('log', '=', log.id)
      .orderBy('size', 'desc')
      .limit(1)
      .executeTakeFirst());
  if (!log || !row) return null;
  const { size, root } = verifyCheckpoint(row.note, parseLogVerifier(log.verifier), `checkpoint of ${launch}`);
  return { size, root, note: row.note, verifier: log.verifier };
}

/** Returns the checkpoints of a launch's log, the newest first, those of fewer than `before` entries; each signature is verified again on the way out. */
export async function listCheckpoints(
  store: Store,
  launch: string,
  { before, limit }: { before: number | null; limit: number },
): Promise<(StoredCheckpoint & { at: Date })[]> {
  const log = await readLog(store, launch);
  if (!log) return [];
  let query = store.tables.selectFrom('checkpoint').select(['note', 'created_at']).where('log', '=', log.id);
  if (before !== null) query = query.where('size', '<', String(before));
  const rows = await query.orderBy('size', 'desc').limit(limit).execute();
  const key = parseLogVerifier(log.verifier);
  return rows.map(({ note, created_at: at }) => {
    const { size, root } = verifyCheckpoint(note, key, `checkpoint of ${launch}`);
    return { size, root, note, at };
  });
}

/** Returns the entries of a launch's log from index `from` up to, not including, `to`; each body is hashed again on the way out. */
export async function readEntries(
  store: Store,
  launch: string,
  range: { from: number; to: number },
): Promise<StoredEntry[]> {
  const rows = await store.tables
    .selectFrom('log_entry as entry')
    .innerJoin('log', 'log.id', 'entry.log')
    .select(['entry.index', 'entry.id', 'entry.kind', 'entry.leaf_hash', 'entry.body'])
    .where('log.launch', '=', launch)
    .where('entry.index', '>=', String(range.from))
    .where('entry.index', '<', String(range.to))
    .orderBy('entry.index')
    .execute()
    .catch((error: unknown) => {
      throw toStoreError(error, `log of ${launch}`);
    });
  return rows.map((row, at) => {
    const index = Number(row.index);
    if (index !== range.from + at || leafHash(row.body) !== row.leaf_hash.toString('hex')) {
      throw new ProductError(
        'log_broken',
        `log of ${launch}: expected entry ${range.from + at} as it was hashed, got another at ${index}`,
        {
          hint: 'run "tminus doctor" to find everything that does not hold',
        },
      );
    }
    const body = row.body.toString('utf8');
    return { index, id: row.id.toString('hex'), kind: row.kind, body, entry: JSON.parse(body) as LogEntry };
  });
}
