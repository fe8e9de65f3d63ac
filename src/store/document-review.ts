import { createHash } from 'node:crypto';

import { sql } from 'kysely';

import { ProductError } from '../core/error/product-error.ts';
import type { LoggedMove } from '../core/review/review.ts';
import type { LoggedComment } from '../core/review/thread.ts';
import type { Store } from './open-store.ts';
import type { StoreTransaction } from './transaction.ts';

/** A document of a launch. */
export interface DocumentName {
  launch: string;
  path: string;
}

/** Returns the moves of one document, or of every document of a launch, by path. */
export async function readMoves(store: Store, { launch, path }: { launch: string; path?: string }) {
  const rows = await store.tables
    .selectFrom('document_move')
    .selectAll()
    .where('launch', '=', launch)
    .$if(path !== undefined, (query) => query.where('path', '=', path!))
    .orderBy('path')
    .orderBy('number')
    .execute();
  const moves = rows.map(({ at, id: _id, launch: _launch, ...row }) => ({ ...row, atMs: at.getTime() }));
  return Map.groupBy(moves, (row) => row.path) as ReadonlyMap<string, readonly LoggedMove[]>;
}

/** A move that is to be written; null where its bytes are kept already. */
export type NewMove = DocumentName & Omit<LoggedMove, 'atMs'> & { bytes: Uint8Array | null };

/** Writes a move and keeps its bytes, in one transaction; false where another move has taken its number. */
export async function insertMove(store: Store, { bytes, ...move }: NewMove): Promise<boolean> {
  return store.tables.transaction().execute(async (tx) => {
    if (bytes !== null) await keepBytes(tx, bytes);
    const written = await tx
      .insertInto('document_move')
      .values(move)
      .onConflict((conflict) => conflict.columns(['launch', 'path', 'number']).doNothing())
      .returning('id')
      .executeTakeFirst();
    return written !== undefined;
  });
}

async function keepBytes(tx: StoreTransaction, bytes: Uint8Array): Promise<void> {
  const sha256 = createHash('sha256').update(bytes).digest();
  const values = sql`(${sha256}, ${Buffer.from(bytes)})`;
  await sql`insert into tminus.blob (sha256, bytes) values ${values} on conflict do nothing`.execute(tx);
}

/** Returns what was said about one document, or about every document of a launch, by path. */
export async function readComments(store: Store, { launch, path }: { launch: string; path?: string }) {
  const rows = await store.tables
    .selectFrom('document_comment')
    .selectAll()
    .where('launch', '=', launch)
    .$if(path !== undefined, (query) => query.where('path', '=', path!))
    .orderBy('id')
    .execute();
  const comments = rows.map(({ at, id, thread, launch: _launch, ...row }) => ({
    ...row,
    id: Number(id),
    thread: Number(thread ?? id),
    atMs: at.getTime(),
  }));
  return Map.groupBy(comments, (row) => row.path) as ReadonlyMap<string, readonly LoggedComment[]>;
}

/** A comment that is to be written; `thread` null begins one. */
export type NewComment = DocumentName & Omit<LoggedComment, 'id' | 'atMs' | 'thread'> & { thread: number | null };

/** Writes a comment and returns its id. */
export async function insertComment(store: Store, comment: NewComment): Promise<number> {
  const thread = comment.thread === null ? null : String(comment.thread);
  const { id } = await store.tables
    .insertInto('document_comment')
    .values({ ...comment, thread })
    .returning('id')
    .executeTakeFirstOrThrow();
  return Number(id);
}

/** Returns for each launch a word that changes with every move and comment. */
export async function readReviewVersions(store: Store): Promise<{ launch: string; version: string }[]> {
  const { rows } = await sql<{ launch: string; version: string }>`
    select launch, sum(moves) || ' ' || sum(comments) as version from (
      select launch, count(*) as moves, 0 as comments from tminus.document_move group by launch
      union all select launch, 0, count(*) from tminus.document_comment group by launch) as all_of_them
    group by launch`.execute(store.tables);
  return rows;
}

/** The error for a thread that the document does not have. */
export function unknownThread({ path }: DocumentName, thread: number): ProductError {
  return new ProductError('thread_unknown', `thread ${thread} of ${path}: expected one of the document, got none`, {
    hint: 'read the review of the document again',
  });
}
