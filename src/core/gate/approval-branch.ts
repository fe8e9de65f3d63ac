import { missingVotes, canBeHad } from '../approval/missing-votes.ts';
import { tallyVotes } from '../approval/tally-votes.ts';
import type { LoggedVote, Tally } from '../approval/tally-votes.ts';
import type { Ballot } from '../approval/vote-fault.ts';
import { assessScopeItem } from '../scope/assess-scope-item.ts';
import type { DecisionNode } from './decision.ts';
import { toNode } from './ground.ts';
import type { Ground } from './ground.ts';
import { join } from './launch-branches.ts';
import { act, holds, impossible } from './requirement.ts';
import type { Branch } from './requirement.ts';

/**
 * The votes on what is shown; null where none are wanted and none were cast. A deferral of a launch-critical item wants
 * one vote even where the gate asks for none (F06).
 */
export function approvalBranch(ground: Ground, subjectSha256: string): Branch | null {
  const { launch, gate, binding, nowMs, rules } = ground;
  const { roles, requester } = gate;
  const ballot: Ballot = { ...binding, gate: gate.id, subjectSha256, roles, requester, roster: launch, nowMs };
  const tally = tallyVotes(ground.log.votes.get(gate.id) ?? [], ballot, rules);
  const isDeferring = launch.scope.some((item) => assessScopeItem(item).needsApproval);
  const children = [
    ...castVotes(tally),
    ...wantedVotes(ground, ballot, tally, Math.max(gate.quorum, isDeferring ? 1 : 0)),
  ];
  if (children.length === 0) return null;
  return join(ground, { id: 'approvals', kind: 'approvals', title: 'Approvals' }, children);
}

function castVotes(tally: Tally): Branch[] {
  return [
    ...tally.go.map((vote) => ({ node: voteNode(vote, { outcome: 'pass', standing: 'met' }), way: holds })),
    ...tally.noGo.map((vote) => ({
      node: voteNode(vote, { outcome: 'fail', standing: 'failed' }),
      way: withdraw(vote),
    })),
    ...tally.void.map(({ vote, reason }) => {
      const node = voteNode(vote, { outcome: 'unknown', standing: 'void' });
      return { node: { ...node, got: `${node.got}, which does not count: ${reason}` }, way: impossible };
    }),
  ];
}

function voteNode({ id, entry }: LoggedVote, stands: Pick<DecisionNode, 'outcome' | 'standing'>): DecisionNode {
  const { person, role, vote, comment, signedAt } = entry.statement;
  const said = comment.trim() === '' ? '' : `: ${comment.trim()}`;
  return toNode({
    id: `approval:${id}`,
    kind: 'approval',
    title: `${person} as ${role}`,
    ...stands,
    expected: 'a valid go',
    got: `${vote} at ${signedAt}${said}`,
    owner: person,
  });
}

/** Only the person who said no-go can take it back, by a later go. */
function withdraw({ entry }: LoggedVote): Branch['way'] {
  const { person, gate } = entry.statement;
  const text = `settle the no-go of ${person}, who then votes go`;
  return act({ id: `approve:${gate}:${person}`, verb: 'approve', subject: gate, text, owner: person });
}

function wantedVotes(ground: Ground, ballot: Ballot, tally: Tally, quorum: number): Branch[] {
  const missing = missingVotes(tally, ballot, quorum);
  const possible = canBeHad(missing, ballot);
  const { gate } = ground;
  return missing.map(({ role, people }, index) => {
    const id = `approve:${gate.id}:${role ?? ''}#${index + 1}`;
    const owner = people.length > 0 ? people.join(', ') : ground.launch.owner;
    const as = role === null ? '' : ` as ${role}`;
    const got = possible ? 'no vote yet' : 'no vote yet, and too few people who may vote';
    const node = toNode({
      id,
      kind: 'approval',
      title: role === null ? 'A vote of one more person' : `A vote of the role ${role}`,
      outcome: 'unknown',
      standing: 'open',
      expected: `a go${as}`,
      got,
      owner,
    });
    const text = `approve gate "${gate.title}"${as}`;
    return { node, way: possible ? act({ id, verb: 'approve', subject: gate.id, text, owner }) : impossible };
  });
}
