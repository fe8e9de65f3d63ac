import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ProductError } from '../core/error/product-error.ts';

/** Whether the work can be done now, and why not. */
export interface Readiness {
  ready: boolean;
  reason: string;
}

/** What a process says of itself to whoever keeps it running. */
export interface HealthServer {
  /** Port that it listens on. */
  port: number;
  /** From now on readiness is asked of this; before it nothing is ready. */
  becomes(readiness: () => Promise<Readiness>): void;
  close(): Promise<void>;
}

/** How long an answer of readiness is believed: probes of several keepers must not cost a round of questions each. */
const freshMs = 1_000;

/**
 * Answers `GET /livez` with 200 as long as the process turns, and `GET /readyz` with 200 only while it can do its work: not before its stores are open
 * (C27), and not while something that it needs is gone (F11). `address` is `HOST:PORT`; port 0 takes a free one.
 */
export async function serveHealth(address: string): Promise<HealthServer> {
  const { host, port } = readAddress(address);
  let ask: () => Promise<Readiness> = notYet;
  let last: { at: number; answer: Promise<Readiness> } | null = null;
  const readiness = (): Promise<Readiness> => {
    const now = performance.now();
    if (last === null || now - last.at > freshMs) last = { at: now, answer: ask().catch(toUnready) };
    return last.answer;
  };
  const server = createServer((request, response) => {
    if (request.url === '/livez') answer(response, 200, { live: true });
    else if (request.url === '/readyz')
      void readiness().then((state) => answer(response, state.ready ? 200 : 503, { ...state }));
    else answer(response, 404, { expected: '/livez or /readyz' });
  });
  server.listen(port, host);
  await once(server, 'listening').catch((cause: unknown) => {
    throw new ProductError(
      'usage',
      `--health ${address}: expected an address that is free, got ${(cause as Error).message}`,
      {
        hint: 'name another port, or 0 for any that is free',
        cause,
      },
    );
  });
  return {
    port: (server.address() as AddressInfo).port,
    becomes(next) {
      ask = next;
      last = null;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function notYet(): Promise<Readiness> {
  return Promise.resolve({ ready: false, reason: 'the store is being opened' });
}

function toUnready(error: unknown): Readiness {
  return { ready: false, reason: error instanceof Error ? error.message : String(error) };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

function readAddress(address: string): { host: string; port: number } {
  const [, host, port] = /^(.*):(\d{1,5})$/.exec(address) ?? [];
  if (host !== undefined && Number(port) <= 65_535)
    return { host: host.replaceAll(/^\[|\]$/g, ''), port: Number(port) };
  throw new ProductError('usage', `--health: expected HOST:PORT, got ${address}`, { hint: 'such as 127.0.0.1:4100' });
}
