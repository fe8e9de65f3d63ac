import { findPerson } from '../approval/authority.ts';
import type { Launch } from '../launch/launch.ts';
import type { Grant } from './grant.ts';
import type { AccessRole } from './permission.ts';

/** The part of a launch from which rights follow. */
export type RightsLaunch = Pick<Launch, 'id' | 'people' | 'roles' | 'environments' | 'procedures'>;

/** Before any vote. What a document gives holds as long as that document does: votes and approvals name its plan hash. */
const always = '1970-01-01T00:00:00.000Z';

/**
 * The rights that the document itself gives, in every environment that it declares: whoever holds a role is operator; humans in a role that decides
 * are lead and approver; humans in a role named `approver` are approver. Nobody else has any, and nobody is admin by it.
 * Each has an id of its own, so that it can be revoked.
 */
export function documentGrants(launch: RightsLaunch): Grant[] {
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

function rolesOf(launch: RightsLaunch, person: string): AccessRole[] {
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

/** The roles that decide about runs: those that a procedure names, and `lead`; where there is neither, every role, as for a plan. */
function decidingRoles({ roles, procedures }: RightsLaunch): string[] {
  const named = procedures.flatMap(({ deciders }) => deciders ?? []);
  if (roles.some(({ id }) => id === 'lead')) return ['lead', ...named];
  return named.length > 0 ? named : roles.map(({ id }) => id);
}
