import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A span as a receiver keeps it. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  name: string;
  startMs: number;
  endMs: number;
  attributes: { [name: string]: string | number | boolean };
  /** 0 unset, 1 ok, 2 error. */
  code: number;
  message: string | null;
}

/** A real OTLP/HTTP receiver for the JSON encoding, which refuses what a collector would refuse. */
export interface TraceReceiver {
  /** What `OTEL_EXPORTER_OTLP_ENDPOINT` is set to. */
  endpoint: string;
  port: number;
  spans: ReceivedSpan[];
  /** Attributes of the resources that sent something. */
  resources: { [name: string]: unknown }[];
  /** Bodies and headers, as they came. */
  requests: { body: string; headers: IncomingHttpHeaders }[];
  /** Status of the next answers; 200 from the start. */
  answer: () => { status: number; headers?: Record<string, string>; body?: string };
  until(isSo: (spans: readonly ReceivedSpan[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Opens one on a free port, or on the one given. */
export async function openTraceReceiver(port = 0): Promise<TraceReceiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      receiver.requests.push({ body, headers: request.headers });
      const isOurs = request.method === 'POST' && request.url === '/v1/traces';
      if (!isOurs || request.headers['content-type'] !== 'application/json') return void response.writeHead(404).end();
      const { status, headers, body: said = '{}' } = receiver.answer();
      if (status === 200) take(receiver, body);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(said);
    });
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const own = (server.address() as AddressInfo).port;
  const receiver: TraceReceiver = {
    endpoint: `http://127.0.0.1:${own}`,
    port: own,
    spans: [],
    resources: [],
    requests: [],
    answer: () => ({ status: 200 }),
    async until(isSo) {
      for (let tries = 0; tries < 1_600 && !isSo(receiver.spans); tries += 1) await pause(25);
      if (!isSo(receiver.spans))
        throw new Error(`traces: expected other spans, got ${JSON.stringify(receiver.spans.map(({ name }) => name))}`);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}

interface WireValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string;
  doubleValue?: number;
}

type WireAttributes = { key: string; value: WireValue }[];

interface WireSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: WireAttributes;
  status: { code: number; message?: string };
}

interface WireRequest {
  resourceSpans: {
    resource: { attributes: WireAttributes };
    scopeSpans: { scope: { name: string }; spans: WireSpan[] }[];
  }[];
}

function take(receiver: TraceReceiver, body: string): void {
  for (const { resource, scopeSpans } of (JSON.parse(body) as WireRequest).resourceSpans) {
    receiver.resources.push(toAttributes(resource.attributes));
    receiver.spans.push(...scopeSpans.flatMap(({ spans }) => spans.map(toSpan)));
  }
}

function toSpan({ traceId, spanId, parentSpanId, name, kind, status, ...rest }: WireSpan): ReceivedSpan {
  if (!/^[0-9a-f]{32}$/u.test(traceId) || /^0+$/u.test(traceId)) throw new Error(`trace id ${traceId}`);
  if (!/^[0-9a-f]{16}$/u.test(spanId) || /^0+$/u.test(spanId)) throw new Error(`span id ${spanId}`);
  if (kind !== 1 || ![0, 1, 2].includes(status.code)) throw new Error(`kind ${kind}, status ${status.code}`);
  const [startMs, endMs] = [toMs(rest.startTimeUnixNano), toMs(rest.endTimeUnixNano)];
  if (!(endMs >= startMs && startMs > 1.6e12)) throw new Error(`times ${startMs} ${endMs}`);
  const attributes = toAttributes(rest.attributes);
  const parent = { parentSpanId: parentSpanId ?? null, message: status.message ?? null };
  return { traceId, spanId, name, startMs, endMs, attributes, code: status.code, ...parent };
}

/** Numbers of 64 bits are text in this encoding. */
function toMs(nanos: string): number {
  if (typeof nanos !== 'string' || !/^\d+$/u.test(nanos)) throw new Error(`nanoseconds ${nanos}`);
  return Number(BigInt(nanos) / 1_000n) / 1_000;
}

function toAttributes(attributes: WireAttributes): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value: { stringValue, boolValue, intValue, doubleValue } }) => {
      if (intValue !== undefined && typeof intValue !== 'string') throw new Error(`${key}: integers are text`);
      const value = stringValue ?? boolValue ?? doubleValue ?? (intValue === undefined ? undefined : Number(intValue));
      if (value === undefined) throw new Error(`${key}: no value`);
      return [key, value];
    }),
  );
}
