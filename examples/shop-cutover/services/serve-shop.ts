import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { openOrderStore } from './order-store.ts';
import type { OrderStore } from './order-store.ts';

/** How a shop is run: what it is, what was deployed, where its orders are. */
export interface ShopSettings {
  name: string;
  version: string;
  commit: string;
  port: number;
  database: string;
}

/** Starts a shop from the settings in the first argument and prints one line of JSON once it listens. */
export function serveShop(name: string): void {
  const settings: ShopSettings = { name, ...(JSON.parse(process.argv[2] ?? '{}') as Omit<ShopSettings, 'name'>) };
  const store = openOrderStore(settings.database);
  const server = createServer((request, response) => answer({ settings, store }, request, response));
  server.listen(settings.port, '127.0.0.1', () => {
    process.stdout.write(`${JSON.stringify({ shop: name, port: settings.port, commit: settings.commit })}\n`);
  });
  process.on('SIGTERM', () => {
    server.closeAllConnections();
    server.close(() => {
      store.close();
      process.exit(0);
    });
  });
}

interface Shop {
  settings: ShopSettings;
  store: OrderStore;
}

function answer(shop: Shop, request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://shop');
  const body = request.method === 'GET' ? route(shop, pathname) : null;
  response.writeHead(body === null ? 404 : 200, { 'content-type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(body ?? { error: 'not found' })}\n`);
}

function route({ settings, store }: Shop, path: string): object | null {
  const { name, version, commit } = settings;
  if (path === '/api/health') return { status: 'ok', shop: name, version, commit };
  if (path === '/admin/orders/count') return { orders: store.count() };
  const id = /^\/orders\/(\d{1,9})$/.exec(path)?.[1];
  return id === undefined ? null : store.find(Number(id));
}
