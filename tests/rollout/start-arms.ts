import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Arm } from '../../src/core/rollout/rollout.ts';

/** One arm: an app that counts what it answers, with a fault that can be switched. */
export interface TestArm {
  port: number;
  /** Page of its counters, in the text format. */
  metrics: string;
  /** Requests that it has had, its own page left out. */
  readonly requests: number;
  /** When the first of them was answered with 500; null where none was. */
  readonly firstBadAtMs: number | null;
  /** From now on every `n`-th request is answered with 500; 0 for none. */
  failEvery(n: number): void;
  stop(): Promise<void>;
}

/** Starts the app of an arm. */
export async function startArm(arm: Arm): Promise<TestArm> {
  let every = 0;
  let requests = 0;
  let bad = 0;
  let firstBadAtMs: number | null = null;
  const page = (): string =>
    [
      '# TYPE http_requests_total counter',
      `http_requests_total{arm="${arm}",code="200"} ${requests - bad}`,
      `http_requests_total{arm="${arm}",code="500"} ${bad}`,
      '',
    ].join('\n');
  const server = createServer((request, response) => {
    if (request.url === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      return void response.end(page());
    }
    requests += 1;
    const fails = every > 0 && requests % every === 0;
    if (fails) bad += 1;
    if (fails) firstBadAtMs ??= Date.now();
    response.writeHead(fails ? 500 : 200, { 'x-arm': arm }).end(arm);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    metrics: `http://127.0.0.1:${port}/metrics`,
    get requests() {
      return requests;
    },
    get firstBadAtMs() {
      return firstBadAtMs;
    },
    failEvery: (n) => void (every = n),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
