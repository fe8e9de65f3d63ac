import { MerkleAppender, leafHash, parseLogVerifier, sha256Hex, verifyCheckpoint } from '@tminus/verify';
import type { Checkpoint, LogEntry, LogVerifier } from '@tminus/verify';

import { isDamage, toStoreError } from './database-error.ts';
import { describe } from './log-batch.ts';
import { readLog } from './log.ts';
import type { Store } from './open-store.ts';
import type { LogEntryRow } from './tables.ts';

/** What was found over a whole log: it holds, or the first thing that does not. */
export type LogVerification = { state: 'whole'; size: number; root: string } | Broken;

interface Broken {
  state: 'broken';
  index: number | null;
  reason: string;
}

/** A head that was kept elsewhere: a Git tag, a mail, a printed code. It shows what the database alone cannot: a tail that was cut. */
export interface ForeignCheckpoint {
  size: number;
  root: string;
}

const pageSize = 2000;

/**
 * Reads a log from its first byte and recomputes everything: digests, columns, order, tree, every checkpoint with its signature, and the bytes that
 * evidence speaks about. Returns the index of the first entry that does not hold; null as index means that the head or a checkpoint does not.
 */
export async function verifyStoredLog(
  store: Store,
  launch: string,
  foreign: readonly ForeignCheckpoint[] = [],
): Promise<LogVerification> {
  const log = await readLog(store, launch);
  if (log === null)
    return foreign.length === 0
      ? { state: 'broken', index: null, reason: `log of ${launch}: expected one, got none` }
      : cut(launch, foreign[0] as ForeignCheckpoint, 0);
  const key = parseLogVerifier(log.verifier);
  if (key.name !== log.origin)
    return { state: 'broken', index: null, reason: `log of ${launch}: expected origin ${key.name}, got ${log.origin}` };
  const walk = {
    launch,
    tree: new MerkleAppender(),
    points: await readPoints(store, log.id, key),
    foreign: new Map(foreign.map((one) => [one.size, one.root])),
  };
  if (walk.points.fault !== null) return { state: 'broken', index: null, reason: walk.points.fault };
  for (let from = 0; ; from += pageSize) {
    const page = await readPage(store, log.id, from);
    if (page.state === 'broken') return page;
    const broken = (await findMissingBytes(store, page.rows, from)) ?? walkPage(walk, page.rows);
    if (broken !== null) return broken;
    if (page.rows.length < pageSize) break;
  }
  return closeWalk(store, log.id, walk);
}

interface Walk {
  launch: string;
  tree: MerkleAppender;
  points: { roots: Map<number, string>; fault: string | null };
  foreign: Map<number, string>;
}

async function readPoints(store: Store, log: string, key: LogVerifier): Promise<Walk['points']> {
  const rows = await store.tables
    .selectFrom('checkpoint')
    .select(['size', 'root', 'note'])
    .where('log', '=', log)
    .orderBy('size')
    .execute();
  const roots = new Map<number, string>();
  for (const row of rows) {
    const where = `checkpoint at ${row.size}`;
    let signed: Checkpoint;
    try {
      signed = verifyCheckpoint(row.note, key, where);
    } catch (error) {
      return { roots, fault: (error as Error).message };
    }
    const root = row.root.toString('hex');
    if (signed.size !== Number(row.size) || signed.root !== root)
      return {
        roots,
        fault: `${where}: expected the signed head ${signed.size} ${signed.root}, got ${row.size} ${root}`,
      };
    roots.set(signed.size, root);
  }
  return { roots, fault: null };
}

async function readPage(
  store: Store,
  log: string,
  from: number,
): Promise<{ state: 'read'; rows: LogEntryRow[] } | Broken> {
  try {
    return { state: 'read', rows: await selectRange(store, log, from, from + pageSize) };
  } catch (error) {
    if (!isDamage(error)) throw toStoreError(error, 'entries of the log');
    return findUnreadable(store, log, from);
  }
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

/** Somewhere behind `from` a database page is damaged: reads one entry after the other until the server refuses. */
async function findUnreadable(store: Store, log: string, from: number): Promise<Broken> {
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

function walkPage(walk: Walk, rows: readonly LogEntryRow[]): LogVerification | null {
  for (const row of rows) {
    const index = walk.tree.size;
    const fault = findFault(walk.launch, row, index);
    if (fault !== null) return { state: 'broken', index, reason: `entry ${index}: ${fault}` };
    walk.tree.append(row.leaf_hash.toString('hex'));
    for (const [name, root] of [
      ['checkpoint', walk.points.roots.get(index + 1)],
      ['foreign checkpoint', walk.foreign.get(index + 1)],
    ] as const) {
      if (root !== undefined && root !== walk.tree.root())
        return {
          state: 'broken',
          index,
          reason: `${name} at ${index + 1}: expected root ${root}, got ${walk.tree.root()}`,
        };
    }
  }
  return null;
}

function findFault(launch: string, row: LogEntryRow, index: number): string | null {
  if (Number(row.index) !== index) return `expected index ${index}, got ${row.index}`;
  const id = row.id.toString('hex');
  const digest = sha256Hex(row.body);
  if (digest !== id) return `expected bytes with digest ${id}, got ${digest}`;
  const leaf = leafHash(row.body);
  if (leaf !== row.leaf_hash.toString('hex')) return `expected leaf ${leaf}, got ${row.leaf_hash.toString('hex')}`;
  const about = describe(JSON.parse(row.body.toString('utf8')) as LogEntry);
  const columns = [launch, row.kind, row.criterion, row.observed_at.getTime()];
  const said = [about.launch, about.kind, about.criterion, Date.parse(about.at)];
  const at = columns.findIndex((value, position) => value !== said[position]);
  return at < 0 ? null : `expected columns that say what the body says (${said[at]}), got ${columns[at]}`;
}

/** The first entry of a page whose bytes are gone, or no longer have their digest. */
async function findMissingBytes(
  store: Store,
  rows: readonly LogEntryRow[],
  from: number,
): Promise<LogVerification | null> {
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

async function closeWalk(store: Store, log: string, walk: Walk): Promise<LogVerification> {
  const { tree } = walk;
  const head = await store.tables
    .selectFrom('log_head')
    .select(['size', 'root'])
    .where('log', '=', log)
    .executeTakeFirst();
  const newest = Math.max(0, ...walk.points.roots.keys());
  if (Number(head?.size ?? -1) !== tree.size || head?.root.toString('hex') !== tree.root()) {
    return {
      state: 'broken',
      index: null,
      reason: `head: expected ${tree.size} ${tree.root()}, got ${head?.size ?? 'none'} ${head?.root.toString('hex') ?? ''}`,
    };
  }
  if (newest !== tree.size)
    return {
      state: 'broken',
      index: null,
      reason: `checkpoints: expected one at ${tree.size}, got the newest at ${newest}`,
    };
  const beyond = [...walk.foreign].find(([size]) => size > tree.size);
  if (beyond !== undefined) return cut(walk.launch, { size: beyond[0], root: beyond[1] }, tree.size);
  return { state: 'whole', size: tree.size, root: tree.root() };
}

function cut(launch: string, foreign: ForeignCheckpoint, size: number): LogVerification {
  return {
    state: 'broken',
    index: size,
    reason: `log of ${launch}: expected at least ${foreign.size} entries, as a checkpoint kept elsewhere says, got ${size}`,
  };
}
