import { findPerson } from '../approval/authority.ts';
import type { AccessScene, Grant } from './grant.ts';
import type { AccessRole } from './permission.ts';

/** Before any vote. What a document gives holds as long as that document does: votes and approvals name its plan hash. */
const always = '1970-01-01T00:00:00.000Z';

/**
 * The rights that the document itself gives, in every environment that it declares: whoever holds a role is operator; humans in a role that decides
 * are lead and approver; humans in a role named `approver` are approver. Nobody else has any, and nobody is admin by it.
 * Each has an id of its own, so that it can be revoked.
 */
export function documentGrants(launch: AccessScene['launch']): Grant[] {
  const held = [...new Set(launch.roles.flatMap(({ people }) => people))].toSorted();
  return launch.environments.flatMap(({ id: environment }) =>
    held.flatMap((person) =>
      rolesOf(launch, person).map((role): Grant => {
        const id = `document/${role}/${person}/${environment}`;
        const ends = { expiresAt: null, revokedAt: null, delegates: null, breakGlass: null };
        const holder = { kind: 'person' as const, id: person };
        return { id, holder, role, launch: launch.id, environment, givenBy: null, givenAt: always, ...ends };
      }),
    ),
  );
}

function rolesOf(launch: AccessScene['launch'], person: string): AccessRole[] {
  const declared = findPerson(launch, person);
  if (declared === null) return [];
  if (declared.automation) return ['operator'];
  const own = launch.roles.filter(({ people }) => people.includes(person)).map(({ id }) => id);
  const decides = own.some((role) => decidingRoles(launch).includes(role));
  return [
    'operator',
    ...(decides || own.includes('approver') ? (['approver'] as const) : []),
    ...(decides ? (['lead'] as const) : []),
  ];
}

/** The roles that decide about a run, as its plan has them: `lead` where the document declares it, else every role. */
function decidingRoles({ roles }: AccessScene['launch']): string[] {
  return roles.some(({ id }) => id === 'lead') ? ['lead'] : roles.map(({ id }) => id);
}
