import { sql } from 'kysely';

import type { ApprovalRequest } from '../core/access/approval-request.ts';
import { toStoreError } from './database-error.ts';
import type { Store } from './open-store.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';

/** Keeps a request of a run. */
export async function insertRequest(
  store: Store,
  run: string,
  request: ApprovalRequest,
  tx?: StoreTransaction,
): Promise<void> {
  const row = {
    id: request.id,
    launch: request.launch,
    environment: request.environment,
    run,
    level: request.level,
    plan_hash: request.planHash,
    requester: request.requester,
    requested_at: new Date(request.requestedAt),
    expires_at: new Date(request.expiresAt),
    body: JSON.stringify(request),
  };
  try {
    await pickTables(store, tx).insertInto('approval_request').values(row).execute();
  } catch (error) {
    throw toStoreError(error, `approval request of ${run}`);
  }
}

/** The run that a request is about; null where there is no such request in this launch. */
export async function readRequestRun(store: Store, launch: string, request: string): Promise<string | null> {
  const row = await store.tables
    .selectFrom('approval_request')
    .select('run')
    .where('launch', '=', launch)
    .where('id', '=', request)
    .executeTakeFirst();
  return row?.run ?? null;
}

/** Requests in these environments of a launch that have not expired, of runs that have not ended, the oldest first. */
export async function listOpenRequests(
  store: Store,
  launch: string,
  environments: readonly string[],
): Promise<{ id: string; run: string }[]> {
  if (environments.length === 0) return [];
  return store.tables
    .selectFrom('approval_request as request')
    .innerJoin('run', 'run.id', 'request.run')
    .select(['request.id', 'request.run'])
    .where('request.launch', '=', launch)
    .where('request.environment', 'in', [...environments])
    .where('request.expires_at', '>', sql<Date>`clock_timestamp()`)
    .where('run.ended_at', 'is', null)
    .orderBy('request.requested_at')
    .orderBy('request.id')
    .limit(1_000)
    .execute();
}
