import { randomBytes } from 'node:crypto';

import { sql } from 'kysely';
import type { Selectable } from 'kysely';

import type { BatchState } from '../core/dataset/import/batch.ts';
import type { ImportReport } from '../core/dataset/import/import-report.ts';
import type { ImportBatchRow } from './import-tables.ts';
import type { Store } from './open-store.ts';
import { runIn } from './transaction.ts';

/** An import as it is kept. */
export interface ImportBatch {
  id: string;
  launch: string;
  environment: string;
  dataset: string;
  planHash: string;
  candidateSha256: string;
  mode: 'full' | 'delta';
  /** Who asked for it; their own approval does not count. */
  requester: string;
  report: ImportReport;
  reportSha256: string;
  createdAt: string;
  state: BatchState;
  /** The signed approval, as it was signed; null where there is none. */
  approval: object | null;
  /** What the import came to; null until it ended once. */
  result: object | null;
  /** Newest value of the column that deltas go by. */
  watermark: string | null;
}

/** One move of an import. */
export interface ImportMove {
  from: BatchState;
  to: BatchState;
  person: string | null;
  detail: string;
  at: string;
}

/** What a move writes beside the state; what is left out stays. */
export interface MoveWrite {
  approval?: object;
  result?: object;
  watermark?: string | null;
}

/** Keeps a dry run as a batch and returns its id. */
export async function insertBatch(
  store: Store,
  batch: Omit<ImportBatch, 'id' | 'createdAt' | 'state' | 'approval' | 'result' | 'watermark'>,
): Promise<string> {
  const id = `b-${randomBytes(8).toString('hex')}`;
  const { launch, environment, dataset, mode, requester } = batch;
  await store.tables
    .insertInto('import_batch')
    .values({
      id,
      launch,
      environment,
      dataset,
      mode,
      requester,
      plan_hash: Buffer.from(batch.planHash, 'hex'),
      candidate_sha256: Buffer.from(batch.candidateSha256, 'hex'),
      report: sql`${JSON.stringify(batch.report)}::jsonb`,
      report_sha256: Buffer.from(batch.reportSha256, 'hex'),
      approval: null,
      fence: null,
      result: null,
      watermark: null,
    })
    .execute();
  return id;
}

/** Moves a batch from one state to another with a row that says who and why; false where it no longer stands where it was seen. */
export async function writeMove(
  store: Store,
  id: string,
  move: Omit<ImportMove, 'at'> & { write?: MoveWrite },
): Promise<boolean> {
  const { approval, result, watermark } = move.write ?? {};
  return await runIn(store, undefined, async (tx) => {
    const moved = await tx
      .updateTable('import_batch')
      .set({
        state: move.to,
        ...(approval && { approval: sql<object>`${JSON.stringify(approval)}::jsonb` }),
        ...(result && { result: sql<object>`${JSON.stringify(result)}::jsonb` }),
        ...(watermark !== undefined && { watermark }),
      })
      .where('id', '=', id)
      .where('state', '=', move.from)
      .executeTakeFirst();
    if (moved.numUpdatedRows !== 1n) return false;
    const { from: from_state, to: to_state, person, detail } = move;
    await tx.insertInto('import_move').values({ batch: id, from_state, to_state, person, detail }).execute();
    return true;
  });
}

/** Returns a number that no process had before, and keeps it as the one that may write for the batch. */
export async function takeFence(store: Store, id: string): Promise<number> {
  const row = await store.tables
    .updateTable('import_batch')
    .set({ fence: sql<string>`nextval('tminus.import_fence')` })
    .where('id', '=', id)
    .returning('fence')
    .executeTakeFirstOrThrow();
  return Number(row.fence);
}

/** Returns the imports of a dataset in an environment, the newest first. */
export async function listBatches(
  store: Store,
  about: { launch: string; environment: string; dataset: string | null },
  limit = 50,
): Promise<ImportBatch[]> {
  let query = store.tables
    .selectFrom('import_batch')
    .selectAll()
    .where('launch', '=', about.launch)
    .where('environment', '=', about.environment);
  if (about.dataset !== null) query = query.where('dataset', '=', about.dataset);
  const rows = await query.orderBy('created_at', 'desc').orderBy('id').limit(limit).execute();
  return rows.map(toBatch);
}

/** Returns one import, or null. */
export async function readBatch(store: Store, id: string): Promise<ImportBatch | null> {
  const row = await store.tables.selectFrom('import_batch').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toBatch(row) : null;
}

/** Returns every move of an import, the first one first. */
export async function listMoves(store: Store, batch: string): Promise<ImportMove[]> {
  const rows = await store.tables
    .selectFrom('import_move')
    .select(['from_state', 'to_state', 'person', 'detail', 'at'])
    .where('batch', '=', batch)
    .orderBy('id')
    .execute();
  return rows.map(({ from_state, to_state, at, ...row }) => ({
    ...row,
    from: from_state,
    to: to_state,
    at: at.toISOString(),
  }));
}

function toBatch(row: Selectable<ImportBatchRow>): ImportBatch {
  const { plan_hash, candidate_sha256, report_sha256, created_at, report, fence: _fence, ...rest } = row;
  return {
    ...rest,
    report: report as ImportReport,
    planHash: plan_hash.toString('hex'),
    candidateSha256: candidate_sha256.toString('hex'),
    reportSha256: report_sha256.toString('hex'),
    createdAt: created_at.toISOString(),
  };
}
