import { z } from 'zod';

import { allows } from '../../core/access/allows.ts';
import { grantFault } from '../../core/access/grant-fault.ts';
import { isHeldBy } from '../../core/access/grant.ts';
import { accessRoles, permissions } from '../../core/access/permission.ts';
import type { Permission } from '../../core/access/permission.ts';
import { loadAccess } from '../../engine/access/load-access.ts';
import type { Identity } from '../../engine/identity/identity.ts';
import { readNow } from '../../store/open-store.ts';
import { open, signedIn } from '../access.ts';
import type { ApiParts } from '../api-parts.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { ownRightsView } from '../views/account-view.ts';

const identity = z
  .object({
    account: z.string(),
    name: z.string(),
    email: z.string(),
    person: z.string().nullable().describe('whom of the launch documents the account stands for'),
    via: z.enum(['session', 'token']),
    scopes: z.array(z.enum(permissions as [string, ...string[]])).nullable(),
    strongAt: z.string().nullable().describe('when a second factor was last shown'),
    factors: z.object({ totp: z.boolean(), passkeys: z.int() }).describe('second factors that the account has'),
  })
  .meta({ id: 'Identity' });

/** What a page asks first: who am I, and what is this. */
export const ownRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/me',
    id: 'readMe',
    summary: 'Who is asking; null before signing in',
    tag: 'account',
    access: open,
    response: z.object({
      identity: identity.nullable(),
      setupOpen: z.boolean(),
      signOns: z.array(z.object({ id: z.string(), name: z.string() })),
      version: z.string(),
      baseUrl: z.string(),
      isDemo: z.boolean().describe('whether anybody can be any of its people'),
    }),
    handle: async ({ identity: who, parts }) => ({
      identity: who && {
        account: who.account,
        name: who.name,
        email: who.email,
        person: who.person,
        via: who.via,
        scopes: who.scopes === null ? null : [...who.scopes],
        strongAt: who.strongAtMs === null ? null : new Date(who.strongAtMs).toISOString(),
        factors: (await parts.identity.accounts.read(who.account))?.factors ?? { totp: false, passkeys: 0 },
      },
      setupOpen: await parts.identity.setup.isOpen(),
      signOns: [...parts.identity.signOns],
      version: parts.version,
      baseUrl: parts.baseUrl,
      isDemo: parts.demo !== null,
    }),
  }),
  defineRoute({
    method: 'GET',
    path: '/me/rights',
    id: 'listOwnRights',
    summary: 'What the caller is to each launch and environment, and what they may do there now',
    tag: 'account',
    access: signedIn,
    response: z.object({ items: z.array(ownRightsView) }),
    handle: async ({ parts, identity: who }) => ({ items: await listOwnRights(parts, who) }),
  }),
];

/** By the rule that every request is admitted by; where nothing is allowed, nothing is listed. */
async function listOwnRights(
  { store, launches }: ApiParts,
  { person, scopes }: Identity,
): Promise<z.input<typeof ownRightsView>[]> {
  if (person === null) return [];
  const nowMs = Date.parse(await readNow(store));
  const found: z.input<typeof ownRightsView>[] = [];
  for (const { plan } of await launches.list()) {
    if (!plan) continue;
    const { scene } = await loadAccess(store, plan.launch, null);
    for (const { id: environment } of plan.launch.environments) {
      const scope = { launch: plan.launch.id, environment };
      const may = (permission: Permission): boolean =>
        allows(scene, { actor: person, permission, scope }, nowMs).allowed;
      const roles = accessRoles.filter((role) =>
        scene.grants.some(
          (grant) =>
            grant.role === role &&
            grant.environment === environment &&
            isHeldBy(grant, person, scene.groups) &&
            grantFault(grant, person, scene, nowMs) === null,
        ),
      );
      const allowed = permissions.filter((each) => (scopes === null || scopes.includes(each)) && may(each));
      if (roles.length > 0) found.push({ ...scope, roles, permissions: allowed });
    }
  }
  return found;
}
