import type { AccessScene } from './grant.ts';
import type { ApprovalRequest } from './approval-request.ts';

/** Those who had a hand in a request. */
export type Parties = Pick<ApprovalRequest, 'requester' | 'authors' | 'executors'>;

/** Why each human may not vote, by human. */
export type Exclusions = ReadonlyMap<string, string>;

/** The humans who asked for it, wrote it or carry it out: none of them approves it, under whatever account (law 5, S5). */
export function excludedHumans(parties: Parties, scene: AccessScene): Exclusions {
  const found = new Map<string, string>();
  for (const [names, why] of handsOf(parties)) {
    for (const human of names.flatMap((name) => humansBehind(name, scene)))
      if (!found.has(human)) found.set(human, why);
  }
  return found;
}

/** Names among the parties behind which nobody stands whom the launch knows: without them nobody can tell who is independent. */
export function unknownParties(parties: Parties, scene: AccessScene): string[] {
  const names = handsOf(parties).flatMap(([each]) => each);
  return [...new Set(names.filter((name) => humansBehind(name, scene).length === 0))];
}

function handsOf({ requester, authors, executors }: Parties): [readonly string[], string][] {
  return [
    [[requester], 'asked for it'],
    [authors, 'wrote the change'],
    [executors, 'carries it out'],
  ];
}

/** Humans meant by an account, a name as Git writes it (`Alice Example <alice@example.org>`), or a group: everybody who could be meant. */
function humansBehind(written: string, { launch, groups }: AccessScene): string[] {
  const members = groups.filter(({ id }) => id === written).flatMap(({ people }) => people);
  const names = new Set([written, written.replace(/<[^>]*>\s*$/, ''), ...members].map(fold));
  names.delete('');
  return launch.people
    .filter(({ id, name, human }) => [id, name, human].some((each) => names.has(fold(each))))
    .map(({ human }) => human);
}

function fold(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}
