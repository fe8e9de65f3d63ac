import { z } from 'zod';

import { homeDeeds, homeLanes } from '../../core/home/home-item.ts';
import { noticeKinds } from '../../core/home/to-notices.ts';
import { readHome } from '../../engine/home/read-home.ts';
import { dismissNotices } from '../../store/notice-dismissal.ts';
import { may } from '../access.ts';
import { toHomeSight } from '../to-sight.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { viewPlaces } from '../view-places.ts';
import { place } from '../views/launch-view.ts';

const homePlace = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('run'), launch: z.string(), run: z.string(), step: z.string().nullable() }),
    z.object({
      kind: z.literal('gate'),
      launch: z.string(),
      gate: z.string(),
      environment: z.string(),
      criterion: z.string().nullable(),
    }),
    z.object({ kind: z.literal('document'), launch: z.string(), at: place }),
    z.object({ kind: z.literal('runs'), launch: z.string() }),
    z.object({ kind: z.literal('queue') }),
  ])
  .meta({ id: 'HomePlace' });

const lane = z.enum(homeLanes).meta({ id: 'HomeLane' });

const homeItem = z
  .object({
    key: z.string(),
    lane,
    launch: z.string().nullable(),
    title: z.string(),
    why: z.string(),
    next: z.enum(homeDeeds),
    place: homePlace,
    who: z.array(z.string()).describe('who can do it; empty where nobody was named'),
    mine: z.boolean(),
    sinceMs: z.number().nullable(),
    untilMs: z.number().nullable(),
    onLimit: z.string().nullable().describe('what happens at the limit; null where nothing does by itself'),
  })
  .meta({ id: 'HomeItem' });

const source = z
  .object({
    kind: z.enum(['documents', 'gates', 'runs', 'approvals', 'alarms']),
    launch: z.string().nullable(),
    trouble: z.string().nullable().describe('why nothing of it is known; null where it answered'),
  })
  .meta({ id: 'HomeSource' });

const home = z
  .object({
    nowMs: z.number(),
    items: z.array(homeItem),
    lanes: z.array(
      z.object({ lane, count: z.int(), mine: z.int(), unavailable: z.array(source) }).meta({ id: 'LaneCount' }),
    ),
    notices: z.array(
      z
        .object({
          key: z.string(),
          kind: z.enum(noticeKinds),
          launch: z.string().nullable(),
          title: z.string(),
          why: z.string(),
          place: homePlace,
          atMs: z.number().nullable(),
          dismissed: z.boolean(),
        })
        .meta({ id: 'HomeNotice' }),
    ),
    sources: z.array(source),
  })
  .meta({ id: 'Home' });

/** Home: what needs the caller now. */
export const homeRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/home',
    id: 'readHome',
    summary: 'What needs the caller now, over all launches that they may see; sources that did not answer are named',
    tag: 'home',
    access: may('launch.view', 'any'),
    response: home,
    shows: ({ result }) => ({ launch: null, toSight: (launch) => toHomeSight(result, launch) }),
    handle: async ({ parts, identity, person }) =>
      readHome(parts, { person: person(), places: await viewPlaces(parts, identity) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/home/notices/dismiss',
    id: 'dismissNotices',
    summary: 'Puts notices away for the caller; what they are about stays as it is',
    tag: 'home',
    access: may('launch.view', 'any'),
    body: z.strictObject({ notices: z.array(z.string().min(1).max(1_000)).min(1).max(1_000) }),
    response: z.object({ dismissed: z.int() }),
    handle: async ({ parts, body, person }) => {
      await dismissNotices(parts.store, person(), body.notices);
      return { dismissed: body.notices.length };
    },
  }),
];
