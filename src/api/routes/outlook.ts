import { z } from 'zod';

import { readOutlook } from '../../engine/launches/read-outlook.ts';
import { may } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { permission } from '../views/gate-view.ts';
import { runState } from '../views/run-view.ts';

const wayBack = z
  .object({
    procedure: z.string(),
    title: z.string(),
    trouble: z.string().nullable().describe('why nothing is known about it'),
    forecast: z
      .object({
        steps: z.array(z.string()),
        p50Ms: z.number().nullable(),
        p90Ms: z.number().nullable().describe('null where a step was never measured'),
        gaps: z.array(z.object({ step: z.string().nullable(), text: z.string() })),
        end: z.object({ kind: z.enum(['window', 'limit']), atMs: z.number() }).nullable(),
        decideByMs: z.number().nullable(),
        spareMs: z.number().nullable(),
        verdict: z.enum(['fits', 'too_late', 'will_be_too_late', 'unknown', 'no_end', 'no_way_back']),
      })
      .nullable(),
  })
  .meta({ id: 'OutlookWayBack' });

const outlook = z
  .object({
    nowMs: z.number(),
    run: z
      .object({
        id: z.string(),
        procedure: z.string(),
        title: z.string(),
        state: runState,
        t0Ms: z.number().nullable(),
        countMs: z.number().nullable(),
        isCounting: z.boolean(),
        holds: z.array(z.object({ reason: z.string(), sinceMs: z.number() })),
        returnPoint: z.object({
          state: z.enum(['ahead', 'crossed', 'unknown']),
          by: z.string().nullable(),
          atMs: z.number().nullable(),
        }),
      })
      .nullable()
      .describe('the live run that has not ended'),
    freshness: z
      .array(
        z.object({
          gate: z.string(),
          criterion: z.string(),
          title: z.string(),
          owner: z.string().nullable(),
          isWord: z.boolean(),
          observedAt: z.string(),
          staleAtMs: z.number(),
        }),
      )
      .describe('what holds now, by when it gets stale'),
    wayBack: z.array(wayBack),
    rights: z.array(permission),
  })
  .meta({ id: 'Outlook' });

/** What lies ahead of a launch. */
export const outlookRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/outlook',
    id: 'readOutlook',
    summary: 'Until when evidence holds, how long the way back takes and until when it fits, and the run that counts',
    tag: 'launches',
    access: may('launch.view'),
    params: z.object({ launch: z.string() }),
    query: z.object({ environment: z.string().optional() }),
    response: outlook,
    handle: async ({ parts, params, query, person }) => {
      const scene = await parts.launches.scene(params.launch, query.environment ?? null);
      return readOutlook(parts, scene, person());
    },
  }),
];
