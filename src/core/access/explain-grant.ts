import { documentGrants } from './document-grants.ts';
import type { RightsLaunch } from './document-grants.ts';
import type { Grant } from './grant.ts';

/** Where a right comes from: the document, by roles that somebody holds there; whoever installed; or a person. */
export type GrantSource =
  | { kind: 'document'; roles: string[] }
  | { kind: 'installation' }
  | { kind: 'person'; person: string };

/** Why somebody has this right: for one of the document, the roles that the document gives its holder. */
export function explainGrant(launch: RightsLaunch, { id, holder, givenBy }: Grant): GrantSource {
  if (documentGrants(launch).some((grant) => grant.id === id)) {
    const held = launch.roles.filter(({ people }) => people.includes(holder.id));
    return { kind: 'document', roles: held.map((role) => role.id) };
  }
  return givenBy === null ? { kind: 'installation' } : { kind: 'person', person: givenBy };
}
