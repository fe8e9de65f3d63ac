import { canonicalize } from '@tminus/verify';

import type { Launch } from '../launch/launch.ts';

/** The parts of a launch that say who somebody is and what their word weighs, each without its place in the document. */
const parts: { readonly [part: string]: (launch: Launch) => unknown } = {
  'id of the launch': ({ id }) => id,
  people: ({ people }) => people.map((person) => ({ ...person, at: null })),
  roles: ({ roles }) => roles.map(({ id, people }) => ({ id, people })),
  environments: ({ environments }) => environments.map((environment) => ({ ...environment, at: null })),
  'who votes at gates': ({ gates }) =>
    gates.map(({ id, quorum, roles, requester }) => ({ id, quorum, roles, requester })),
  'who decides about runs': ({ procedures }) => procedures.map(({ id, deciders }) => ({ id, deciders })),
};

/**
 * Returns the parts by which two readings of a launch give other rights, in words; none where everybody may do what they might before. Rights follow from
 * documents (`documentGrants`), so whoever changes these parts gives or takes rights, and needs the permission for that, not only the one for documents.
 */
export function authorityChange(before: Launch, after: Launch): string[] {
  return Object.entries(parts)
    .filter(([, take]) => canonicalize(take(before)) !== canonicalize(take(after)))
    .map(([part]) => part);
}
