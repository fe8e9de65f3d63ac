import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';

import { ProductError } from '../core/error/product-error.ts';
import { openSightDesk } from '../engine/acceptance/sight-desk.ts';
import { openAnswerMeter } from '../engine/monitor/answer-meter.ts';
import { openAnswerTimes } from '../engine/monitor/answer-times.ts';
import type { ApiParts } from './api-parts.ts';
import { describeApi } from './describe-api.ts';
import { openRightsWatch } from './events/watch-rights.ts';
import { passToIdentity } from './identity-routes.ts';
import { countAnswers } from './count-answers.ts';
import { logRequests, toRequestId } from './log-requests.ts';
import { watchRequests } from './open-requests.ts';
import { sendProblem } from './problem.ts';
import { registerRoute } from './register-route.ts';
import { routes } from './routes.ts';
import { servePages } from './serve-pages.ts';
import { takeRequests } from './take-requests.ts';
import { SharedCounts } from './shared-counts.ts';

/** A server of the API and of the web UI. */
export interface ApiServer {
  app: FastifyInstance;
  /** Listens and returns the port; 0 takes a free one. */
  listen(address: { host: string; port: number }): Promise<number>;
  /** Says "not ready" for `lameDuckMs`, so that balancers turn away, then ends streams and finishes what is under way. */
  close(options?: { lameDuckMs?: number }): Promise<void>;
}

/** Largest body of a request, in bytes: launch documents are the largest thing that comes in. */
const bodyLimit = 2_000_000;

/** Builds the server: every route admitted, limited and described from the same definitions. Nothing listens yet. */
export async function openApiServer(
  given: Omit<ApiParts, 'isLeaving' | 'streams' | 'rights' | 'sights' | 'answers' | 'times'>,
): Promise<ApiServer> {
  let isLeaving = false;
  const rights = openRightsWatch(given);
  const sights = openSightDesk(given.store);
  const answers = openAnswerMeter();
  const times = openAnswerTimes();
  const parts: ApiParts = { ...given, isLeaving: () => isLeaving, streams: new Set(), rights, sights, answers, times };
  const app = createApp();
  countAnswers(app, answers, times);
  logRequests(app, parts);
  const requests = watchRequests(app.server);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, parts.report));
  app.setNotFoundHandler((request, reply) => sendProblem(notFound(request), request, reply, parts.report));
  await protect(app, parts);
  takeRequests(app);
  await describeApi(app, parts);
  await passToIdentity(app, parts);
  for (const route of routes) registerRoute(app, parts, route);
  await servePages(app, parts);
  return {
    app,
    async listen({ host, port }) {
      await app.listen({ host, port });
      const address = app.server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    async close({ lameDuckMs = 0 } = {}) {
      isLeaving = true;
      if (lameDuckMs > 0) await new Promise((resolve) => setTimeout(resolve, lameDuckMs));
      for (const end of parts.streams) end();
      await Promise.all([app.close(), requests.letGo()]);
      await rights.close();
    },
  };
}

function createApp(): FastifyInstance {
  return fastify({
    bodyLimit,
    genReqId: toRequestId,
    trustProxy: false,
    forceCloseConnections: 'idle',
    // Where every scraper looks unless told otherwise.
    rewriteUrl: ({ url = '/' }) => url.replace(/^\/metrics(?=$|\?)/u, '/api/metrics'),
  });
}

/** Headers, limits and load shedding that hold for every answer. */
async function protect(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const secure = parts.baseUrl.startsWith('https:');
  await app.register(helmet, {
    // Pages have a policy of their own with a nonce; nothing that the API sends is ever shown as a page.
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    // Not "no-referrer": under that browsers leave the origin out of our own changes, too, and it is what they are believed by.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
  });
  await app.register(underPressure, {
    maxEventLoopDelay: parts.limits.lateMs,
    retryAfter: 5,
    pressureHandler: (request, _reply, type) => {
      // Whoever keeps the process running must still hear that it lives, and people must still be able to stop a run. A file of the page costs little, and one that
      // does not come leaves the page empty, which asks for nothing again by itself.
      if (
        request.method !== 'GET' ||
        !request.url.startsWith('/api/') ||
        ['/api/livez', '/api/readyz', '/api/metrics'].includes(request.routeOptions.url ?? '')
      )
        return;
      throw new ProductError('overloaded', `server: expected time for another request, got ${type}`, {
        hint: 'repeat the request after a few seconds',
      });
    },
  });
  await app.register(rateLimit, {
    global: false,
    store: SharedCounts,
    keyGenerator: (request) => request.ip,
    errorResponseBuilder: (_request, { max, after }) =>
      new ProductError('too_many_requests', `requests: expected at most ${max} a minute, got more`, {
        hint: `wait ${after} and repeat the request`,
      }),
  });
}

function notFound({ method, url }: { method: string; url: string }): ProductError {
  const path = url.split('?')[0] ?? '';
  return new ProductError('route_unknown', `${method} ${path}: expected a route of this API, got none`, {
    hint: 'look at /api/openapi.json',
  });
}
