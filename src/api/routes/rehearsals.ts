import { z } from 'zod';

import { ProductError } from '../../core/error/product-error.ts';
import type { RehearsalReport } from '../../core/rehearsal/rehearsal-report.ts';
import { planRun } from '../../engine/runs/plan-run.ts';
import { listRehearsals, readRehearsal } from '../../store/rehearsal.ts';
import type { Identity } from '../../engine/identity/identity.ts';
import { may } from '../access.ts';
import type { ApiParts } from '../api-parts.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { requireVersion } from '../versions.ts';
import { viewPlaces } from '../view-places.ts';
import { rehearsalLine, rehearsalView, roundView, toRehearsalView } from '../views/rehearsal-view.ts';

const ofLaunch = z.object({ launch: z.string() });
const inEnvironment = z.object({ environment: z.string().optional() });

/** Rehearsals: begun, watched and stopped, and what they came to. */
export const rehearsalRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/rehearsals',
    id: 'listRehearsals',
    summary: 'The newest rehearsals of a launch, of one environment where it is named',
    tag: 'rehearsals',
    access: may('run.view', 'within'),
    params: ofLaunch,
    query: inEnvironment.extend({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    response: z.object({
      items: z.array(rehearsalLine),
      rounds: z.array(roundView).describe('those that this server has begun, under way or ended'),
    }),
    handle: async ({ parts, params: { launch }, query: { environment: named, limit }, identity }) => {
      const seen = await environmentsOf(parts, identity, launch);
      const environments = seen.filter((one) => named === undefined || one === named);
      const { plan } = await parts.launches.find(launch);
      const rows = await listRehearsals(parts.store, launch, { limit, environments });
      return {
        rounds: parts.rehearsals.list(launch).filter(({ environment }) => environments.includes(environment)),
        items: rows.map(({ at, ...row }) => ({
          ...row,
          at: at.toISOString(),
          current: row.planHash === plan?.planHash,
        })),
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/rehearsals',
    id: 'beginRehearsal',
    summary: 'Begins a rehearsal where it harms nobody: forward, back and, in full depth, with every fault planted',
    tag: 'rehearsals',
    access: may('run.start'),
    params: ofLaunch,
    query: inEnvironment,
    body: z.strictObject({
      procedure: z.string().max(200),
      depth: z.enum(['quick', 'full']).default('full'),
      expectedVersion: z.string().max(100).describe('version of the plan that the caller has read'),
    }),
    response: roundView,
    status: 202,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await parts.launches.scene(params.launch, query.environment ?? null);
      const plan = planRun(scene, body.procedure, parts.stepKinds);
      requireVersion(`plan of ${plan.id}`, body.expectedVersion, plan.planHash);
      return parts.rehearsals.begin(scene, { plan, depth: body.depth, by: person() });
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/launches/:launch/rehearsals',
    id: 'stopRehearsal',
    summary: 'Stops the rehearsal that is under way in an environment; what it has begun is called off',
    tag: 'rehearsals',
    access: may('run.start'),
    params: ofLaunch,
    query: inEnvironment,
    response: z.object({ stopped: z.boolean() }),
    handle: async ({ parts, params, query }) => {
      const { launch, environment } = await parts.launches.scene(params.launch, query.environment ?? null);
      return { stopped: parts.rehearsals.stop(launch.id, environment.id) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/rehearsals/:rehearsal',
    id: 'readRehearsal',
    summary: 'A rehearsal with every pass, judged by its events',
    tag: 'rehearsals',
    access: may('run.view', 'within'),
    params: ofLaunch.extend({ rehearsal: z.string() }),
    response: rehearsalView,
    handle: async ({ parts, params: { launch, rehearsal }, identity }) => {
      const report = (await readRehearsal(parts.store, launch, rehearsal)) as RehearsalReport | null;
      const seen = await environmentsOf(parts, identity, launch);
      // One of an environment that the caller may not look at is not there for them.
      if (report !== null && seen.includes(report.environment)) return toRehearsalView(report);
      throw new ProductError('run_unknown', `rehearsal ${rehearsal} of ${launch}: expected one that ended, got none`, {
        hint: 'name one that the list of rehearsals has',
      });
    },
  }),
];

async function environmentsOf(parts: ApiParts, identity: Identity, launch: string): Promise<string[]> {
  const places = await viewPlaces(parts, identity);
  return places.filter((place) => place.launch === launch).map(({ environment }) => environment);
}
