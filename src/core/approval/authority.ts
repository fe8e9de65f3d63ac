import { verifySigned } from '@tminus/verify';
import type { Signed } from '@tminus/verify';

import type { Launch, Person } from '../launch/launch.ts';

/** Who the launch knows and what roles they hold. */
export type Roster = Pick<Launch, 'people' | 'roles'>;

/** The one person of this id; null where there is none, or more than one, because then nobody knows who is meant. */
export function findPerson({ people }: Roster, id: string): Person | null {
  const found = people.filter((person) => person.id === id);
  return found.length === 1 ? found[0]! : null;
}

/** The human behind an account. An id that is not declared stands for itself. */
export function humanOf(roster: Roster, id: string): string {
  return findPerson(roster, id)?.human ?? id;
}

/** Whether the document puts this person into this role. */
function holdsRole({ roles }: Roster, person: string, role: string): boolean {
  return roles.some(({ id, people }) => id === role && people.includes(person));
}

/** Law 5: why this person cannot speak in this role, or null. An automation speaks in none. */
export function authorityFault(roster: Roster, id: string, role: string): string | null {
  const person = findPerson(roster, id);
  if (!person) return `${id} is not declared in the launch`;
  if (person.automation) return `${id} is an automation, and only a human may sign`;
  return holdsRole(roster, id, role) ? null : `${id} does not hold the role ${role}`;
}

/** Why this person's word does not close a human criterion of this role, or null. Without a role any declared human may. */
export function signerFault(roster: Roster, person: string, role: string | null): string | null {
  if (role !== null) return authorityFault(roster, person, role);
  const found = findPerson(roster, person);
  if (!found) return `${person} is not declared in the launch`;
  return found.automation ? `${person} is an automation, and only a human may sign` : null;
}

/** Law 5: why this person may not approve what that one asked for, each reason. */
export function approverFaults(roster: Roster, { person, requester }: { person: string; requester: string }): string[] {
  const found = findPerson(roster, person);
  if (!found) return [`${person} is not declared in the launch`];
  return [
    ...(found.automation ? ['an automation approves nothing'] : []),
    ...(found.human === humanOf(roster, requester) ? ['who asked for it does not approve it'] : []),
  ];
}

/** Why a statement does not carry the signature of the person it names, by the key that the launch declares; null where it does. */
export function signatureFault(roster: Roster, signed: Signed<{ person: string }>): string | null {
  const person = findPerson(roster, signed.statement.person);
  if (!person?.key) return `no key is declared for ${signed.statement.person}`;
  try {
    verifySigned(signed, person.key);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'the signature cannot be read';
  }
}

/** Accounts that could sign in one of these roles (null: whatever their role), humans with a key only, in the order of their ids. */
export function signersOf(roster: Roster, roles: readonly string[] | null): Person[] {
  return roster.people
    .filter(({ id, automation, key }) => !automation && key !== null && findPerson(roster, id) !== null)
    .filter(({ id }) => roles === null || roles.some((role) => holdsRole(roster, id, role)))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
