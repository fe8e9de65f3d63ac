import { sql } from 'kysely';

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

/** Returns the rehearsals of a launch without their reports, the newest first. */
export async function listRehearsals(
  store: Store,
  launch: string,
  limit = 50,
): Promise<(Omit<KeptRehearsal, 'report'> & { at: Date })[]> {
  const rows = await store.tables
    .selectFrom('rehearsal')
    .select(['id', 'launch', 'procedure', 'environment', 'plan_hash', 'candidate_sha256', 'passed', 'at'])
    .where('launch', '=', launch)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ plan_hash, candidate_sha256, ...row }) => ({
    ...row,
    planHash: plan_hash,
    candidateSha256: candidate_sha256,
  }));
}
