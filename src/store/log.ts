import { createHash, createPublicKey } from 'node:crypto';

import { MerkleAppender, createLogKey, emptyRoot, rawPublicKey, verifyCheckpoint } from '@tminus/verify';
import type { Frontier, LogKey } from '@tminus/verify';

import { ProductError } from '../core/error/product-error.ts';
import { readOrCreateLogSecret } from './log-secret.ts';
import type { Store } from './open-store.ts';

/** The evidence log of one launch, with the key that signs its checkpoints. */
export interface Log {
  id: string;
  launch: string;
  origin: string;
  key: LogKey;
}

/** Where a log stands. */
export interface LogHead {
  size: number;
  root: string;
  frontier: Frontier;
}

/** What is known of a log without its secret key. */
export interface LogRow {
  id: string;
  launch: string;
  origin: string;
  /** `name+keyId+base64` of the key that signs it. */
  verifier: string;
}

/** Returns the log of a launch as it is recorded, or null where nothing was appended yet. */
export async function readLog(store: Store, launch: string): Promise<LogRow | null> {
  const row = await store.tables
    .selectFrom('log')
    .select(['id', 'launch', 'origin', 'verifier'])
    .where('launch', '=', launch)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Returns the log of a launch ready for appending, begun if there is none.
 * Throws `log_broken` where the key in the data directory is not the one that the log was begun with.
 */
export async function openLog(store: Store, launch: string): Promise<Log> {
  const row = await readLog(store, launch);
  const pem = readOrCreateLogSecret(store.dataDirectory, row === null && !(await hasLogs(store)));
  const log = row ?? (await beginLog(store, launch, pem));
  const key = createLogKey(log.origin, pem);
  if (key.text !== log.verifier) {
    throw new ProductError(
      'log_broken',
      `log of ${launch}: expected its key ${log.verifier}, got ${key.text} in the data directory`,
      {
        hint: 'restore the keys folder that belongs to this database',
      },
    );
  }
  return { id: log.id, launch, origin: log.origin, key };
}

async function hasLogs(store: Store): Promise<boolean> {
  return (await store.tables.selectFrom('log').select('id').limit(1).execute()).length > 0;
}

/** The origin names launch and key: two stores that know a launch of one name can never be taken for one log. */
function toOrigin(launch: string, pem: string): string {
  const digest = createHash('sha256')
    .update(rawPublicKey(createPublicKey(pem)))
    .digest('hex');
  return `tminus/${encodeURIComponent(launch)}/${digest.slice(0, 16)}`;
}

async function beginLog(store: Store, launch: string, pem: string): Promise<LogRow> {
  const origin = toOrigin(launch, pem);
  const verifier = createLogKey(origin, pem).text;
  await store.tables.transaction().execute(async (work) => {
    const added = await work
      .insertInto('log')
      .values({ launch, origin, verifier })
      .onConflict((clash) => clash.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (added === undefined) return;
    const empty = { log: added.id, size: '0', root: Buffer.from(emptyRoot, 'hex'), frontier: Buffer.alloc(0) };
    await work.insertInto('log_head').values(empty).execute();
  });
  return (await readLog(store, launch)) as LogRow;
}

/**
 * Returns the head of a log, checked: root and frontier agree, and the newest checkpoint carries our signature over the same head.
 * Throws `log_broken` otherwise: to append there would sign a history that somebody else wrote.
 */
export async function readLogHead(store: Store, log: Log): Promise<LogHead> {
  const row = await store.tables
    .selectFrom('log_head as head')
    .leftJoin('checkpoint as point', (join) =>
      join.onRef('point.log', '=', 'head.log').onRef('point.size', '=', 'head.size'),
    )
    .select(['head.size', 'head.root', 'head.frontier', 'point.note'])
    .where('head.log', '=', log.id)
    .executeTakeFirst();
  if (row === undefined) throw broken(log, 'a head', 'none');
  const size = Number(row.size);
  const hashes = row.frontier.toString('hex').match(/.{64}/g) ?? [];
  const head = { size, root: row.root.toString('hex'), frontier: { size, hashes: [...hashes] } };
  if (new MerkleAppender(head.frontier).root() !== head.root)
    throw broken(log, `root ${head.root}`, 'another root from its frontier');
  if (size > 0) assertSigned(log, head, row.note);
  return head;
}

function assertSigned(log: Log, head: LogHead, note: string | null): void {
  if (note === null) throw broken(log, `a checkpoint at ${head.size}`, 'none');
  const point = verifyCheckpoint(note, log.key, `checkpoint of ${log.launch} at ${head.size}`);
  if (point.size !== head.size || point.root !== head.root)
    throw broken(log, `the head ${head.size} ${head.root}`, `a checkpoint of ${point.size} ${point.root}`);
}

function broken(log: Log, expected: string, got: string): ProductError {
  return new ProductError('log_broken', `log of ${log.launch}: expected ${expected}, got ${got}`, {
    hint: 'run "tminus doctor" to find the first broken entry; append nothing before that is settled',
  });
}
