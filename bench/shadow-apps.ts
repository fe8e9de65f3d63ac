import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { answerParent } from './answer-parent.ts';

/** An app that answers a cart of two KB with a clock in it: what differs every time is noise, and has to be known as such. */
async function open(): Promise<Server> {
  const items = Array.from({ length: 30 }, (_, at) => ({ id: at, title: `thing number ${at}`, price: at * 100 }));
  let answered = 0;
  const server = createServer((request, response) => {
    request.resume();
    answered += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ cart: { items, total: 43_500 }, at: Date.now(), answered }));
  });
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const server = await open();

answerParent({
  ready: () => Promise.resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }),
  end: () => {
    server.closeAllConnections();
    server.close();
    return Promise.resolve({});
  },
});
