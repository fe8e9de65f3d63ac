import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';

import type { Shown } from '../engine/acceptance/sight-desk.ts';
import type { Identity } from '../engine/identity/identity.ts';
import type { RouteAccess } from './access.ts';
import type { ApiParts } from './api-parts.ts';

/** What a route answers a request from. */
export interface Call<Params, Query, Body, Who = Identity> {
  params: Params;
  query: Query;
  body: Body;
  /** Who asks; only a public route may meet nobody. */
  identity: Who;
  /** Person id of the launch documents that the account stands for. Throws `permission_denied` where it stands for nobody. */
  person: () => string;
  parts: ApiParts;
  /** Address of the caller. */
  ip: string;
  /** What the caller has seen (`If-Match`, without its quotes); null where it does not say. */
  ifMatch: string | null;
  /** Sets the version that a later `If-Match` or `expectedVersion` has to name; without it a GET gets the digest of its body. */
  setVersion: (version: string) => void;
  /** For answers that are not JSON; whoever writes to it returns nothing. */
  reply: FastifyReply;
  request: FastifyRequest;
}

/** One route, as data: served, described in OpenAPI, and tested for every role from the same place. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api`, with `:name` for parameters. */
  path: string;
  /** Name of the operation in the description and of the function in the client. */
  id: string;
  summary: string;
  tag: string;
  access: RouteAccess;
  params: z.ZodObject | null;
  query: z.ZodObject | null;
  body: z.ZodType | null;
  /** What a good answer looks like; null for one that is not JSON, or empty. */
  response: z.ZodType | null;
  status: number;
  /** Media type of an answer that is not JSON. */
  produces: string | null;
  /** Whether a good answer holds what is shown once and kept nowhere, not even for a repetition of the request. */
  isSecret: boolean;
  /** Whether many ask for it again and again: its answer is kept for a moment, see `kept-answers.ts`. Its handler sets no header but the version. */
  isKept: boolean;
  /** What somebody has seen who got this answer, as an acceptance pass keeps it; null for what none asks about. */
  shows: ((seen: Seen<never, never>) => Shown) | null;
  handle: (call: Call<never, never, never>) => Promise<unknown>;
}

/** What was asked for, and what was answered. */
export interface Seen<Params, Result> {
  params: Params;
  result: Result;
}

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

interface RouteWish<P, Q, B, R, A extends RouteAccess> {
  method: Route['method'];
  path: string;
  id: string;
  summary: string;
  tag: string;
  access: A;
  params?: P;
  query?: Q;
  body?: B;
  response?: R;
  status?: number;
  produces?: string;
  isSecret?: boolean;
  isKept?: boolean;
  shows?: (seen: Seen<Output<P>, R extends z.ZodType ? z.input<R> : unknown>) => Shown;
  handle: (
    call: Call<Output<P>, Output<Q>, Output<B>, A extends { kind: 'public' } ? Identity | null : Identity>,
  ) => Promise<R extends z.ZodType ? z.input<R> : unknown>;
}

/** A route whose handler has the types of its schemas. What the schemas do not name is refused with 400 (A37): objects are strict. */
export function defineRoute<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  R extends z.ZodType | undefined = undefined,
  A extends RouteAccess = RouteAccess,
>(wish: RouteWish<P, Q, B, R, A>): Route {
  return {
    ...wish,
    params: wish.params ?? null,
    query: wish.query?.strict() ?? null,
    body: wish.body ?? null,
    response: wish.response ?? null,
    status: wish.status ?? 200,
    produces: wish.produces ?? null,
    isSecret: wish.isSecret ?? false,
    isKept: wish.isKept ?? false,
    shows: wish.shows ?? null,
    handle: wish.handle,
  };
}
