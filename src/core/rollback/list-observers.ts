import type { Launch } from '../launch/launch.ts';
import type { Observers } from './drill-attestation.ts';

/** Returns everybody of a launch by id, and who of them may watch a drill for a role, or for a person where no role has that name. */
export function listObservers({ people, roles }: Pick<Launch, 'people' | 'roles'>, asked: string): Observers {
  const role = roles.find(({ id }) => id === asked);
  const may = (id: string): boolean => (role === undefined ? id === asked : role.people.includes(id));
  const listed = people.map(({ id, key, human, automation }) => ({ id, key, human, automation, may: may(id) }));
  return { asked, people: listed.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}
