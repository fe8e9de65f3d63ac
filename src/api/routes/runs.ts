import { z } from 'zod';

import { orderLiveRun } from '../../engine/runs/order-live-run.ts';
import { planRun } from '../../engine/runs/plan-run.ts';
import { readRunPage } from '../../engine/runs/read-run-page.ts';
import { listRuns } from '../../store/run.ts';
import type { RunLine } from '../../store/run.ts';
import { may } from '../access.ts';
import { toWork } from '../to-sight.ts';
import type { ApiParts } from '../api-parts.ts';
import { pageOf, pageQuery, readCursor, toCursor } from '../cursor-page.ts';
import { loadRunWithLaunch } from '../launch-of-run.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { requireVersion } from '../versions.ts';
import { viewPlaces } from '../view-places.ts';
import type { ViewPlace } from '../view-places.ts';
import { runMode, runState, runView, toRunView } from '../views/run-view.ts';

const runLine = z
  .object({
    id: z.string(),
    launch: z.string(),
    procedure: z.string(),
    mode: runMode,
    environment: z.string(),
    state: runState,
    requestedBy: z.string(),
    createdAtMs: z.number(),
    endedAtMs: z.number().nullable(),
  })
  .meta({ id: 'RunLine' });

const filter = pageQuery.extend({
  environment: z.string().max(200).optional(),
  mode: runMode.optional(),
  open: z.stringbool().default(false).describe('leaves out those that have ended'),
});

/** Runs: all that somebody may see, how one is ordered, and one of them with everything that can be said about it. */
export const runRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/runs',
    id: 'listRuns',
    summary: 'Runs of every launch and environment that the caller may look at, newest first',
    tag: 'runs',
    access: may('run.view', 'any'),
    query: filter.extend({ launch: z.string().max(200).optional() }),
    response: pageOf(runLine),
    handle: async ({ parts, query, identity }) => listPage(parts, await viewPlaces(parts, identity), query),
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/runs',
    id: 'listLaunchRuns',
    summary: 'Runs of a launch, newest first',
    tag: 'runs',
    access: may('run.view', 'within'),
    params: z.object({ launch: z.string() }),
    query: filter,
    response: pageOf(runLine),
    handle: async ({ parts, params, query, identity }) =>
      listPage(parts, await viewPlaces(parts, identity), { ...query, launch: params.launch }),
  }),
  defineRoute({
    method: 'POST',
    path: '/launches/:launch/runs',
    id: 'orderRun',
    summary:
      'Orders a live run of a procedure: it begins, or its approval is asked for; the same again within a day is the same',
    tag: 'runs',
    access: may('run.start'),
    params: z.object({ launch: z.string() }),
    query: z.object({ environment: z.string().optional() }),
    body: z.strictObject({
      procedure: z.string().max(200),
      expectedVersion: z.string().max(100).describe('version of the plan that the caller has read'),
      t0: z.iso.datetime({ offset: true }).nullable().default(null).describe('null takes the one of the launch'),
      reason: z.string().trim().min(3).max(4_000),
      labels: z.array(z.string().max(100)).max(20).default([]).describe('words that lift a change window'),
    }),
    response: z.object({
      run: z.string(),
      repeated: z.boolean().describe('true where the same was ordered within the last 24 hours'),
      request: z.string().nullable().describe('id of the approval that was asked for'),
    }),
    status: 201,
    handle: async ({ parts, params, query, body, person }) => {
      const scene = await parts.launches.scene(params.launch, query.environment ?? null);
      const plan = planRun(scene, body.procedure, parts.stepKinds);
      requireVersion(`plan of ${plan.id}`, body.expectedVersion, plan.planHash);
      const { reason, labels } = body;
      const t0Ms = body.t0 === null ? null : Date.parse(body.t0);
      const wish = { plan, person: person(), reason, labels, t0Ms, key: null, kinds: parts.stepKinds };
      const { id, repeated, request } = await orderLiveRun(parts.engine, scene, wish);
      return { run: id, repeated, request: request?.id ?? null };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/:run',
    id: 'readRun',
    isKept: true,
    summary: 'A run as it stands: its count, every step, what it waits for, until when, and who can go on with it',
    tag: 'runs',
    access: may('run.view', 'run'),
    params: z.object({ run: z.string() }),
    response: runView,
    shows: ({ params, result }) => toWork(result.launch, `run:${params.run}`),
    handle: async ({ parts, params, person }) => {
      const { launch } = await loadRunWithLaunch(parts, params.run);
      return toRunView(await readRunPage(parts.store, params.run, { person: person(), launch }));
    },
  }),
];

type Filter = z.output<typeof filter> & { launch?: string | undefined };

async function listPage(
  { store }: ApiParts,
  places: readonly ViewPlace[],
  { launch, environment, mode, open, limit, cursor }: Filter,
): Promise<{ items: z.input<typeof runLine>[]; next: string | null }> {
  const [after = null] = readCursor(cursor, z.tuple([z.string()])) ?? [];
  const wanted = places.filter(
    (place) =>
      (launch === undefined || place.launch === launch) &&
      (environment === undefined || place.environment === environment),
  );
  const read = await listRuns(store, { places: wanted, mode: mode ?? null, open, after, limit: limit + 1 });
  const items = read.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(toLine), next: read.length > limit && last ? toCursor([last.id]) : null };
}

function toLine({ createdAt, endedAt, ...line }: RunLine): z.input<typeof runLine> {
  return { ...line, createdAtMs: createdAt.getTime(), endedAtMs: endedAt?.getTime() ?? null };
}
