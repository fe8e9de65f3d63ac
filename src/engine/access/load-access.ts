import type { ApprovalRequest, ApprovalScene, LoggedActionVote } from '../../core/access/approval-request.ts';
import type { RightsLaunch } from '../../core/access/document-grants.ts';
import { toAccessScene } from '../../core/access/to-access-scene.ts';
import { readAccess } from '../../store/access-records.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';

/** Everything that an answer about one launch, or one run of it, rests on. */
export interface AccessGround {
  scene: ApprovalScene;
  requests: readonly ApprovalRequest[];
  votes: readonly LoggedActionVote[];
  /** True where nobody was ever given a right by a person. */
  untouched: boolean;
}

/** Reads it in one statement; `run` null leaves the approvals out. */
export async function loadAccess(
  store: Store,
  launch: RightsLaunch,
  run: string | null,
  tx?: StoreTransaction,
): Promise<AccessGround> {
  const records = await readAccess(store, { launch: launch.id, run }, tx);
  const { requests, votes } = records;
  return { scene: toAccessScene(launch, records), requests, votes, untouched: records.grants.length === 0 };
}
