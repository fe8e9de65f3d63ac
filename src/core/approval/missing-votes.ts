import type { Person } from '../launch/launch.ts';
import { signersOf } from './authority.ts';
import type { Tally } from './tally-votes.ts';
import type { Ballot } from './vote-fault.ts';

/** A vote that is still wanted: of this role, or of any role that may vote where null. */
export interface MissingVote {
  role: string | null;
  /** Who could give it, by id: they may vote and have not said go yet. */
  people: string[];
}

/** The votes still wanted once every no-go was withdrawn: each role of the gate, then as many more as the quorum asks for. */
export function missingVotes({ go, noGo }: Tally, ballot: Ballot, quorum: number): MissingVote[] {
  const voters = [...go, ...noGo];
  const given = new Set(voters.map(({ entry }) => entry.statement.role));
  const voted = new Set(voters.map(({ entry }) => humanIn(ballot, entry.statement.person)));
  const free = mayVote(ballot, ballot.roles).filter(({ human }) => !voted.has(human));
  const roles = [...new Set(ballot.roles)].toSorted().filter((role) => !given.has(role));
  const wanted: (string | null)[] = [
    ...roles,
    ...Array<null>(Math.max(0, quorum - voters.length - roles.length)).fill(null),
  ];
  return wanted.map((role) => {
    const inRole = role === null ? free : mayVote(ballot, [role]).filter(({ human }) => !voted.has(human));
    return { role, people: inRole.map(({ id }) => id) };
  });
}

/** Whether every missing vote can come from a human of its own: two votes that only one human could give cannot be had. */
export function canBeHad(missing: readonly MissingVote[], ballot: Ballot): boolean {
  const takenBy = new Map<string, number>();
  return missing.every((_, index) => assign(index, new Set()));

  /** Augmenting path of bipartite matching between missing votes and humans. */
  function assign(vote: number, tried: Set<string>): boolean {
    const humans = (missing[vote]?.people ?? []).map((person) => humanIn(ballot, person));
    for (const human of humans) {
      if (tried.has(human)) continue;
      tried.add(human);
      const other = takenBy.get(human);
      if (other === undefined || assign(other, tried)) {
        takenBy.set(human, vote);
        return true;
      }
    }
    return false;
  }
}

function mayVote(ballot: Ballot, roles: readonly string[]): Person[] {
  const wanted = roles.length > 0 ? roles : ballot.roster.roles.map(({ id }) => id);
  const requester = ballot.requester === null ? null : humanIn(ballot, ballot.requester);
  return signersOf(ballot.roster, wanted).filter(({ human }) => human !== requester);
}

function humanIn({ roster }: Ballot, id: string): string {
  return roster.people.find((person) => person.id === id)?.human ?? id;
}
