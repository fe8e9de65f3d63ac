import { votersLeft } from '../../core/access/voters-left.ts';
import type { VoterLeft } from '../../core/access/voters-left.ts';
import type { ApprovalRequest } from '../../core/access/approval-request.ts';
import type { RightsLaunch } from '../../core/access/document-grants.ts';
import { requestFault } from '../../core/access/request-fault.ts';
import { isFinal } from '../../core/procedure/run.ts';
import type { Run } from '../../core/procedure/run.ts';
import { listOpenRequests } from '../../store/approval-request.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { findRun } from '../runs/find-run.ts';
import { assessRun } from './assess-request.ts';
import type { AssessedRequest } from './assess-request.ts';
import { loadAccess } from './load-access.ts';

/** A request as it stands now, with who could still vote on it. */
export interface ApprovalStanding {
  assessed: AssessedRequest;
  canVote: VoterLeft[];
  /** Votes are wanted still, and can still be given. */
  open: boolean;
}

/** Requests of a launch that nobody has decided, the oldest first: of runs that have not ended, and that have not expired. */
export async function listApprovals(
  store: Store,
  launch: RightsLaunch,
  environments: readonly string[],
): Promise<ApprovalStanding[]> {
  const rows = await listOpenRequests(store, launch.id, environments);
  const runs = [...new Set(rows.map(({ run }) => run))];
  const standings = await Promise.all(runs.map((run) => readApprovals(store, launch, run)));
  return standings
    .flat()
    .filter(({ open }) => open)
    .toSorted((a, b) => (a.assessed.request.requestedAt < b.assessed.request.requestedAt ? -1 : 1));
}

/** Every request of a run, the newest first. */
export async function readApprovals(store: Store, launch: RightsLaunch, id: string): Promise<ApprovalStanding[]> {
  const nowMs = Date.parse(await readNow(store));
  const [{ run }, assessed, { scene }] = await Promise.all([
    findRun(store, { launch: launch.id, environment: null }, id),
    assessRun(store, { launch }, id, nowMs),
    loadAccess(store, launch, id),
  ]);
  return assessed.map((one) => {
    const { request, votes, assessment } = one;
    const counted = votes.filter((vote) => assessment.go.includes(vote.id));
    const open = !assessment.approved && isWanted(run, request) && requestFault(request, scene, nowMs) === null;
    return { assessed: one, open, canVote: open ? votersLeft(request, counted, scene, nowMs) : [] };
  });
}

/** A run that goes on already, by another request or by a broken glass, waits for nobody any more. */
function isWanted(run: Run, { action }: ApprovalRequest): boolean {
  return !isFinal(run) && (action.kind !== 'run' || run.state === 'pending_approval');
}
