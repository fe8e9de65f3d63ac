import { z } from 'zod';

import { planChecks } from '../../core/check/plan-checks.ts';
import { readNow } from '../../store/open-store.ts';
import { may } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

const ofLaunch = z.object({ launch: z.string() });
const inEnvironment = z.object({ environment: z.string().optional() });

const round = z
  .object({
    id: z.string(),
    startedBy: z.string(),
    startedAtMs: z.number(),
    endedAtMs: z.number().nullable().describe('null while it is under way'),
    total: z.int().nullable(),
    done: z.array(
      z.object({ criterion: z.string(), outcome: z.enum(['pass', 'fail', 'unknown']), evidence: z.string() }),
    ),
    trouble: z.string().nullable(),
  })
  .meta({ id: 'CheckRound' });

const plannedCheck = z
  .object({
    criterion: z.string(),
    title: z.string(),
    gate: z.string(),
    state: z.enum(['due', 'fresh', 'waiting', 'blocked', 'undeclared']),
    reason: z.string(),
    kind: z.string().nullable(),
    newest: z.string().nullable().describe('id of the newest evidence'),
  })
  .meta({ id: 'PlannedCheck' });

/** Checks: which are due, and rounds of them. */
export const checkRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/checks',
    id: 'listChecks',
    summary: 'Every criterion with whether its check is due, and the newest round of checks',
    tag: 'checks',
    access: may('launch.view'),
    params: ofLaunch,
    query: inEnvironment,
    response: z.object({ items: z.array(plannedCheck), round: round.nullable() }),
    handle: async ({ parts, params, query }) => {
      const scene = await parts.launches.scene(params.launch, query.environment ?? null);
      const log = await parts.gates.entries(scene.launch.id);
      const now = Date.parse(await readNow(parts.store));
      const planned = planChecks({ ...scene, entries: log.map(({ entry }) => entry), now });
      return {
        items: planned.map(({ check, ...one }) => ({ ...one, kind: check?.kind ?? null })),
        round: parts.checks.newest(scene.launch.id, scene.environment.id),
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/checks',
    id: 'beginChecks',
    summary:
      'Begins a round of the checks that are due, or of those that are named; what they see is sealed as it is seen',
    tag: 'checks',
    access: may('check.run'),
    params: ofLaunch,
    query: inEnvironment,
    body: z.strictObject({
      only: z.array(z.string()).min(1).nullable().default(null),
      force: z.boolean().default(false),
    }),
    response: round,
    status: 202,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await parts.launches.scene(params.launch, query.environment ?? null);
      return parts.checks.begin(scene, { ...body, by: person() });
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/launches/:launch/checks',
    id: 'stopChecks',
    summary: 'Stops the round that is under way',
    tag: 'checks',
    access: may('check.run'),
    params: ofLaunch,
    query: inEnvironment,
    response: z.object({ stopped: z.boolean() }),
    handle: async ({ parts, params, query }) => {
      const { launch, environment } = await parts.launches.scene(params.launch, query.environment ?? null);
      return { stopped: parts.checks.stop(launch.id, environment.id) };
    },
  }),
];
