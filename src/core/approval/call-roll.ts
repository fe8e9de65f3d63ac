import type { Approval, Binding, Signed } from '@tminus/verify';

import type { Decision } from '../gate/decision.ts';
import type { LoggedEntry } from '../gate/log-index.ts';
import type { Gate, Launch } from '../launch/launch.ts';
import { humanOf } from './authority.ts';
import { canBeHad, missingVotes } from './missing-votes.ts';
import { tallyVotes } from './tally-votes.ts';
import type { LoggedVote } from './tally-votes.ts';
import { voteFault } from './vote-fault.ts';
import type { Ballot } from './vote-fault.ts';

/** A vote as the roll shows it. */
export interface CastVote {
  id: string;
  person: string;
  role: string;
  vote: 'go' | 'no-go';
  comment: string;
  /** RFC 3339. */
  signedAt: string;
  /** Why it does not count; null where it does. */
  voidBecause: string | null;
}

/** One vote that the gate wants: of a role, or of anybody who may vote where null. */
export interface Seat {
  role: string | null;
  /** Who could give it now; empty where it is given. */
  people: string[];
  vote: CastVote | null;
}

/** The roll of a gate: who is asked, what each has said, and what no longer counts. */
export interface Roll {
  /** GO votes of distinct humans that are wanted. */
  quorum: number;
  go: number;
  noGo: number;
  seats: Seat[];
  /** False where too few people may vote for every seat. */
  canBeFilled: boolean;
  /** Votes that were cast and do not count, newest first. */
  voided: CastVote[];
}

/** What the roll is called on: a decision as it stands, and the log that it was made from. */
export interface RollScene {
  launch: Launch;
  gate: Gate;
  decision: Pick<Decision, 'launch' | 'planHash' | 'candidateSha256' | 'environment' | 'subjectSha256'>;
  entries: readonly LoggedEntry[];
  nowMs: number;
}

/** The roll, by the very rules that the decision counts votes by. Dissent has a seat like consent. */
export function callRoll({ launch, gate, decision, entries, nowMs }: RollScene): Roll {
  const { planHash, candidateSha256, environment, subjectSha256 } = decision;
  const binding: Binding = { launch: launch.id, planHash, candidateSha256, environment };
  const { id, roles, requester, quorum } = gate;
  const ballot: Ballot = { ...binding, gate: id, subjectSha256, roles, requester, roster: launch, nowMs };
  const tally = tallyVotes(votesOf(entries, id), ballot, { voteFault, humanOf });
  const missing = missingVotes(tally, ballot, quorum);
  const given = [...tally.go, ...tally.noGo].map((vote) => toCast(vote, null));
  return {
    quorum,
    go: tally.go.length,
    noGo: tally.noGo.length,
    seats: [
      ...given.map((vote): Seat => ({ role: vote.role, people: [], vote })),
      ...missing.map(({ role, people }): Seat => ({ role, people, vote: null })),
    ],
    canBeFilled: canBeHad(missing, ballot),
    voided: tally.void.map(({ vote, reason }) => toCast(vote, reason)),
  };
}

function votesOf(entries: readonly LoggedEntry[], gate: string): LoggedVote[] {
  const seen = new Set<string>();
  return entries.flatMap(({ id, entry }) => {
    if (entry.format !== 'tminus/signed/1' || entry.statement.format !== 'tminus/approval/1') return [];
    if (entry.statement.gate !== gate || seen.has(id)) return [];
    seen.add(id);
    return [{ id, entry: entry as Signed<Approval> }];
  });
}

function toCast({ id, entry }: LoggedVote, voidBecause: string | null): CastVote {
  const { person, role, vote, comment, signedAt } = entry.statement;
  return { id, person, role, vote, comment, signedAt, voidBecause };
}
