import { setTimeout as pause } from 'node:timers/promises';

import type { JsonObject, Trouble } from '@tminus/verify';

import type { Observation, ObserveContext } from '../../../core/check/check.ts';
import { createEgressGuard } from '../guarded-lookup.ts';
import type { ResolveHost } from '../guarded-lookup.ts';
import { sendRequest } from '../send-request.ts';
import type { HopRequest, HopResponse } from '../send-request.ts';
import { loadWorkspaceText } from '../workspace-file.ts';
import type { Probes } from './probes.ts';
import { toProbeSource, toSources } from './reader.ts';
import type { Exchange } from './exchange.ts';
import type { HttpSpec } from './schema.ts';

const redirectStatuses = new Set([301, 302, 303, 307, 308]);
/** Headers that must not travel to another origin. */
const privateHeaders = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** What no request of a probe can change: it is told at once. */
const forGood = new Set(['url_invalid', 'egress_blocked', 'path_missing', 'path_outside', 'aborted']);

/** Sends the request once, or, as a probe, one after the other for as long as it says. A probe that is cut short is trouble: nobody knows the rest. */
export async function observeHttp(
  written: JsonObject,
  context: ObserveContext,
  resolve?: ResolveHost,
): Promise<Observation> {
  const { probe } = written as unknown as HttpSpec;
  if (probe === undefined) return observeOnce(written, context, resolve);
  const startedAt = performance.now();
  const sinceMs = (): number => Math.round(performance.now() - startedAt);
  const from = new Date(context.now()).toISOString();
  const asked: Probes['asked'] = [];
  for (;;) {
    const atMs = sinceMs();
    const last = await observeOnce(written, context, resolve);
    if (context.signal.aborted)
      return inTrouble({ code: 'aborted', message: `expected to ask for ${probe.for} ms, got ${sinceMs()} ms` });
    if (last.trouble !== null && forGood.has(last.trouble.code)) return last;
    asked.push([atMs, sinceMs() - atMs, last.trouble === null ? statusOf(last) : last.trouble.code]);
    const nextMs = Math.max(atMs + probe.every, sinceMs());
    if (nextMs >= probe.for) return { sources: [toProbeSource({ from, asked }), ...last.sources], trouble: null };
    await pause(nextMs - sinceMs(), undefined, { signal: context.signal }).catch(() => undefined);
  }
}

function statusOf({ sources }: Observation): number {
  const { status } = JSON.parse(Buffer.from(sources[0]!.bytes).toString()) as Exchange;
  return status;
}

/** Sends the request and follows redirects as far as the check asks, each hop under the guard and all of them under one time limit. */
async function observeOnce(written: JsonObject, context: ObserveContext, resolve?: ResolveHost): Promise<Observation> {
  const spec = written as unknown as HttpSpec;
  const url = readUrl(spec.url);
  if ('code' in url) return inTrouble(url);
  const ca = spec.ca === null ? { ok: true as const, text: null } : await loadWorkspaceText(context.workspace, spec.ca);
  if (!ca.ok) return inTrouble(ca.trouble);
  const first: HopRequest = {
    method: spec.method,
    url,
    headers: spec.headers,
    body: spec.body,
    ca: ca.text,
    limit: spec.limit,
    guard: createEgressGuard(context.allow, resolve),
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(spec.timeout)]),
  };
  return follow(first, spec, context);
}

async function follow(first: HopRequest, spec: HttpSpec, context: ObserveContext): Promise<Observation> {
  const hops: Exchange['hops'] = [];
  let waitedMs = 0;
  for (let hop = first; ;) {
    const result = await sendRequest(hop);
    if (!result.ok) return inTrouble(result.trouble);
    const { response } = result;
    const location =
      redirectStatuses.has(response.status) && spec.follow > 0 ? response.headers['location'] : undefined;
    if (typeof location !== 'string')
      return toObservation({ hop, hops, response, waitedMs, at: new Date(context.now()).toISOString() });
    hops.push({ url: hop.url.href, status: response.status, location });
    if (hops.length > spec.follow)
      return inTrouble({
        code: 'redirect_limit',
        message: `${first.url.host}: expected at most ${spec.follow} redirects, got more`,
      });
    const target = readUrl(location, hop.url);
    if ('code' in target) return inTrouble(target);
    waitedMs += response.timings.totalMs;
    hop = nextHop(hop, response.status, target);
  }
}

/** An absolute http or https URL without credentials; anything else (file:, gopher:, user@host) is refused by name. */
function readUrl(text: string, base?: URL): URL | Trouble {
  const url = URL.parse(text, base?.href);
  if (!url) return { code: 'url_invalid', message: `expected an absolute URL, got ${text.slice(0, 200)}` };
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { code: 'egress_blocked', message: `expected http or https, got ${url.protocol}` };
  if (url.username !== '' || url.password !== '')
    return { code: 'egress_blocked', message: `expected a URL without credentials, got one for ${url.host}` };
  if (base?.protocol === 'https:' && url.protocol === 'http:')
    return { code: 'redirect_downgrade', message: `${base.host}: expected a redirect to https, got ${url.href}` };
  return url;
}

/** RFC 9110 section 15.4: 303 always, 301 and 302 after POST by custom, go on as GET without a body. */
function nextHop(hop: HopRequest, status: number, url: URL): HopRequest {
  const becomesGet =
    (status === 303 && hop.method !== 'HEAD') || ((status === 301 || status === 302) && hop.method === 'POST');
  const isSameOrigin = url.origin === hop.url.origin;
  const headers = Object.entries(hop.headers).filter(([name]) => {
    const key = name.toLowerCase();
    if (key === 'host' || (!isSameOrigin && privateHeaders.has(key))) return false;
    return !becomesGet || !key.startsWith('content-');
  });
  return { ...hop, url, headers: Object.fromEntries(headers), ...(becomesGet ? { method: 'GET', body: null } : {}) };
}

interface Seen {
  hop: HopRequest;
  hops: Exchange['hops'];
  response: HopResponse;
  waitedMs: number;
  at: string;
}

function toObservation({ hop, hops, response, waitedMs, at }: Seen): Observation {
  const { body, timings, ...rest } = response;
  const total = { ...timings, firstByteMs: timings.firstByteMs + waitedMs, totalMs: timings.totalMs + waitedMs };
  const exchange: Exchange = { url: hop.url.href, method: hop.method, ...rest, hops, at, timings: total };
  return { sources: toSources(exchange, body), trouble: null };
}

function inTrouble(trouble: Trouble): Observation {
  return { sources: [], trouble };
}
