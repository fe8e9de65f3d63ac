import type { FastifyRequest } from 'fastify';

import type { ApiParts } from './api-parts.ts';

/** What a request has that came through somebody else: a proxy on the same machine makes all the world look local. */
const throughOthers = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];
/** What browsers add: a page of anybody can make one ask. */
const ofBrowsers = ['origin', 'sec-fetch-site'];

/**
 * Whether a request may read metrics without signing in: a program of this machine that asks a server which only this machine reaches. The name that was asked for
 * counts, too, so that a name of somebody else which leads here opens nothing (DNS rebinding).
 */
export function isLocalScrape({ scrape }: Pick<ApiParts, 'scrape'>, request: FastifyRequest): boolean {
  if (scrape !== 'this-machine' || !isLoopback(request.socket.remoteAddress ?? '')) return false;
  if ([...throughOthers, ...ofBrowsers].some((name) => request.headers[name] !== undefined)) return false;
  return isLoopback(request.hostname);
}

/** Whether a name or address means this machine and no other. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?|::ffff:127(?:\.\d{1,3}){3})$/u.test(host.toLowerCase());
}
