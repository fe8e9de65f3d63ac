import { randomBytes } from 'node:crypto';

import { sql } from 'kysely';
import type { Selectable } from 'kysely';

import type { FixPlan } from '../core/dataset/fix/fix-plan.ts';
import type { FixState } from '../core/dataset/fix/fix-state.ts';
import type { FixPlanRow } from './fix-tables.ts';
import type { Store } from './open-store.ts';
import { runIn } from './transaction.ts';

/** A fix as it is kept. */
export interface StoredFix {
  id: string;
  launch: string;
  environment: string;
  dataset: string;
  planHash: string;
  candidateSha256: string;
  /** Who asked for it; their own approval does not count. */
  requester: string;
  plan: FixPlan;
  planSha256: string;
  createdAt: string;
  state: FixState;
  /** The signed approval, as it was signed; null where there is none. */
  approval: object | null;
  /** What it came to; null until it was applied or taken back once. */
  result: object | null;
}

/** One move of a fix. */
export interface StoredFixMove {
  from: FixState;
  to: FixState;
  person: string | null;
  detail: string;
  at: string;
}

/** Keeps a plan and returns its id. */
export async function insertFix(
  store: Store,
  fix: Omit<StoredFix, 'id' | 'createdAt' | 'state' | 'approval' | 'result'>,
): Promise<string> {
  const id = `f-${randomBytes(8).toString('hex')}`;
  const { launch, environment, dataset, requester } = fix;
  await store.tables
    .insertInto('fix_plan')
    .values({
      id,
      launch,
      environment,
      dataset,
      requester,
      plan_hash: Buffer.from(fix.planHash, 'hex'),
      candidate_sha256: Buffer.from(fix.candidateSha256, 'hex'),
      plan: sql`${JSON.stringify(fix.plan)}::jsonb`,
      plan_sha256: Buffer.from(fix.planSha256, 'hex'),
      approval: null,
      result: null,
    })
    .execute();
  return id;
}

/** Moves a fix with a row that says who and why; false where it no longer stands where it was seen. */
export async function writeFixMove(
  store: Store,
  id: string,
  move: Omit<StoredFixMove, 'at'> & { write?: { approval?: object; result?: object } },
): Promise<boolean> {
  const { approval, result } = move.write ?? {};
  return await runIn(store, undefined, async (tx) => {
    const moved = await tx
      .updateTable('fix_plan')
      .set({
        state: move.to,
        ...(approval && { approval: sql<object>`${JSON.stringify(approval)}::jsonb` }),
        ...(result && { result: sql<object>`${JSON.stringify(result)}::jsonb` }),
      })
      .where('id', '=', id)
      .where('state', '=', move.from)
      .executeTakeFirst();
    if (moved.numUpdatedRows !== 1n) return false;
    const { from: from_state, to: to_state, person, detail } = move;
    await tx.insertInto('fix_move').values({ fix: id, from_state, to_state, person, detail }).execute();
    return true;
  });
}

/** Returns the fixes of a dataset, or of all, in an environment, the newest first. */
export async function listStoredFixes(
  store: Store,
  about: { launch: string; environment: string; dataset: string | null },
  limit = 50,
): Promise<StoredFix[]> {
  let query = store.tables
    .selectFrom('fix_plan')
    .selectAll()
    .where('launch', '=', about.launch)
    .where('environment', '=', about.environment);
  if (about.dataset !== null) query = query.where('dataset', '=', about.dataset);
  const rows = await query.orderBy('created_at', 'desc').orderBy('id').limit(limit).execute();
  return rows.map(toFix);
}

/** Returns one fix, or null. */
export async function readStoredFix(store: Store, id: string): Promise<StoredFix | null> {
  const row = await store.tables.selectFrom('fix_plan').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toFix(row) : null;
}

/** Returns every move of a fix, the first one first. */
export async function listFixMoves(store: Store, fix: string): Promise<StoredFixMove[]> {
  const rows = await store.tables
    .selectFrom('fix_move')
    .select(['from_state', 'to_state', 'person', 'detail', 'at'])
    .where('fix', '=', fix)
    .orderBy('id')
    .execute();
  return rows.map(({ from_state, to_state, at, ...row }) => ({
    ...row,
    from: from_state,
    to: to_state,
    at: at.toISOString(),
  }));
}

function toFix(row: Selectable<FixPlanRow>): StoredFix {
  const { plan_hash, candidate_sha256, plan_sha256, created_at, plan, ...rest } = row;
  return {
    ...rest,
    plan: plan as FixPlan,
    planHash: plan_hash.toString('hex'),
    candidateSha256: candidate_sha256.toString('hex'),
    planSha256: plan_sha256.toString('hex'),
    createdAt: created_at.toISOString(),
  };
}
