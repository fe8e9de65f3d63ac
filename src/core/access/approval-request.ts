import { digestOf } from '@tminus/verify';
import type { ActionVote, Binding, Signed } from '@tminus/verify';

import type { AccessScene } from './grant.ts';
import type { ApprovalLevel } from './approval-level.ts';

/** A wish to do something that wants approval: what, bound to what, and who had a hand in it. */
export interface ApprovalRequest extends Binding {
  id: string;
  level: ApprovalLevel;
  action: { id: string; kind: string; reversible: boolean; destructive: boolean };
  /** Digest of the effects that the dry run listed. */
  dryRunSha256: string;
  /** Procedure that is followed; wanted from level 2 on. */
  runbook: string | null;
  /** Policy that makes it automatic; for level 0 only. */
  policy: string | null;
  reason: string;
  /** Accounts, names as Git has them, or groups. Each has to be somebody whom the launch knows. */
  requester: string;
  authors: readonly string[];
  executors: readonly string[];
  /** RFC 3339. */
  requestedAt: string;
  expiresAt: string;
}

/** A vote as it stands in the log. */
export interface LoggedActionVote {
  id: string;
  entry: Signed<ActionVote>;
}

/** A standing decision that something harmless needs no vote. */
export interface ApprovalPolicy {
  id: string;
  /** Kinds of action, each by its name. */
  actions: readonly string[];
  environments: readonly string[];
  givenBy: string;
  expiresAt: string;
}

/** Everything known when an approval is assessed. */
export interface ApprovalScene extends AccessScene {
  policies: readonly ApprovalPolicy[];
}

/**
 * Digest of a request as it is shown, without the binding (which a vote names by itself, so that it can be told what changed) and without the people
 * behind it: another author or executor voids the vote of that person only, not of everybody.
 */
export function requestSha256(request: ApprovalRequest): string {
  const { id, level, action, runbook, policy, reason, requestedAt, expiresAt } = request;
  return digestOf({ id, level, action, runbook, policy, reason, requestedAt, expiresAt });
}
