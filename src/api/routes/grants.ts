import { z } from 'zod';

import { documentGrants } from '../../core/access/document-grants.ts';
import { explainGrant } from '../../core/access/explain-grant.ts';
import { grantFault } from '../../core/access/grant-fault.ts';
import type { AccessScene, Grant } from '../../core/access/grant.ts';
import { accessRoles } from '../../core/access/permission.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { giveGrant } from '../../engine/access/give-grant.ts';
import { loadAccess } from '../../engine/access/load-access.ts';
import { revokeGrants } from '../../engine/access/revoke-grants.ts';
import { readNow } from '../../store/open-store.ts';
import { may } from '../access.ts';
import type { ApiParts } from '../api-parts.ts';
import { requireRecent } from '../require-recent.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { grantView, holderView, rightsView } from '../views/grant-view.ts';

const tag = 'grants';
const ofLaunch = z.object({ launch: z.string() });
const reason = z.string().trim().min(3).max(1_000);
const isoTime = z.iso.datetime({ offset: true });

const grantWish = z.strictObject({
  holder: holderView,
  role: z.enum(accessRoles),
  environment: z.string(),
  expiresAt: isoTime.nullable(),
  delegates: z.string().nullable().describe('a right of the caller that is passed on'),
  breakGlass: z.boolean().describe('an emergency: one hour where holder and giver are one, four where they are two'),
  reason,
});

/**
 * Rights of a launch. Who may give one depends on the wish (a right of one's own is passed on, a lead breaks the glass), so that the routes want the sight of
 * the launch and the use cases decide.
 */
export const grantRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/grants',
    id: 'listGrants',
    summary:
      'Every right in this launch: what the document gives and what people gave; with ended=true those that hold no more',
    tag,
    access: may('launch.view'),
    params: ofLaunch,
    query: z.object({ ended: z.enum(['true', 'false']).default('false'), environment: z.string().optional() }),
    response: rightsView,
    handle: async ({ parts, params, query }) => {
      const launch = await launchOf(parts, params.launch);
      const { scene } = await loadAccess(parts.store, launch, null);
      const nowMs = Date.parse(await readNow(parts.store));
      const items = toViews(launch, scene, scene.grants, nowMs);
      return {
        items: items.filter(({ fault }) => query.ended === 'true' || fault === null),
        groups: scene.groups.map(({ id, people }) => ({ id, people: [...people] })),
        people: launch.people.map(({ id, name, automation }) => ({ id, name, automation })),
        environments: launch.environments.map(({ id }) => id),
        roles: [...accessRoles],
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/grants',
    id: 'giveGrant',
    summary:
      'Gives a right, passes an own one on, or breaks the glass; the answer and its reason are in the audit either way',
    tag,
    access: may('launch.view'),
    params: ofLaunch,
    query: z.object({ environment: z.string().optional() }),
    body: grantWish,
    response: z.object({ items: z.array(grantView) }),
    status: 201,
    handle: async ({ parts, params, body, identity, person }) => {
      await requireRecent(parts, identity);
      const launch = await launchOf(parts, params.launch);
      const given = await giveGrant(parts.store, launch, { ...body, giver: person() });
      return { items: await readViews(parts, launch, given) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/grants/end',
    id: 'endGrants',
    summary:
      'Ends a right by its id, or all that somebody holds by name, from this moment on; the document cannot bring it back',
    tag,
    access: may('launch.view'),
    params: ofLaunch,
    query: z.object({ environment: z.string().optional() }),
    body: z
      .strictObject({
        grant: z.string().nullable(),
        holder: z.string().nullable(),
        environment: z.string().nullable(),
        reason,
      })
      .refine(({ grant, holder }) => (grant === null) !== (holder === null), 'name a grant or a holder'),
    response: z.object({ items: z.array(grantView) }),
    handle: async ({ parts, params, body, identity, person }) => {
      await requireRecent(parts, identity);
      const launch = await launchOf(parts, params.launch);
      const ended = await revokeGrants(parts.store, launch, { ...body, by: person() });
      return { items: await readViews(parts, launch, ended) };
    },
  }),
];

async function launchOf({ launches }: ApiParts, id: string): Promise<Launch> {
  const { plan, trouble } = await launches.find(id);
  if (plan) return plan.launch;
  throw trouble!;
}

async function readViews(
  { store }: ApiParts,
  launch: Launch,
  meant: readonly { id: string }[],
): Promise<z.input<typeof grantView>[]> {
  const { scene } = await loadAccess(store, launch, null);
  const ids = new Set(meant.map(({ id }) => id));
  const grants = scene.grants.filter(({ id }) => ids.has(id));
  return toViews(launch, scene, grants, Date.parse(await readNow(store)));
}

function toViews(
  launch: Launch,
  scene: AccessScene,
  grants: readonly Grant[],
  nowMs: number,
): z.input<typeof grantView>[] {
  const own = new Set(documentGrants(launch).map(({ id }) => id));
  return grants.map((grant) => ({
    id: grant.id,
    holder: grant.holder,
    role: grant.role,
    environment: grant.environment,
    source: explainGrant(launch, grant),
    givenAt: own.has(grant.id) ? null : grant.givenAt,
    expiresAt: grant.expiresAt,
    revokedAt: grant.revokedAt,
    delegates: grant.delegates,
    breakGlass: grant.breakGlass,
    fault: grantFault(grant, grant.holder.id, scene, nowMs),
  }));
}
