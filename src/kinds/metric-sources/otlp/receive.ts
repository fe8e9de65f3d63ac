import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGunzip } from 'node:zlib';

import type { SeriesStore } from '../series-store.ts';
import { parseMetrics } from './parse-metrics.ts';

const mostBytes = 8 * 1024 ** 2;

/** Takes one export request into the store and answers as OTLP/HTTP asks for: 200 with what was refused, 400 for what cannot be read. */
export async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  { store, now }: { store: SeriesStore; now: () => number },
): Promise<void> {
  const answer = (status: number, body: object): void => {
    response.writeHead(status, {
      'content-type': 'application/json',
      connection: status === 200 ? 'keep-alive' : 'close',
    });
    response.end(JSON.stringify(body));
  };
  if (request.method !== 'POST' || request.url !== '/v1/metrics')
    return answer(404, { message: 'expected POST /v1/metrics' });
  if (!(request.headers['content-type'] ?? '').startsWith('application/json'))
    return answer(415, { message: 'expected application/json: set the protocol of the exporter to http/json' });
  const text = await readBody(request).catch(() => null);
  const counts = text === null ? null : parseMetrics(text);
  if (counts === null) {
    store.lost.count += 1;
    store.lost.last = 'an export request that cannot be read, or is larger than 8 MiB';
    return answer(400, { message: 'expected an export request of metrics as JSON' });
  }
  const refused = counts.filter((count) => !store.receive(count, now())).length;
  answer(
    200,
    refused === 0 ? {} : { partialSuccess: { rejectedDataPoints: String(refused), errorMessage: store.lost.last } },
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const stream = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new RangeError('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
