import { z } from 'zod';

import { workQueues } from '../../engine/advance/work-queues.ts';
import { readDeliveryHealth } from '../../engine/delivery/read-health.ts';
import { actOnLetters, listLetters, mostLetters } from '../../engine/runs/act-on-letters.ts';
import type { JobWork } from '../../engine/runs/describe-jobs.ts';
import { may } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Call, Route } from '../route.ts';
import { viewPlaces } from '../view-places.ts';
import { letterView, queueView } from '../views/queue-view.ts';

const tag = 'queue';
const deed = z.strictObject({
  letters: z.array(z.uuid()).min(1).max(mostLetters),
  reason: z.string().trim().min(3).max(1_000),
});

/** Queues, and the jobs that nobody could carry out. */
export const queueRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/queues',
    id: 'listQueues',
    summary: 'How every queue is; what cannot be read is unknown, never zero',
    tag,
    access: may('run.view', 'any'),
    response: z.discriminatedUnion('state', [
      z.object({ state: z.literal('known'), queues: z.array(queueView) }),
      z.object({ state: z.literal('unknown'), reason: z.string() }),
    ]),
    handle: async ({ parts }) =>
      readDeliveryHealth(
        parts.store,
        workQueues.map(({ name }) => name),
      ),
  }),
  defineRoute({
    method: 'GET',
    path: '/dead-letters',
    id: 'listDeadLetters',
    summary:
      'Jobs whose tries are used up, and what each would do if it were sent again; of runs that the caller may see',
    tag,
    access: may('run.view', 'any'),
    response: z.object({ items: z.array(letterView), hidden: z.int().describe('how many are of runs elsewhere') }),
    handle: async ({ parts, identity }) => {
      const maySee = await seer(parts, identity);
      const letters = await listLetters(parts.engine);
      const seen = letters.filter(({ work }) => maySee(work));
      return {
        items: seen.map(({ data: _data, job: _job, at, ...letter }) => ({ ...letter, at: at.toISOString() })),
        hidden: letters.length - seen.length,
      };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/dead-letters/requeue',
    id: 'requeueDeadLetters',
    summary: 'Sends dead letters again with all their tries; all that are named, or none',
    tag,
    access: may('queue.requeue', 'any'),
    body: deed,
    response: z.object({ requeued: z.int() }),
    handle: async ({ parts, body, person }) => ({
      requeued: await actOnLetters(parts.engine, parts.launches, { act: 'requeue', ...body, person: person() }),
    }),
  }),
  defineRoute({
    method: 'POST',
    path: '/dead-letters/archive',
    id: 'archiveDeadLetters',
    summary: 'Sets dead letters aside: they are not carried out, and what stands behind them in their runs goes on',
    tag,
    access: may('queue.requeue', 'any'),
    body: deed,
    response: z.object({ archived: z.int() }),
    handle: async ({ parts, body, person }) => ({
      archived: await actOnLetters(parts.engine, parts.launches, { act: 'archive', ...body, person: person() }),
    }),
  }),
];

/** What belongs to no run is for whoever may see any. */
async function seer(
  parts: Call<never, never, never>['parts'],
  identity: Call<never, never, never>['identity'],
): Promise<(work: JobWork) => boolean> {
  const places = await viewPlaces(parts, identity);
  const known = new Set(places.map(({ launch, environment }) => `${launch} ${environment}`));
  return ({ place }) => place === null || known.has(`${place.launch} ${place.environment}`);
}
