import { createHash } from 'node:crypto';

import { sql } from 'kysely';

import type { Store } from './open-store.ts';
import { runIn } from './transaction.ts';

/** What a comparison was about. */
export interface ReconciledPlace {
  launch: string;
  environment: string;
  dataset: string;
}

/** A comparison that has ended; its report is kept as the bytes of `reportSha256`. */
export interface KeptReconcile extends ReconciledPlace {
  planHash: string;
  startedBy: string;
  reportSha256: string;
  at: Date;
}

/** Keeps the bytes of a report, and that it is the newest of its dataset. */
export async function keepReconcile(
  store: Store,
  { report, planHash, startedBy, ...place }: Omit<KeptReconcile, 'at' | 'reportSha256'> & { report: Uint8Array },
): Promise<void> {
  const digest = createHash('sha256').update(report).digest();
  await runIn(store, undefined, async (tx) => {
    const values = sql`(${digest}, ${Buffer.from(report)})`;
    await sql`insert into tminus.blob (sha256, bytes) values ${values} on conflict do nothing`.execute(tx);
    await tx
      .insertInto('reconcile_report')
      .values({ ...place, plan_hash: Buffer.from(planHash, 'hex'), started_by: startedBy, report_sha256: digest })
      .execute();
  });
}

/** Returns the newest comparison of a dataset in an environment, or null. */
export async function readNewestReconcile(store: Store, place: ReconciledPlace): Promise<KeptReconcile | null> {
  const row = await store.tables
    .selectFrom('reconcile_report')
    .selectAll()
    .where('launch', '=', place.launch)
    .where('environment', '=', place.environment)
    .where('dataset', '=', place.dataset)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { plan_hash, report_sha256, started_by } = row;
  return {
    ...place,
    planHash: plan_hash.toString('hex'),
    reportSha256: report_sha256.toString('hex'),
    startedBy: started_by,
    at: row.at,
  };
}
