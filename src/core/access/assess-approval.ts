import { toInstantMs } from '../gate/instant.ts';
import { changesSince, methodFault, voteFormFault, voteTimeFault } from './action-vote-faults.ts';
import { levelRules } from './approval-level.ts';
import type { ApprovalRequest, ApprovalScene, LoggedActionVote } from './approval-request.ts';
import { excludedHumans } from './excluded-humans.ts';
import { requestFault } from './request-fault.ts';
import { voteStanding } from './vote-standing.ts';

/** How a request stands. `reasons` says what is wanted still, or why it can never be had; empty where it is approved. */
export interface ApprovalAssessment {
  approved: boolean;
  reasons: string[];
  /** Ids of the votes that count. */
  go: string[];
  noGo: string[];
  /** Votes that do not count, each with every reason. */
  void: { id: string; reasons: string[] }[];
}

/** The single rules that an assessment is built from. They can be handed in, so that the tests can plant a fault in each. */
export interface ApprovalRules {
  requestFault: typeof requestFault;
  changesSince: typeof changesSince;
  voteTimeFault: typeof voteTimeFault;
  methodFault: typeof methodFault;
  voteFormFault: typeof voteFormFault;
  excludedHumans: typeof excludedHumans;
  voteStanding: typeof voteStanding;
}

/**
 * Whether a request is approved now (O02, S5). Asked when a vote comes in and again by the worker just before the action, since votes expire, roles
 * end and executors change in between. Each human counts once, by their newest vote; one no-go that counts is enough to refuse.
 */
export function assessApproval(
  request: ApprovalRequest,
  votes: readonly LoggedActionVote[],
  scene: ApprovalScene,
  nowMs: number,
): ApprovalAssessment {
  return assessApprovalBy(standardApprovalRules, { request, votes }, scene, nowMs);
}

/** The same by other rules. */
export function assessApprovalBy(
  rules: ApprovalRules,
  { request, votes }: { request: ApprovalRequest; votes: readonly LoggedActionVote[] },
  scene: ApprovalScene,
  nowMs: number,
): ApprovalAssessment {
  const fault = rules.requestFault(request, scene, nowMs);
  if (fault !== null) return { approved: false, reasons: [fault], go: [], noGo: [], void: [] };
  const excluded = rules.excludedHumans(request, scene);
  const counted: Tally = { go: [], noGo: [], void: [], heard: new Set() };
  for (const logged of votes.toSorted(newestFirst)) {
    const vote = logged.entry.statement;
    const standing = rules.voteStanding(vote, scene, excluded, nowMs);
    const reasons = [
      ...rules.changesSince(vote, request),
      rules.voteTimeFault(vote, request, nowMs),
      rules.methodFault(vote, request),
      rules.voteFormFault(logged, scene),
      standing.ok ? null : standing.fault,
    ].filter((reason) => reason !== null);
    count(counted, logged, { reasons, humans: standing.ok ? standing.humans : [] });
  }
  const reasons = wantedStill(request, counted);
  return {
    approved: reasons.length === 0,
    reasons,
    go: idsOf(counted.go),
    noGo: idsOf(counted.noGo),
    void: counted.void,
  };
}

function idsOf(votes: readonly LoggedActionVote[]): string[] {
  return votes.map(({ id }) => id);
}

interface Tally {
  go: LoggedActionVote[];
  noGo: LoggedActionVote[];
  void: { id: string; reasons: string[] }[];
  /** Humans who were heard already, by a newer vote of theirs or by one in their place. */
  heard: Set<string>;
}

function count(
  tally: Tally,
  logged: LoggedActionVote,
  { reasons, humans }: { reasons: string[]; humans: string[] },
): void {
  const twice = humans.find((human) => tally.heard.has(human));
  const all = twice === undefined ? reasons : [...reasons, `${twice} was heard already`];
  if (all.length > 0) {
    tally.void.push({ id: logged.id, reasons: all });
    return;
  }
  for (const human of humans) tally.heard.add(human);
  (logged.entry.statement.vote === 'go' ? tally.go : tally.noGo).push(logged);
}

function wantedStill({ level }: ApprovalRequest, { go, noGo }: Tally): string[] {
  const { approvers, roles } = levelRules[level];
  const given = new Set<string>(go.map(({ entry }) => entry.statement.role));
  const missing = roles.filter((role) => !given.has(role));
  return [
    ...noGo.map(({ entry }) => `${entry.statement.person} says no-go: ${entry.statement.reason}`),
    ...(go.length < approvers ? [`level ${level} wants ${approvers} humans, got ${go.length}`] : []),
    ...missing.map((role) => `level ${level} wants a vote of the role ${role}`),
  ];
}

/** Of two votes of one instant the no-go is heard. */
function newestFirst(a: LoggedActionVote, b: LoggedActionVote): number {
  const [first, second] = [a.entry.statement, b.entry.statement];
  const [firstMs, secondMs] = [toInstantMs(first.signedAt) ?? 0, toInstantMs(second.signedAt) ?? 0];
  if (firstMs !== secondMs) return secondMs - firstMs;
  if (first.vote !== second.vote) return first.vote === 'no-go' ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The rules as they hold. */
export const standardApprovalRules: ApprovalRules = {
  requestFault,
  changesSince,
  voteTimeFault,
  methodFault,
  voteFormFault,
  excludedHumans,
  voteStanding,
};
