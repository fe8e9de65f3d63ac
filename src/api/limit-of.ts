import type { RateLimitOptions } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';

import { addressKey } from './address-key.ts';
import type { ApiParts } from './api-parts.ts';
import { askerOf } from './asker.ts';
import type { Route } from './route.ts';
import { windowMs } from './shared-counts.ts';

/**
 * How often a route may be asked for in a minute (T22): a token so many times in all, an address so many times in all, and a session for each route, because a cockpit
 * asks for many things at once. Who asks is what identity says: a token or session that nobody knows counts against the address, because making up another one costs
 * nothing (A40).
 */
export function limitOf({ limits }: ApiParts, route: Route): RateLimitOptions {
  if (route.tag === 'sign-in')
    return { max: limits.signIn, timeWindow: windowMs, keyGenerator: (request) => `sign-in ${addressKey(request)}` };
  return {
    timeWindow: windowMs,
    max: (request) => limits[askerOf(request)?.via ?? 'anonymous'],
    keyGenerator: (request) => keyOf(request, route),
  };
}

function keyOf(request: FastifyRequest, route: Route): string {
  const asker = askerOf(request);
  if (asker === null) return addressKey(request);
  return asker.via === 'session' ? `session ${asker.session} ${route.id}` : `token ${asker.session}`;
}
