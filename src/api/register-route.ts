import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { ProductError } from '../core/error/product-error.ts';
import type { Shown } from '../engine/acceptance/sight-desk.ts';
import type { Identity } from '../engine/identity/identity.ts';
import { describeAccess } from './access.ts';
import { admit, addressOf, personOf } from './admit.ts';
import type { ApiParts } from './api-parts.ts';
import { askerOf, identifyAsker } from './asker.ts';
import { keepAnswer, noteChange } from './kept-answers.ts';
import type { Answer } from './kept-answers.ts';
import { leavingError } from './leaving-error.ts';
import { isLocalScrape } from './local-scrape.ts';
import { limitOf } from './limit-of.ts';
import { carryOutOnce } from './once.ts';
import { problemSchema } from './problem.ts';
import type { Call, Route } from './route.ts';
import { toHeaders } from './to-headers.ts';
import { toVersion } from './versions.ts';

type AnyCall = Call<never, never, never>;

/** Serves one route: who asks, may they, was it asked before, then its handler; a change from a page of another origin is refused (A22). */
export function registerRoute(app: FastifyInstance, parts: ApiParts, route: Route): void {
  app.route({
    method: route.method,
    url: `/api${route.path}`,
    schema: toSchema(route),
    config: { rateLimit: limitOf(parts, route) },
    // Before the limit is looked at, which is counted by who somebody is and not by what they call themselves.
    onRequest: (request) => identifyAsker(parts, request),
    // After the limit, and before a body is read or anything is held against the schema: whoever is not let in learns nothing of what the route takes.
    preParsing: async (request) => {
      if (parts.isLeaving() && route.method !== 'GET') throw leavingError();
      const isOpenHere = route.access.kind === 'permission' && route.access.isOpenHere === true;
      if (!isOpenHere || !isLocalScrape(parts, request))
        await admit(parts, route.access, askerOf(request), targetOf(request));
      refuseForeignOrigin(parts, route, request);
    },
    handler: async (request, reply) => {
      const identity = askerOf(request);
      refuseBody(route, request);
      const call = toCall(parts, identity, request, reply);
      if (route.method === 'GET') return answerGet(route, call, request, reply);
      return answerChange({ route, call, parts, account: identity?.account ?? `address ${addressOf(request)}` });
    },
  });
}

async function answerGet(route: Route, call: AnyCall, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { response } = route;
  if (response === null) return (await route.handle(call)) ?? reply;
  const make = async (): Promise<Answer> => {
    const result = await route.handle(call);
    if (reply.sent) return { body: '', etag: '', shown: null };
    const body = JSON.stringify(response.encode(result));
    const shown = route.shows?.({ params: call.params, result: result as never }) ?? null;
    return { body, etag: String(reply.getHeader('etag') ?? `"${toVersion(body)}"`), shown };
  };
  const { identity, parts } = call;
  const { body, etag, shown } = await (route.isKept ? keepAnswer(parts, { identity, url: request.url }, make) : make());
  if (reply.sent) return reply;
  if (shown !== null && identity.person !== null) await keepSight(parts, identity.person, shown);
  reply.header('etag', etag).header('cache-control', 'private, no-cache');
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.code(route.status).type('application/json; charset=utf-8').serializer(asItIs).send(body);
}

/** What cannot be kept is missing in the pass, and takes nothing of the answer with it. */
async function keepSight({ sights, report }: ApiParts, person: string, shown: Shown): Promise<void> {
  try {
    await sights.keep(person, shown);
  } catch (error) {
    report(error);
  }
}

interface Change {
  route: Route;
  call: AnyCall;
  parts: ApiParts;
  account: string;
}

async function answerChange({ route, call, parts, account }: Change): Promise<unknown> {
  const { reply, request } = call;
  noteChange(parts);
  const answer = await carryOutOnce(parts.store, { request, account, isSecret: route.isSecret }, reply, async () => {
    const result = await route.handle(call);
    return { status: route.status, body: route.response === null ? '' : JSON.stringify(route.response.encode(result)) };
  }).finally(() => noteChange(parts));
  if (reply.sent) return reply;
  reply.code(answer.status).header('cache-control', 'no-store');
  if (answer.body === '') return reply.send();
  return reply.type('application/json; charset=utf-8').serializer(asItIs).send(answer.body);
}

/** An address says nothing that its route does not look at: `?environment=` would else be asked about and not acted on (A36). */
const noQuery = z.strictObject({});

const asItIs = (text: unknown): string => text as string;

function toCall(parts: ApiParts, identity: Identity | null, request: FastifyRequest, reply: FastifyReply): AnyCall {
  const { params, query, body } = request as unknown as { params: never; query: never; body: never };
  const seen = request.headers['if-match'];
  return {
    params,
    query,
    body,
    identity: identity as Identity,
    person: () => personOf(identity),
    parts,
    ip: addressOf(request),
    ifMatch: seen === undefined ? null : seen.replaceAll(/^(?:W\/)?"|"$/gu, ''),
    setVersion: (version) => void reply.header('etag', `"${version}"`),
    reply,
    request,
  };
}

/** A page of another origin can make a browser send a change, cookies and all (A22). Reports of the browser itself carry no right. */
function refuseForeignOrigin({ identity, baseUrl }: ApiParts, { path }: Route, request: FastifyRequest): void {
  const headers = toHeaders(request);
  if (path === '/browser-reports' || identity.allowsOrigin({ method: request.method, headers })) return;
  throw new ProductError('origin_refused', `origin: expected ${baseUrl}, got ${headers.get('origin') ?? 'none'}`, {
    hint: `open the cockpit at ${baseUrl}, or start the server with --url and the address that people use`,
  });
}

/** What a route would not look at is refused like an unknown field: whoever sent it thinks that it counts (A37). */
function refuseBody({ body: schema }: Route, { body }: FastifyRequest): void {
  if (schema !== null || body === undefined || body === null) return;
  if (typeof body === 'object' && Object.keys(body).length === 0) return;
  throw new ProductError('request_invalid', 'body: expected none, got one', {
    hint: 'leave it out; /api/openapi.json says what the route takes',
  });
}

function targetOf(request: FastifyRequest): { launch: string | null; run: string | null; environment: string | null } {
  const params = (request.params ?? {}) as Record<string, string | undefined>;
  const query = (request.query ?? {}) as Record<string, unknown>;
  const { environment } = query;
  return {
    launch: params['launch'] ?? null,
    run: params['run'] ?? null,
    environment: typeof environment === 'string' ? environment : null,
  };
}

/** What Fastify validates by, and what the description is made from. */
function toSchema(route: Route): Record<string, unknown> {
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.tag],
    'x-tminus-access': describeAccess(route.access),
    ...(route.params && { params: route.params }),
    querystring: route.query ?? noQuery,
    ...(route.body && { body: route.body }),
    ...(route.produces && { produces: [route.produces] }),
    response: {
      ...(route.response && { [route.status]: route.response }),
      default: problemSchema,
    },
  };
}
