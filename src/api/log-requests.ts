import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import type { FastifyInstance } from 'fastify';

import type { ApiParts } from './api-parts.ts';
import { askerOf } from './asker.ts';

/** The id of a request: the one that it brought, where that reads like an id, or a new one. */
export function toRequestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const brought = headers['x-request-id'];
  return typeof brought === 'string' && /^[\w.:-]{8,128}$/u.test(brought) ? brought : randomUUID();
}

/** Asked by machines every few seconds: lines of them would hide the others. */
const quiet = new Set(['/api/livez', '/api/readyz', '/api/metrics']);

/** Gives every answer the id of its request, and writes a line for each: who asked for which route, and never what stood in the address or the body. */
export function logRequests(app: FastifyInstance, { log }: Pick<ApiParts, 'log'>): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    if (log === null || quiet.has(route) || !route.startsWith('/api/')) return;
    const { run, shift, step } = (request.params ?? {}) as { run?: string; shift?: string; step?: string };
    const about = {
      ...(run !== undefined && { run }),
      ...(shift !== undefined && { shift }),
      ...(step !== undefined && { step }),
    };
    log.write(reply.statusCode >= 500 ? 'error' : 'info', `${request.method} ${route} ${reply.statusCode}`, {
      request: request.id,
      ...about,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      account: askerOf(request)?.account ?? 'none',
    });
  });
}
