import type { JsonObject } from '@tminus/verify';
import type { ZodType, output as Output } from 'zod';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { decodeText } from '../decode-text.ts';
import { parseJson } from '../parse-json.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { toReading, Unreadable } from '../unreadable.ts';
import { exchangeSchema } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { readHttpFence } from './read-http-fence.ts';
import { probesSchema, toProbeFacts } from './probes.ts';
import type { Probes, ProbeWish } from './probes.ts';
import { httpSchema } from './schema.ts';

/** Longest part of the body that stands among the facts; `json` and `bytes` are always of the whole body. */
const longestText = 64 * 1024;
const msPerDay = 86_400_000;

/** Reads one HTTP exchange, `exchange.json` and `body`, or the last of a probe beside all of them, `probes.json`. */
export const httpReader: CheckReader = {
  kind: 'http',
  summary:
    'Sends one HTTP request and reads status, headers, JSON, body, latency, redirects and the life of the certificate; or asks for a while, and counts what failed.',
  jsonSchema: toJsonSchema(httpSchema),
  readSpec: (written) => readSchema(httpSchema, written),
  fenceLanguages: ['http'],
  readFence: readHttpFence,
  defaultExpectations: (spec) => (probeOf(spec) === null ? ['status == 200'] : ['probes.failed == 0']),
  parse: (spec, sources) => toReading(() => toAllFacts(probeOf(spec), sources)),
  negativeControl,
};

function probeOf(spec: JsonObject): ProbeWish | null {
  return (spec['probe'] as ProbeWish | undefined) ?? null;
}

function toAllFacts(wish: ProbeWish | null, sources: readonly ObservedSource[]): JsonObject {
  if (wish === null) return toFacts(sources);
  const probes = toProbeFacts(readSource(sources, 'probes.json', probesSchema), wish);
  // Nothing of an exchange where the last request had no answer.
  return sources.length === 1 ? { probes } : { ...toFacts(sources), probes };
}

function toFacts(sources: readonly ObservedSource[]): JsonObject {
  const exchange = readSource(sources, 'exchange.json', exchangeSchema);
  const body = sources.find(({ name }) => name === 'body')?.bytes;
  if (!body) throw new Unreadable('source_missing', 'expected the source body, got none');
  const text = readBody(() => decodeText(body));
  const json = text === null || text.trim() === '' ? undefined : readBody(() => parseJson(body));
  return {
    status: exchange.status,
    url: exchange.url,
    headers: exchange.headers,
    bytes: body.byteLength,
    latency: exchange.timings.totalMs,
    firstByte: exchange.timings.firstByteMs,
    redirects: exchange.hops.map(({ status, location }) => ({ status, location })),
    ...(text === null ? {} : { body: text.slice(0, longestText).toWellFormed() }),
    ...(json === undefined || json === null ? {} : { json }),
    ...(exchange.tls ? { tls: toTlsFacts(exchange.tls, exchange.at) } : {}),
  };
}

function readSource<Schema extends ZodType>(
  sources: readonly ObservedSource[],
  name: string,
  schema: Schema,
): Output<Schema> {
  const source = sources.find((one) => one.name === name);
  if (!source) throw new Unreadable('source_missing', `expected the source ${name}, got none`);
  const read = schema.safeParse(parseJson(source.bytes));
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  throw new Unreadable('malformed', `${name}: ${issue.path.join('.') || 'document'}: ${issue.message}`);
}

/** A body that is not text, or not JSON, has no such fact: expectations on it are unknown, those on the status still count. */
function readBody<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

function toTlsFacts(tls: NonNullable<Exchange['tls']>, at: string): JsonObject {
  return { ...tls, daysLeft: Math.floor((Date.parse(tls.validTo) - Date.parse(at)) / msPerDay) };
}

/** A server that answers nothing useful, too late: status 599 is no server's own, so that a check for a maintenance page (503) can fail on it, too. */
function negativeControl(spec: JsonObject): ObservedSource[] {
  const timeout = typeof spec['timeout'] === 'number' ? spec['timeout'] : 10_000;
  const exchange: Exchange = {
    url: 'https://broken.invalid/',
    method: 'GET',
    status: 599,
    httpVersion: '1.1',
    headers: {},
    hops: [],
    remoteAddress: null,
    at: '2000-01-02T00:00:00.000Z',
    timings: { connectMs: timeout, firstByteMs: timeout, totalMs: timeout },
    tls: { protocol: null, validFrom: '1999-01-01T00:00:00.000Z', validTo: '2000-01-01T00:00:00.000Z' },
  };
  const probe = probeOf(spec);
  const sources = toSources(exchange, new TextEncoder().encode('{}'));
  return probe === null ? sources : [toProbeSource({ from: exchange.at, asked: [[0, probe.for, 599]] }), ...sources];
}

/** The source of a probe. */
export function toProbeSource(probes: Probes): ObservedSource {
  const bytes = new TextEncoder().encode(JSON.stringify(probes));
  return { name: 'probes.json', mediaType: 'application/json', bytes };
}

/** The two sources of an exchange. */
export function toSources(exchange: Exchange, body: Uint8Array): ObservedSource[] {
  const type = exchange.headers['content-type'];
  const mediaType = typeof type === 'string' && /^[\w.+-]+\/[\w.+-]+/.test(type) ? type : 'application/octet-stream';
  return [
    { name: 'exchange.json', mediaType: 'application/json', bytes: new TextEncoder().encode(JSON.stringify(exchange)) },
    { name: 'body', mediaType, bytes: body },
  ];
}
