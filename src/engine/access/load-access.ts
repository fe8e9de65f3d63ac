import type { ApprovalRequest, ApprovalScene, LoggedActionVote } from '../../core/access/approval-request.ts';
import type { RightsLaunch } from '../../core/access/document-grants.ts';
import { toAccessScene } from '../../core/access/to-access-scene.ts';
import { readAccess, readAccessOfRuns } from '../../store/access-records.ts';
import type { StoredAccess } from '../../store/access-records.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import { createGather } from '../delivery/gather.ts';

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
  return toGround(launch, await readAccess(store, { launch: launch.id, run }, tx));
}

/** The same for many runs that are asked about side by side in one transaction: what is asked while a question is under way is asked together. */
export function loadAccessTogether(
  store: Store,
  launch: RightsLaunch,
  { run, tx }: { run: string; tx: StoreTransaction },
): Promise<AccessGround> {
  const known = gathers.get(tx) ?? new Map<string, (run: string) => Promise<StoredAccess>>();
  gathers.set(tx, known);
  const ask =
    known.get(launch.id) ??
    createGather((runs: readonly string[]) => readAccessOfRuns(store, { launch: launch.id, runs }, tx));
  known.set(launch.id, ask);
  return ask(run).then((records) => toGround(launch, records));
}

/** What is asked in a transaction, by launch; forgotten with it. */
const gathers = new WeakMap<StoreTransaction, Map<string, (run: string) => Promise<StoredAccess>>>();

function toGround(launch: RightsLaunch, records: StoredAccess): AccessGround {
  const { requests, votes } = records;
  return { scene: toAccessScene(launch, records), requests, votes, untouched: records.grants.length === 0 };
}
