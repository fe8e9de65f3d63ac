import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import fastify from 'fastify';

import { answerParent } from './answer-parent.ts';

/** The least that a server can do: bare Fastify that sends the same bytes, and plain Node that writes the same frame to every stream. */
const app = fastify();
let body = '{}';
app.get('/read', (_request, reply) => reply.type('application/json; charset=utf-8').send(body));
await app.listen({ host: '127.0.0.1', port: 0 });

const streams = new Set<ServerResponse>();
const plain = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('retry: 2000\n\n');
  streams.add(response);
  response.once('close', () => streams.delete(response));
});
await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
const portOf = (address: unknown): number => (address as AddressInfo).port;
let written = 0;

answerParent({
  ready: async () => ({
    url: `http://127.0.0.1:${portOf(app.server.address())}`,
    streams: `http://127.0.0.1:${portOf(plain.address())}`,
  }),
  body: async (text) => {
    body = text as string;
    return {};
  },
  emit: async () => {
    written += 1;
    const place = written;
    const atMs = performance.timeOrigin + performance.now();
    const data = {
      cursor: place,
      run: null,
      number: null,
      type: 'system.notice',
      at: '',
      body: { place },
      launch: null,
    };
    const frame = Buffer.from(`id: ${place}\nevent: system.notice\ndata: ${JSON.stringify(data)}\n\n`);
    for (const response of streams) response.write(frame);
    return { place, atMs };
  },
  end: async () => {
    plain.closeAllConnections();
    plain.close();
    await app.close();
    return {};
  },
});
