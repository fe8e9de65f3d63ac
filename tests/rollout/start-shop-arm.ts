import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Arm } from '../../src/core/rollout/rollout.ts';

/** One arm of a shop that answers in JSON, with a clock that is noise, and with counters of its own. */
export interface ShopArm {
  url: string;
  metrics: string;
  /** Methods of all requests so far, those for its counters left out. */
  readonly methods: readonly string[];
  /** What a cart costs from now on. */
  setTotal(total: number): void;
  stop(): Promise<void>;
}

/** Starts an arm of the shop. */
export async function startShopArm(arm: Arm): Promise<ShopArm> {
  const methods: string[] = [];
  let total = 10;
  const server = createServer((request, response) => {
    if (request.url === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      const line = (code: number, value: number): string =>
        `http_requests_total{arm="${arm}",code="${code}"} ${value}\n`;
      return void response.end(`# TYPE http_requests_total counter\n${line(200, methods.length)}${line(500, 0)}`);
    }
    methods.push(request.method ?? '');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ at: `${process.hrtime.bigint()}`, cart: { total } }));
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    metrics: `${url}/metrics`,
    methods,
    setTotal: (next) => void (total = next),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
