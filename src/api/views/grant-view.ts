import { z } from 'zod';

import { accessRoles } from '../../core/access/permission.ts';

const source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('document'), roles: z.array(z.string()).describe('that its holder has in the document') }),
  z.object({ kind: z.literal('installation') }),
  z.object({ kind: z.literal('person'), person: z.string() }),
]);

/** Whom a right is given to. */
export const holderView = z.strictObject({ kind: z.enum(['person', 'group']), id: z.string() });

/** A right, where it comes from, and why it does not hold where it does not. */
export const grantView = z
  .object({
    id: z.string(),
    holder: z.object({ kind: z.enum(['person', 'group']), id: z.string() }),
    role: z.enum(accessRoles),
    environment: z.string(),
    source,
    givenAt: z.string().nullable().describe('null for a right of the document'),
    expiresAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
    delegates: z.string().nullable().describe('the grant that is passed on'),
    breakGlass: z.object({ reason: z.string(), confirmedBy: z.string().nullable() }).nullable(),
    fault: z.string().nullable().describe('why it does not hold now; null where it does'),
  })
  .meta({ id: 'Grant' });

/** The rights of a launch, and what is needed to give one. */
export const rightsView = z.object({
  items: z.array(grantView),
  groups: z.array(z.object({ id: z.string(), people: z.array(z.string()) })),
  people: z.array(z.object({ id: z.string(), name: z.string(), automation: z.boolean() })),
  environments: z.array(z.string()),
  roles: z.array(z.enum(accessRoles)),
});
