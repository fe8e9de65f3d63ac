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
