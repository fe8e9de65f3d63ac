import { z } from 'zod';

import { healthLimits } from '../../core/metric/judge-health.ts';
import { workQueues } from '../../engine/advance/work-queues.ts';
import { describeJobs } from '../../engine/runs/describe-jobs.ts';
import { wishWorker } from '../../engine/worker/wish-worker.ts';
import { hasQueues } from '../../store/metric.ts';
import { listJobsUnderWay, listWorkers, readWishes } from '../../store/worker.ts';
import type { JobUnderWay, StoredWish, StoredWorker } from '../../store/worker.ts';
import { may } from '../access.ts';
import type { ApiParts } from '../api-parts.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { requireVersion } from '../versions.ts';
import { viewPlaces } from '../view-places.ts';
import { workerView } from '../views/queue-view.ts';

const tag = 'workers';

/** Workers of every machine: what they do, and what people want of them. */
export const workerRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/workers',
    id: 'listWorkers',
    summary:
      'Workers that were heard of within a day and have not left, the newest first, with what their processes carry out',
    tag,
    access: may('run.view', 'any'),
    response: z.object({ items: z.array(workerView) }),
    handle: async ({ parts, identity }) => {
      const workers = await listWorkers(parts.store);
      const wishes = await readWishes(
        parts.store,
        workers.map(({ id }) => id),
      );
      const jobs = await listJobs(parts);
      const places = await viewPlaces(parts, identity);
      const isSeen = ({ work: { place } }: Job): boolean =>
        place === null ||
        places.some(({ launch, environment }) => launch === place.launch && environment === place.environment);
      const seen = jobs.filter(isSeen);
      return { items: workers.map((worker) => toView(worker, wishes.get(worker.id) ?? null, seen)) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/workers/:worker/wish',
    id: 'wishOfWorker',
    summary:
      'Drains a worker, lets it work again, or gives it more or fewer slots; it follows within seconds, on any machine',
    tag,
    access: may('queue.requeue', 'any'),
    params: z.object({ worker: z.string() }),
    body: z.strictObject({
      slots: z.int().min(1).max(64).nullable().describe('null leaves them as they are'),
      drain: z.boolean(),
      reason: z.string().trim().min(3).max(1_000),
      expectedVersion: z.string(),
    }),
    response: z.object({ worker: z.string(), slots: z.int().nullable(), drain: z.boolean() }),
    status: 202,
    handle: async ({ parts, params, body, person }) => {
      const { expectedVersion, ...wish } = body;
      await wishWorker(parts.store, parts.launches, {
        ...wish,
        worker: params.worker,
        person: person(),
        demandSeen: (version) => requireVersion(`wishes about ${params.worker}`, expectedVersion, version),
      });
      return { worker: params.worker, slots: wish.slots, drain: wish.drain };
    },
  }),
];

type Job = JobUnderWay & { work: Awaited<ReturnType<typeof describeJobs>>[number] };

async function listJobs({ store }: ApiParts): Promise<Job[]> {
  if (!(await hasQueues(store))) return [];
  const jobs = await listJobsUnderWay(
    store,
    workQueues.map(({ name }) => name),
  );
  const works = await describeJobs(store, jobs);
  return jobs.map((job, index) => ({ ...job, work: works[index]! }));
}

function toView(worker: StoredWorker, wish: StoredWish | null, jobs: readonly Job[]): z.input<typeof workerView> {
  const { startedAt, state, silentMs, launches, ...rest } = worker;
  const own = jobs.filter(({ host, pid }) => host === worker.host && pid === worker.pid);
  return {
    ...rest,
    silentMs,
    startedAt: startedAt.toISOString(),
    state: silentMs > healthLimits.silentMs ? 'silent' : state === 'gone' ? 'draining' : state,
    launches: launches.map((checkout) => {
      const at = checkout.indexOf('@');
      return { launch: checkout.slice(0, at), planHash: checkout.slice(at + 1) };
    }),
    wish: wish && {
      slots: wish.slots,
      drain: wish.drain,
      person: wish.person,
      reason: wish.reason,
      at: wish.at.toISOString(),
    },
    jobs: own.map(({ work, claimedAt }) => ({ work, claimedAt: claimedAt.toISOString() })),
    wishVersion: wish?.id ?? '0',
  };
}
