import { sql } from 'kysely';

import type { RehearsalReport } from '../core/rehearsal/rehearsal-report.ts';
import type { Store } from './open-store.ts';

/** A rehearsal that has ended. */
export interface KeptRehearsal {
  id: string;
  launch: string;
  procedure: string;
  environment: string;
  planHash: string;
  candidateSha256: string;
  passed: boolean;
  report: object;
}

/** Keeps what a rehearsal came to. */
export async function keepRehearsal(
  store: Store,
  { planHash, candidateSha256, report, ...row }: KeptRehearsal,
): Promise<void> {
  await store.tables
    .insertInto('rehearsal')
    .values({
      ...row,
      plan_hash: planHash,
      candidate_sha256: candidateSha256,
      report: sql`${JSON.stringify(report)}::jsonb`,
    })
    .execute();
}

/** A kept rehearsal without its report. */
export interface RehearsalRow extends Omit<KeptRehearsal, 'report'> {
  depth: RehearsalReport['depth'];
  at: Date;
}

/** Returns the rehearsals of a launch without their reports, the newest first; of these environments only where they are named. */
export async function listRehearsals(
  store: Store,
  launch: string,
  { limit = 50, environments }: { limit?: number; environments?: readonly string[] } = {},
): Promise<RehearsalRow[]> {
  if (environments?.length === 0) return [];
  let query = store.tables
    .selectFrom('rehearsal')
    .select(['id', 'launch', 'procedure', 'environment', 'plan_hash', 'candidate_sha256', 'passed', 'at'])
    .select(sql<RehearsalReport['depth']>`report ->> 'depth'`.as('depth'))
    .where('launch', '=', launch)
    .where(sql<string>`report ->> 'format'`, '=', 'tminus/rehearsal/1');
  if (environments) query = query.where('environment', 'in', [...environments]);
  const rows = await query.orderBy('at', 'desc').limit(limit).execute();
  return rows.map(({ plan_hash, candidate_sha256, ...row }) => ({
    ...row,
    planHash: plan_hash,
    candidateSha256: candidate_sha256,
  }));
}

/** Returns the report of a rehearsal of a launch, or null. */
export async function readRehearsal(store: Store, launch: string, id: string): Promise<object | null> {
  const row = await store.tables
    .selectFrom('rehearsal')
    .select('report')
    .where('launch', '=', launch)
    .where('id', '=', id)
    .executeTakeFirst();
  return (row?.report as object | undefined) ?? null;
}

/** A kept drill of one way back, as far as lists show it. */
export interface DrillRow {
  id: string;
  procedure: string;
  environment: string;
  planHash: string;
  at: Date;
}

/** Returns the drills of a launch with their reports, the newest first. */
export async function listDrills(
  store: Store,
  launch: string,
  { limit = 50 }: { limit?: number } = {},
): Promise<(DrillRow & { report: object })[]> {
  const rows = await store.tables
    .selectFrom('rehearsal')
    .select(['id', 'procedure', 'environment', 'plan_hash', 'at', 'report'])
    .where('launch', '=', launch)
    .where(sql<string>`report ->> 'format'`, '=', 'tminus/drill/1')
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ plan_hash: planHash, report, ...row }) => ({ ...row, planHash, report: report as object }));
}
