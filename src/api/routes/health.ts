import { z } from 'zod';

import { takesWrites } from '../../store/takes-writes.ts';
import { open } from '../access.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

const ready = z.object({ ready: z.boolean(), reason: z.string() });

/** What whoever keeps the process running asks. */
export const healthRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/livez',
    id: 'isLive',
    summary: 'Whether the process turns',
    tag: 'health',
    access: open,
    response: z.object({ live: z.literal(true) }),
    handle: async () => Promise.resolve({ live: true as const }),
  }),
  defineRoute({
    method: 'GET',
    path: '/readyz',
    id: 'isReady',
    summary: 'Whether it can do its work: 503 while the store takes no writes, and while the server is ending',
    tag: 'health',
    access: open,
    response: ready,
    handle: async ({ parts, reply }) => {
      const state = await readinessOf(parts);
      if (!state.ready) reply.code(503);
      return state;
    },
  }),
];

/** How long the database may take to say that it is there. */
const patienceMs = 3_000;

/** Whether the server can do its work now, and why not. */
export async function readinessOf(parts: Parameters<Route['handle']>[0]['parts']): Promise<z.output<typeof ready>> {
  if (parts.isLeaving()) return { ready: false, reason: 'the server is ending' };
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), patienceMs).unref());
  const asked = await Promise.race([takesWrites(parts.store).catch((error: unknown) => error as Error), late]);
  if (asked === true) return { ready: true, reason: '' };
  if (asked === null) return { ready: false, reason: `the database did not answer within ${patienceMs} ms` };
  return { ready: false, reason: asked === false ? 'the database takes no writes' : asked.message };
}
