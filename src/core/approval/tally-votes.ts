import type { Approval, Signed } from '@tminus/verify';

import { toInstantMs } from '../gate/instant.ts';
import type { Ballot } from './vote-fault.ts';

/** A vote as it stands in the log. */
export interface LoggedVote {
  id: string;
  entry: Signed<Approval>;
}

export interface Tally {
  go: LoggedVote[];
  noGo: LoggedVote[];
  void: { vote: LoggedVote; reason: string }[];
}

/** The two rules that a count rests on. */
export interface TallyRules {
  voteFault(vote: Signed<Approval>, ballot: Ballot): string | null;
  humanOf(roster: Ballot['roster'], person: string): string;
}

/**
 * Counts votes: void ones are set apart with their reason; of the others the newest of each human counts, whichever account
 * it came from. Of two votes of one instant the no-go counts.
 */
export function tallyVotes(votes: readonly LoggedVote[], ballot: Ballot, rules: TallyRules): Tally {
  const tally: Tally = { go: [], noGo: [], void: [] };
  const counted = new Set<string>();
  for (const vote of votes.toSorted(newestFirst)) {
    const { person } = vote.entry.statement;
    const reason = rules.voteFault(vote.entry, ballot);
    const human = rules.humanOf(ballot.roster, person);
    if (reason !== null) tally.void.push({ vote, reason });
    else if (counted.has(human)) tally.void.push({ vote, reason: `${human} voted again later` });
    else {
      counted.add(human);
      (vote.entry.statement.vote === 'go' ? tally.go : tally.noGo).push(vote);
    }
  }
  return tally;
}

function newestFirst(a: LoggedVote, b: LoggedVote): number {
  const [first, second] = [a.entry.statement, b.entry.statement];
  const [firstMs, secondMs] = [toInstantMs(first.signedAt) ?? 0, toInstantMs(second.signedAt) ?? 0];
  if (firstMs !== secondMs) return secondMs - firstMs;
  if (first.vote !== second.vote) return first.vote === 'no-go' ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
