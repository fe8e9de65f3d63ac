import { z } from 'zod';

import { ProductError } from '../../core/error/product-error.ts';
import { signedIn } from '../access.ts';
import { leavingError } from '../leaving-error.ts';
import { readView } from '../may-view.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { gapAfter } from '../events/gap-after.ts';
import { openStream } from '../events/open-stream.ts';
import { wants } from '../events/wants.ts';

const event = z
  .object({
    cursor: z.int(),
    run: z.string().nullable(),
    launch: z.string().nullable(),
    number: z.int().nullable(),
    type: z.string(),
    at: z.string(),
    body: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });

const filter = z.object({
  launch: z.string().max(200).optional(),
  run: z.string().max(200).optional(),
  type: z.string().max(200).optional().describe('types or families, with commas between: step.failed,approval'),
});

/** What happened, as a list and as a stream (O15). */
export const eventRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/events',
    id: 'listEvents',
    isKept: true,
    summary:
      'Events after a cursor in their order; asked again with the last cursor nothing is missed and nothing told twice',
    tag: 'events',
    access: signedIn,
    query: filter.extend({
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(1_000).default(200),
    }),
    response: z.object({
      items: z.array(event),
      cursor: z.int().describe('ask after this one next'),
      gap: z
        .object({ after: z.int(), before: z.int() })
        .nullable()
        .describe('events between these two are no longer kept; null where nothing is missing'),
    }),
    handle: async ({ parts, query, identity }) => {
      const view = await readView(parts, identity);
      const head = parts.events.cursor;
      const read = await parts.events.readAfter(query.after, query.limit);
      const gap = gapAfter(query.after, read, head);
      const items = read.filter((one) => view.shows(one) && wants(query, one));
      return {
        items: items.map(({ event: each, launch }) => ({ ...each, launch })),
        cursor: read.at(-1)?.event.cursor ?? (gap === null ? query.after : gap.before - 1),
        gap,
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/events/stream',
    id: 'streamEvents',
    summary:
      'The same as Server-Sent Events; goes on after Last-Event-ID, or after the query `after`, else with what is new',
    tag: 'events',
    access: signedIn,
    query: filter.extend({ after: z.coerce.number().int().min(0).optional() }),
    produces: 'text/event-stream',
    handle: async ({ parts, query, identity, request, reply }) => {
      if (parts.isLeaving()) throw leavingError();
      const after = readLastId(request.headers['last-event-id']) ?? query.after ?? parts.events.cursor;
      let end = (): void => void reply.raw.destroy();
      const watched = await parts.rights.watch(identity, () => end());
      if (parts.isLeaving() || reply.raw.destroyed) {
        watched.stop();
        throw leavingError();
      }
      end = openStream(parts, {
        request,
        reply,
        after,
        accepts: (one) => watched.view.shows(one) && wants(query, one),
        concerns: (launch) =>
          watched.view.concerns(launch) &&
          (query.launch === undefined || query.launch === launch) &&
          query.type === undefined,
        onEnd: () => watched.stop(),
      });
    },
  }),
];

function readLastId(header: string | string[] | undefined): number | null {
  if (header === undefined || header === '') return null;
  const id = Number(header);
  if (Number.isSafeInteger(id) && id >= 0 && /^\d{1,16}$/u.test(String(header))) return id;
  throw new ProductError(
    'request_invalid',
    `header Last-Event-ID: expected the id of an event, got ${String(header).slice(0, 40)}`,
    {
      hint: 'send the id that the last event had, or leave the header out',
    },
  );
}
