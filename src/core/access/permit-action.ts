import { allows } from './allows.ts';
import type { ApprovalRequest, ApprovalScene, LoggedActionVote } from './approval-request.ts';
import { assessApproval } from './assess-approval.ts';
import { excludedHumans } from './excluded-humans.ts';

/** What a worker is about to do. */
export interface PendingAction {
  request: ApprovalRequest;
  votes: readonly LoggedActionVote[];
  /** Account that the step runs for; has to be among the executors that the approvers were told of. */
  executor: string;
  /** Human who breaks the glass (A29); null in every ordinary run. */
  bypassedBy: string | null;
}

/** Whether the worker may go on. `exception` goes into the event, the message to everybody and the report. */
export interface ActionPermit {
  permitted: boolean;
  exception: boolean;
  reasons: string[];
}

/**
 * The last question before an effect, asked by the worker with the rows of that moment (D11, O05): the executor still has the permission, and
 * the request is still approved, or a human with a break-glass grant of that moment answers for it.
 */
export function permitAction(action: PendingAction, scene: ApprovalScene, nowMs: number): ActionPermit {
  const { request, executor, bypassedBy } = action;
  const scope = { launch: request.launch, environment: request.environment };
  const right = allows(scene, { actor: executor, permission: 'step.run', scope }, nowMs);
  if (!right.allowed) return { permitted: false, exception: false, reasons: [right.reason] };
  if (!isAnnounced(action, scene)) {
    return { permitted: false, exception: false, reasons: [`${executor} is not among those who were to carry it out`] };
  }
  const { approved, reasons } = assessApproval(request, action.votes, scene, nowMs);
  if (approved) return { permitted: true, exception: right.exception, reasons: right.exception ? [right.reason] : [] };
  if (bypassedBy === null) return { permitted: false, exception: false, reasons };
  const bypass = allows(scene, { actor: bypassedBy, permission: 'approval.bypass', scope }, nowMs);
  return { permitted: bypass.allowed, exception: bypass.allowed, reasons: [...reasons, bypass.reason] };
}

/** At level 0 nobody was asked, so nobody was told who runs it. */
function isAnnounced({ request, executor }: PendingAction, scene: ApprovalScene): boolean {
  if (request.level === 0) return true;
  const person = scene.launch.people.find(({ id }) => id === executor);
  const executors = excludedHumans({ requester: '', authors: [], executors: request.executors }, scene);
  return person !== undefined && executors.has(person.human);
}
