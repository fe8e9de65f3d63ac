import type { JsonObject, Trouble } from '@tminus/verify';

import type { Observation, ObserveContext, ObservedSource } from '../../../core/check/check.ts';
import { createEgressGuard } from '../guarded-lookup.ts';
import { sendRequest } from '../send-request.ts';
import type { HopRequest } from '../send-request.ts';
import { sourceNames } from './parse-answer.ts';
import { toSource } from './reader.ts';
import { prometheusSchema } from './schema.ts';
import type { PrometheusSpec } from './schema.ts';

const mostBytes = 8 * 1024 * 1024;
/** The API answers these with a JSON body that says what was wrong with the query. */
const speaking = new Set([200, 400, 422, 503]);

/** Asks the server at the caller's time; for an instant it asks a second time, for the times of the samples. */
export async function observePrometheus(asked: JsonObject, context: ObserveContext): Promise<Observation> {
  const spec = prometheusSchema.parse(asked);
  const token = spec.tokenEnv === undefined ? null : process.env[spec.tokenEnv];
  if (token === undefined) {
    const message = `tokenEnv: expected the variable ${spec.tokenEnv} in the environment, got none`;
    return { sources: [], trouble: { code: 'configuration', message } };
  }
  const at = context.now();
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(spec.timeout)]);
  const ask = (parameters: { [name: string]: string }): Promise<Answered> =>
    send({ spec, parameters, token, guard: createEgressGuard(context.allow), signal });
  const answer = await ask(spec.range === 0 ? instantOf(spec.query, at, spec) : rangeOf(at, spec));
  if ('code' in answer) return { sources: [], trouble: answer };
  const request = toSource(sourceNames.request, { at });
  const response = { ...answer, name: sourceNames.response };
  if (spec.range !== 0) return { sources: [request, response], trouble: null };
  // A comment at the end of the query must not swallow the bracket.
  const times = await ask(instantOf(`timestamp(${spec.query}\n)`, at, spec));
  if ('code' in times) return { sources: [], trouble: times };
  const isAnswered = Buffer.from(times.bytes).includes('"success"');
  // timestamp() takes vectors only: of a scalar, the time of the answer is that of the sample.
  const more = isAnswered ? [{ ...times, name: sourceNames.timestamps }] : [];
  return { sources: [request, response, ...more], trouble: null };
}

function instantOf(query: string, at: number, { maxAge, timeout }: PrometheusSpec): { [name: string]: string } {
  // With it the server itself leaves samples out that are too old, also those behind an aggregate.
  return { query, time: String(at / 1000), timeout: `${timeout}ms`, lookback_delta: `${maxAge}ms` };
}

function rangeOf(at: number, { query, range, step, timeout, maxAge }: PrometheusSpec): { [name: string]: string } {
  const [start, end] = [(at - range) / 1000, at / 1000];
  const window = { start: String(start), end: String(end), step: `${step}ms` };
  return { query, ...window, timeout: `${timeout}ms`, lookback_delta: `${Math.min(maxAge, 300_000)}ms` };
}

type Answered = ObservedSource | Trouble;

interface Sending {
  spec: PrometheusSpec;
  parameters: { [name: string]: string };
  token: string | null;
  guard: HopRequest['guard'];
  signal: AbortSignal;
}

async function send({ spec, parameters, token, guard, signal }: Sending): Promise<Answered> {
  const path = 'start' in parameters ? 'query_range' : 'query';
  const url = URL.parse(`${spec.url.replace(/\/+$/, '')}/api/v1/${path}?${String(new URLSearchParams(parameters))}`);
  if (!url) return { code: 'configuration', message: `url: expected an http or https url, got ${spec.url}` };
  const headers: { [name: string]: string } = token === null ? {} : { authorization: `Bearer ${token}` };
  const sent = await sendRequest({
    method: 'GET',
    url,
    headers,
    body: null,
    ca: null,
    limit: mostBytes,
    guard,
    signal,
  });
  if (!sent.ok) return sent.trouble;
  const { status, body } = sent.response;
  if (speaking.has(status)) return { name: '', mediaType: 'application/json', bytes: body };
  return { code: 'http_status', message: `${url.host}: expected status 200, got ${status}` };
}
