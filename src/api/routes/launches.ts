import { z } from 'zod';

import { may, signedIn } from '../access.ts';
import { ownLaunches } from '../own-launches.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { launchLine, launchView, toLaunchLine, toLaunchView } from '../views/launch-view.ts';

/** Launches. */
export const launchRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches',
    id: 'listLaunches',
    summary: 'Launches that the caller may look at, those that cannot be read, too',
    tag: 'launches',
    access: signedIn,
    response: z.object({ items: z.array(launchLine) }),
    handle: async ({ parts, identity }) => ({ items: (await ownLaunches(parts, identity)).map(toLaunchLine) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch',
    id: 'readLaunch',
    summary: 'A launch as its documents declare it now, with its candidate',
    tag: 'launches',
    access: may('launch.view'),
    params: z.object({ launch: z.string() }),
    query: z.object({ environment: z.string().optional() }),
    response: launchView,
    handle: async ({ parts, params, query }) =>
      toLaunchView(await parts.launches.scene(params.launch, query.environment ?? null)),
  }),
];
