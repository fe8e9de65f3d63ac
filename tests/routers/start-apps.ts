import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import type { Arm } from '../../src/core/rollout/rollout.ts';

/** Two small apps: each says which arm it is. */
export interface TestApps {
  ports: { [arm in Arm]: number };
  /** Requests that each has had. */
  seen: { [arm in Arm]: number };
  /** How long each takes to answer. */
  slowMs: { [arm in Arm]: number };
  /** What each waits for before it answers, too. */
  held: { [arm in Arm]: Promise<void> };
  stop(): Promise<void>;
}

/** Both arms, in this process. */
export async function startApps(): Promise<TestApps> {
  const seen = { stable: 0, canary: 0 };
  const slowMs = { stable: 0, canary: 0 };
  const held = { stable: Promise.resolve(), canary: Promise.resolve() };
  const open = async (arm: Arm): Promise<Server> => {
    const server = createServer((request, response) => {
      seen[arm] += 1;
      request.resume();
      void Promise.all([pause(slowMs[arm]), held[arm]]).then(() => response.writeHead(200, { 'x-arm': arm }).end(arm));
    });
    // Longer than any idle connection of a router: one that the app closes under it would be lost.
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  };
  const [stable, canary] = [await open('stable'), await open('canary')];
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;
  return {
    ports: { stable: portOf(stable), canary: portOf(canary) },
    seen,
    slowMs,
    held,
    async stop() {
      for (const server of [stable, canary]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}
