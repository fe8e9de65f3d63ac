import { z } from 'zod';

import { cancelRuns } from '../../engine/runs/cancel-runs.ts';
import { holdAll, liftAll } from '../../engine/runs/standing-holds.ts';
import type { StandingHold } from '../../store/standing-hold.ts';
import { readStandingHolds } from '../../store/standing-hold.ts';
import { may } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { viewPlaces } from '../view-places.ts';

const ofLaunch = z.object({ launch: z.string() });
const inEnvironment = z.object({ environment: z.string().optional() });
const text = z.string().trim().min(3).max(4_000);
const id = z.string().regex(/^[\w.-]{1,100}$/u);

const standingHold = z
  .object({
    id: z.string(),
    scope: z.enum(['global', 'launch', 'environment']),
    launch: z.string().nullable(),
    environment: z.string().nullable(),
    mode: z.enum(['boundary', 'now']),
    count: z.enum(['runs', 'stops']),
    by: z.string(),
    reason: z.string(),
  })
  .meta({ id: 'StandingHold' });

const held = z.object({ hold: z.string(), runs: z.int().describe('how many open runs it is about') });

/** What is done to every run of a launch at once, and to those that come. */
export const standingHoldRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/holds',
    id: 'listHolds',
    summary: 'Holds above single runs that are on: over everything, the launch, or one of its environments',
    tag: 'run deeds',
    access: may('run.view', 'within'),
    params: ofLaunch,
    response: z.object({ items: z.array(standingHold) }),
    handle: async ({ parts, params, identity }) => {
      const places = (await viewPlaces(parts, identity)).filter(({ launch }) => launch === params.launch);
      const isSeen = (environment: string | null): boolean =>
        places.some((place) => environment === null || place.environment === environment);
      const all = await readStandingHolds(parts.store, null);
      const own = all.filter(({ launch }) => launch === null || launch === params.launch);
      return { items: own.filter(({ environment }) => isSeen(environment)) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/holds',
    id: 'holdAll',
    summary: 'Holds every run there is and every run that comes: of an environment, of the launch, or of everything',
    tag: 'run deeds',
    access: may('run.hold'),
    params: ofLaunch,
    query: inEnvironment,
    body: z.strictObject({
      id,
      scope: z.enum(['environment', 'launch', 'global']).describe('global stops everything that this store runs'),
      mode: z.enum(['boundary', 'now']).default('boundary'),
      count: z.enum(['stops', 'runs']).default('stops'),
      reason: text,
    }),
    response: held,
    status: 201,
    handle: async ({ parts, params, query, body, person }) => {
      const { launch, environment } = await parts.launches.scene(params.launch, query.environment ?? null);
      const hold: StandingHold = {
        ...body,
        launch: body.scope === 'global' ? null : launch.id,
        environment: body.scope === 'environment' ? environment.id : null,
        by: person(),
      };
      return { hold: hold.id, runs: await holdAll(parts.engine, launch, hold, environment.id) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/holds/:hold/lift',
    id: 'liftHold',
    summary: 'Lifts a hold above single runs',
    tag: 'run deeds',
    access: may('run.resume'),
    params: ofLaunch.extend({ hold: z.string() }),
    query: inEnvironment,
    body: z.strictObject({ reason: text }),
    response: held,
    handle: async ({ parts, params, query, body, person }) => {
      const { launch, environment } = await parts.launches.scene(params.launch, query.environment ?? null);
      const wish = { id: params.hold, by: person(), reason: body.reason, environment: environment.id };
      return { hold: params.hold, runs: await liftAll(parts.engine, launch, wish) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/runs/cancel',
    id: 'cancelRuns',
    summary: 'Calls every open run of the launch off, of one environment where it is named; what was done stays done',
    tag: 'run deeds',
    access: may('run.cancel'),
    params: ofLaunch,
    query: inEnvironment,
    body: z.strictObject({ reason: text, role: z.string().max(200).nullable().default(null) }),
    response: z.object({
      items: z.array(z.object({ run: z.string(), state: z.string(), refused: z.string().nullable() })),
    }),
    handle: async ({ parts, params, query, body, person }) => {
      const { launch } = await parts.launches.scene(params.launch);
      const wish = { ...body, environment: query.environment ?? null, person: person() };
      return { items: await cancelRuns(parts.engine, launch, wish) };
    },
  }),
];
