import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A request that a receiver got, byte for byte. */
export interface Received {
  path: string;
  headers: Record<string, string | undefined>;
  body: string;
}

/** A real server that webhooks send to. */
export interface Receiver {
  url: string;
  host: string;
  received: Received[];
  /** Status and headers of the next answers; 204 from the start. */
  answer: (request: Received) => { status: number; headers?: Record<string, string> };
  /** Waits until so many requests came; throws where they never do. */
  until(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens one on the loopback, which nobody may send to who is not allowed. */
export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = request.headers as Received['headers'];
      const got = { path: request.url ?? '', headers, body: Buffer.concat(chunks).toString() };
      received.push(got);
      const answer = receiver.answer(got);
      response.writeHead(answer.status, answer.headers).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    host: `127.0.0.1:${port}`,
    received,
    answer: () => ({ status: 204 }),
    async until(count) {
      for (let tries = 0; tries < 2_400 && received.length < count; tries++) await pause(25);
      if (received.length < count) throw new Error(`receiver: expected ${count} requests, got ${received.length}`);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
