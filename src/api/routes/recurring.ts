import { z } from 'zod';

import { readRecurring } from '../../engine/recurring/read-recurring.ts';
import { readNow } from '../../store/open-store.ts';
import { may } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { recurringView } from '../views/recurring-view.ts';

/** What recurs. */
export const recurringRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/recurring',
    id: 'listRecurring',
    summary:
      'Procedures that recur, with their last proof, what is due and what was missed; computed now, whether or not a worker runs',
    tag: 'runs',
    access: may('run.view'),
    params: z.object({ launch: z.string() }),
    query: z.object({ environment: z.string().optional() }),
    response: z.object({ nowMs: z.number(), items: z.array(recurringView) }),
    handle: async ({ parts, params, query }) => {
      const { launch, environment } = await parts.launches.scene(params.launch, query.environment ?? null);
      const nowMs = Date.parse(await readNow(parts.store));
      return { nowMs, items: await readRecurring(parts.store, launch, environment.id) };
    },
  }),
];
