import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface LedgerCall {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A real HTTP server that takes orders by idempotency key: a repeat of a key is answered again and counted once. */
export interface LedgerServer {
  url: string;
  host: string;
  calls: LedgerCall[];
  /** Orders that took effect since the start or `clear`. */
  effects(): number;
  clear(): void;
  stop(): Promise<void>;
}

/** Starts it on 127.0.0.1: `POST /orders` takes, `GET /orders` counts, `POST /no` refuses, `/slow` never answers, `/echo` sends all headers back with status 500. */
export async function startLedgerServer(): Promise<LedgerServer> {
  const calls: LedgerCall[] = [];
  const orders = new Map<string, string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { method = '', url: path = '', headers } = request;
      calls.push({ method, path, headers, body });
      if (path === '/slow') return;
      const reply = (status: number, value: unknown): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      if (path === '/echo') return reply(500, headers);
      if (path !== '/orders') return reply(path === '/no' ? 422 : 404, { error: 'no' });
      if (method === 'POST') orders.set(String(headers['idempotency-key']), body);
      reply(method === 'POST' ? 201 : 200, { count: orders.size });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    calls,
    effects: () => orders.size,
    clear: () => orders.clear(),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
