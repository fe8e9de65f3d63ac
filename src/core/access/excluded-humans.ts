import type { AccessScene, Group } from './grant.ts';
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

/** Names among the parties, and members of groups among them, that are nobody whom the launch knows: without them nobody can tell who is independent. */
export function unknownParties(parties: Parties, scene: AccessScene): string[] {
  const names = handsOf(parties).flatMap(([each]) => each);
  const isGroup = (name: string): boolean => scene.groups.some(({ id, people }) => id === name && people.length > 0);
  const meant = names.flatMap((name) => namesBehind(name, scene.groups)).filter((name) => !isGroup(name));
  return [...new Set(meant.filter((name) => humansNamed(name, scene).length === 0))];
}

function handsOf({ requester, authors, executors }: Parties): [readonly string[], string][] {
  return [
    [[requester], 'asked for it'],
    [authors, 'wrote the change'],
    [executors, 'carries it out'],
  ];
}

/** Everybody who could be meant by an account, a name, or a group and the groups in it. */
function humansBehind(written: string, scene: AccessScene): string[] {
  return namesBehind(written, scene.groups).flatMap((name) => humansNamed(name, scene));
}

function namesBehind(written: string, groups: readonly Group[], seen = new Set<string>()): string[] {
  if (seen.has(written)) return [];
  seen.add(written);
  const members = groups.filter(({ id }) => id === written).flatMap(({ people }) => people);
  return [written, ...members.flatMap((member) => namesBehind(member, groups, seen))];
}

/** Humans who bear a name as an account, as theirs, or as Git writes it (`Alice Example <alice@example.org>`). */
function humansNamed(written: string, { launch }: AccessScene): string[] {
  const names = new Set([written, written.replace(/<[^>]*>\s*$/, '')].map(fold));
  names.delete('');
  return launch.people
    .filter(({ id, name, human }) => [id, name, human].some((each) => names.has(fold(each))))
    .map(({ human }) => human);
}

function fold(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}
