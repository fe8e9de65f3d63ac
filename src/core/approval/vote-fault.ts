import type { Approval, Binding, Signed } from '@tminus/verify';

import { clockSkewMs, toInstantMs } from '../gate/instant.ts';
import { authorityFault, humanOf, signatureFault } from './authority.ts';
import type { Roster } from './authority.ts';

/** What a vote has to be about, and who may cast it. */
export interface Ballot extends Binding {
  gate: string;
  subjectSha256: string;
  /** Roles whose vote is wanted; empty where any role will do. */
  roles: readonly string[];
  requester: string | null;
  roster: Roster;
  nowMs: number;
}

/** Law 5: why a vote does not count, or null. A void vote stays in the log and is shown with this reason. */
export function voteFault(vote: Signed<Approval>, ballot: Ballot): string | null {
  return ballotFault(vote.statement, ballot) ?? signatureFault(ballot.roster, vote);
}

/** Why a vote would not count, whoever signs it, or null: what can be told before anybody is asked for a signature. */
export function ballotFault(statement: Approval, ballot: Ballot): string | null {
  const { person, role } = statement;
  return (
    subjectFault(statement, ballot) ??
    authorityFault(ballot.roster, person, role) ??
    (ballot.roles.length > 0 && !ballot.roles.includes(role)
      ? `the gate wants ${ballot.roles.join(', ')}, not ${role}`
      : null) ??
    requesterFault(ballot, person)
  );
}

function subjectFault(statement: Approval, ballot: Ballot): string | null {
  if (statement.launch !== ballot.launch) return 'it is about another launch';
  if (statement.candidateSha256 !== ballot.candidateSha256) return 'it is about another candidate';
  if (statement.environment !== ballot.environment) return 'it is about another environment';
  if (statement.planHash !== ballot.planHash) return 'the plan has changed since';
  if (statement.subjectSha256 !== ballot.subjectSha256) return 'what was shown has changed since';
  if (statement.vote !== 'go' && statement.vote !== 'no-go') return 'it is neither go nor no-go';
  const signedMs = toInstantMs(statement.signedAt);
  if (signedMs === null) return 'its time cannot be read';
  return signedMs - ballot.nowMs > clockSkewMs ? 'it is from the future' : null;
}

/** The requester is refused as a human, whatever account the vote comes from. */
function requesterFault({ roster, requester }: Ballot, person: string): string | null {
  if (requester === null) return null;
  return humanOf(roster, requester) === humanOf(roster, person) ? `${person} asked for the release` : null;
}
