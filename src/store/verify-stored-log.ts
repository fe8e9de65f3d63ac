import { MerkleAppender, leafHash, parseLogVerifier, sha256Hex, verifyCheckpoint } from '@tminus/verify';
import type { Checkpoint, LogEntry, LogVerifier } from '@tminus/verify';

import { isDamage, toStoreError } from './database-error.ts';
import { describe } from './log-batch.ts';
import { readLog } from './log.ts';
import type { LogRow } from './log.ts';
import type { Store } from './open-store.ts';
import { findMissingBytes, findUnreadable, pageSize, readPage } from './stored-log-page.ts';
import type { BrokenLog } from './stored-log-page.ts';
import type { LogEntryRow } from './tables.ts';

/** What was found over a whole log: it holds, or the first thing that does not. */
export type LogVerification = { state: 'whole'; size: number; root: string } | BrokenLog;

/** A head that was kept elsewhere: a Git tag, a mail, a printed code. It shows what the database alone cannot: a tail that was cut. */
export interface ForeignCheckpoint {
  size: number;
  root: string;
}

/**
 * Reads a log from its first byte and recomputes everything: digests, columns, order, tree, every checkpoint with its signature, and the bytes that
 * evidence speaks about. Returns the index of the first entry that does not hold; null as index means that the head or a checkpoint does not.
 * All of it is read in one snapshot, so that appending meanwhile raises no alarm.
 */
export async function verifyStoredLog(
  store: Store,
  launch: string,
  foreign: readonly ForeignCheckpoint[] = [],
): Promise<LogVerification> {
  const log = await readLog(store, launch);
  if (log === null) return cut(launch, foreign[0] ?? { size: 1 }, 0);
  const walk: Walk = {
    launch,
    tree: new MerkleAppender(),
    foreign: new Map(foreign.map((one) => [one.size, one.root])),
  };
  try {
    return await store.tables
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((tables) => walkLog({ ...store, tables }, log, walk));
  } catch (error) {
    if (!isDamage(error)) throw toStoreError(error, `log of ${launch}`);
    return findUnreadable(store, log.id, walk.tree.size);
  }
}

async function walkLog(store: Store, log: LogRow, walk: Walk): Promise<LogVerification> {
  const key = parseLogVerifier(log.verifier);
  if (key.name !== log.origin) {
    const reason = `log of ${log.launch}: expected origin ${key.name}, got ${log.origin}`;
    return { state: 'broken', index: null, reason };
  }
  const points = await readPoints(store, log.id, key);
  if (points.fault !== null) return { state: 'broken', index: null, reason: points.fault };
  for (let from = 0; ; from += pageSize) {
    const rows = await readPage(store, log.id, from);
    const broken = (await findMissingBytes(store, rows, from)) ?? walkPage(walk, points.roots, rows);
    if (broken !== null) return broken;
    if (rows.length < pageSize) return closeWalk(store, log.id, walk, points.roots);
  }
}

interface Walk {
  launch: string;
  /** The tree so far; its size is how far the walk has come. */
  tree: MerkleAppender;
  foreign: Map<number, string>;
}

async function readPoints(
  store: Store,
  log: string,
  key: LogVerifier,
): Promise<{ roots: Map<number, string>; fault: string | null }> {
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

function walkPage(
  walk: Walk,
  roots: ReadonlyMap<number, string>,
  rows: readonly LogEntryRow[],
): LogVerification | null {
  for (const row of rows) {
    const index = walk.tree.size;
    const fault = findFault(walk.launch, row, index);
    if (fault !== null) return { state: 'broken', index, reason: `entry ${index}: ${fault}` };
    walk.tree.append(row.leaf_hash.toString('hex'));
    for (const [name, root] of [
      ['checkpoint', roots.get(index + 1)],
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

async function closeWalk(
  store: Store,
  log: string,
  walk: Walk,
  roots: ReadonlyMap<number, string>,
): Promise<LogVerification> {
  const { tree } = walk;
  const head = await store.tables
    .selectFrom('log_head')
    .select(['size', 'root'])
    .where('log', '=', log)
    .executeTakeFirst();
  const newest = Math.max(0, ...roots.keys());
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
  if (beyond !== undefined) return cut(walk.launch, { size: beyond[0] }, tree.size);
  return { state: 'whole', size: tree.size, root: tree.root() };
}

function cut(launch: string, foreign: Pick<ForeignCheckpoint, 'size'>, size: number): LogVerification {
  return {
    state: 'broken',
    index: size,
    reason: `log of ${launch}: expected at least ${foreign.size} entries, as a checkpoint says, got ${size}`,
  };
}
