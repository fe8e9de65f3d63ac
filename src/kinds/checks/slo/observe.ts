import type { JsonObject } from '@tminus/verify';

import type { Observation, ObserveContext, ObservedSource } from '../../../core/check/check.ts';
import { createEgressGuard } from '../guarded-lookup.ts';
import { sendRequest } from '../send-request.ts';
import { recent, sourceNames, toQuery, wholeStepMs } from './query.ts';
import { toSource } from './reader.ts';
import { sloSchema } from './schema.ts';
import type { SloSpec } from './schema.ts';

const mostBytes = 32 * 1024 * 1024;

/** The API answers these with a JSON body that says what was wrong. */
const speaking = new Set([200, 400, 422, 503]);

/** Asks for the raw counters: the last hours in small steps, the window in large ones. */
export async function observeSlo(asked: JsonObject, context: ObserveContext): Promise<Observation> {
  const spec = sloSchema.parse(asked);
  const token = spec.tokenEnv === undefined ? null : process.env[spec.tokenEnv];
  if (token === undefined) {
    const message = `tokenEnv: expected the variable ${spec.tokenEnv} in the environment, got none`;
    return { sources: [], trouble: { code: 'configuration', message } };
  }
  const at = context.now();
  const ask = (name: string, forMs: number, stepMs: number): ReturnType<typeof fetchRange> =>
    fetchRange({ name, spec, token, context, start: (at - forMs) / 1_000, end: at / 1_000, stepMs });
  const sources: ObservedSource[] = [toSource(sourceNames.request, { at })];
  for (const [name, forMs, stepMs] of [
    [sourceNames.recent, recent.forMs, recent.stepMs],
    [sourceNames.whole, Math.max(spec.window, 73 * 3_600_000), wholeStepMs(spec)],
  ] as const) {
    const answer = await ask(name, forMs, stepMs);
    if ('code' in answer) return { sources: [], trouble: answer };
    sources.push(answer);
  }
  return { sources, trouble: null };
}

interface Asking {
  name: string;
  spec: SloSpec;
  token: string | null;
  context: ObserveContext;
  start: number;
  end: number;
  stepMs: number;
}

async function fetchRange({
  name,
  spec,
  token,
  context,
  start,
  end,
  stepMs,
}: Asking): Promise<ObservedSource | { code: string; message: string }> {
  const query = new URLSearchParams({
    query: toQuery(spec),
    start: String(start),
    end: String(end),
    step: `${stepMs / 1_000}`,
  });
  const url = URL.parse(`${spec.url.replace(/\/+$/, '')}/api/v1/query_range?${String(query)}`);
  if (url === null) return { code: 'configuration', message: `url: expected an http or https url, got ${spec.url}` };
  const sent = await sendRequest({
    method: 'GET',
    url,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    body: null,
    ca: null,
    limit: mostBytes,
    guard: createEgressGuard(context.allow),
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(spec.timeout)]),
  });
  if (!sent.ok) return sent.trouble;
  const { status, body } = sent.response;
  if (speaking.has(status)) return { name, mediaType: 'application/json', bytes: body };
  return { code: 'http_status', message: `${url.host}: expected status 200, got ${status}` };
}
