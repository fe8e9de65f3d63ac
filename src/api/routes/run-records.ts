import { z } from 'zod';

import { listHolds } from '../../engine/runs/list-holds.ts';
import { readStepPage } from '../../engine/runs/read-step-page.ts';
import type { Change } from '../../core/procedure/change.ts';
import { toEvents } from '../../core/procedure/to-events.ts';
import { readEvents } from '../../store/event.ts';
import { readStepLogPage } from '../../store/step-record.ts';
import { may } from '../access.ts';
import { toWork } from '../to-sight.ts';
import { readCursor, toCursor } from '../cursor-page.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { holdView } from '../views/run-view.ts';
import { stepPageView, toStepPageView } from '../views/step-page-view.ts';

const ofRun = z.object({ run: z.string() });
const limit = z.coerce.number().int().min(1).max(1_000).default(200);

const logPart = z
  .object({
    step: z.string(),
    attempt: z.int(),
    part: z.int(),
    stream: z.enum(['out', 'err', 'note']),
    atMs: z.number(),
    text: z.string().describe('as it was written: it may end in the middle of a line'),
  })
  .meta({ id: 'LogPart' });

const runEvent = z
  .object({
    cursor: z.int(),
    part: z.int().describe('counts the events of one change; both together name one event'),
    type: z.string(),
    step: z.string().nullable(),
    atMs: z.number(),
    text: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'RunEvent' });

const pastHold = holdView
  .extend({
    lifted: z
      .object({ by: z.string().nullable(), reason: z.string(), atMs: z.number() })
      .nullable()
      .describe('null while it is on'),
  })
  .meta({ id: 'PastHold' });

const logPlace = z.tuple([z.string(), z.int(), z.int()]);

/** What runs left behind: steps, what they said, what happened. */
export const runRecordRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/runs/:run/steps/:step',
    id: 'readStep',
    summary: 'A step of a run: what the document says, what it would do, what happened to it, and who answers for it',
    tag: 'runs',
    access: may('run.view', 'run'),
    params: ofRun.extend({ step: z.string() }),
    response: stepPageView,
    shows: ({ params, result }) => toWork(result.launch, `step:${params.run}/${params.step}`),
    handle: async ({ parts, params }) => {
      const page = await readStepPage(parts.store, params.run, { step: params.step, kinds: parts.stepKinds });
      return toStepPageView(page, await parts.gates.entries(page.view.launch));
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/:run/log',
    id: 'readRunLog',
    summary: 'What the steps of a run said, in pieces, step by step; secrets were taken out before it was kept',
    tag: 'runs',
    access: may('run.view', 'run'),
    params: ofRun,
    query: z.object({ step: z.string().max(200).optional(), cursor: z.string().max(800).optional(), limit }),
    response: z.object({
      items: z.array(logPart),
      cursor: z.string().nullable().describe('ask after this one next; a step that still runs says more later'),
      more: z.boolean(),
    }),
    handle: async ({ parts, params, query }) => {
      const after = readCursor(query.cursor, logPlace);
      const wish = { run: params.run, step: query.step ?? null, after, limit: query.limit + 1 };
      const read = await readStepLogPage(parts.store, wish);
      const items = read.slice(0, query.limit);
      const last = items.at(-1);
      return {
        items: items.map(({ body, at, ...part }) => ({ ...part, text: body, atMs: at.getTime() })),
        cursor: last ? toCursor([last.step, last.attempt, last.part]) : (query.cursor ?? null),
        more: read.length > query.limit,
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/:run/holds',
    id: 'listRunHolds',
    summary: 'Every hold that a run was under, the newest first: who put it and why, and who lifted it and why',
    tag: 'runs',
    access: may('run.view', 'run'),
    params: ofRun,
    response: z.object({ items: z.array(pastHold) }),
    handle: async ({ parts, params }) => ({ items: await listHolds(parts.store, params.run) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/:run/events',
    id: 'listRunEvents',
    summary: 'What happened to a run, in plain words and as data; of one step where it is named',
    tag: 'runs',
    access: may('run.view', 'run'),
    params: ofRun,
    query: z.object({ step: z.string().max(200).optional(), after: z.coerce.number().int().min(0).default(0), limit }),
    response: z.object({
      items: z.array(runEvent),
      cursor: z.int().describe('ask after this one next'),
      more: z.boolean(),
    }),
    handle: async ({ parts, params: { run: id }, query: { step, after, limit: count } }) => {
      const kept = await readEvents(parts.store, after, { run: id, limit: count });
      const told = kept.flatMap(({ cursor, body }) =>
        toEvents({ id }, [body as unknown as Change]).map((event, part) => ({ ...event, cursor, part })),
      );
      return {
        items: told.filter((event) => step === undefined || event.step === step),
        cursor: kept.at(-1)?.cursor ?? after,
        more: kept.length === count,
      };
    },
  }),
];
