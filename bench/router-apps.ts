import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { answerParent } from './answer-parent.ts';

/** The least apps that can be both arms, in a process of their own: each says which one it is. */
async function open(arm: string): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'x-arm': arm, 'content-length': '2' }).end('ok');
  });
  // Longer than any idle connection of a router: one that the app closes under it would be lost.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const [stable, canary] = [await open('stable'), await open('canary')];
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

answerParent({
  ready: () => Promise.resolve({ stable: portOf(stable), canary: portOf(canary) }),
  end: () => {
    for (const server of [stable, canary]) {
      server.closeAllConnections();
      server.close();
    }
    return Promise.resolve({});
  },
});
