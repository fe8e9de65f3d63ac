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

/** Which price group a customer has; a shop without price groups knows none. */
export type PriceGroups = (customer: number) => string;

/** Starts a shop from the settings in the first argument and prints one line of JSON once it listens. */
export function serveShop(name: string, priceGroupOf: PriceGroups | null = null): void {
  const settings: ShopSettings = { name, ...(JSON.parse(process.argv[2] ?? '{}') as Omit<ShopSettings, 'name'>) };
  const store = openOrderStore(settings.database);
  const server = createServer((request, response) => answer({ settings, store, priceGroupOf }, request, response));
  // Whoever stands before the shop keeps its connections; one that is closed just when it is used again would look like a fault of the shop.
  server.keepAliveTimeout = 75_000;
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
  priceGroupOf: PriceGroups | null;
}

function answer(shop: Shop, request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://shop');
  const { status, body } = tryRoute(shop, request, pathname);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(body)}\n`);
}

function tryRoute(shop: Shop, request: IncomingMessage, path: string): { status: number; body: object } {
  try {
    const body = request.method === 'GET' ? route(shop, path, customerOf(request)) : null;
    return body === null ? { status: 404, body: { error: 'not found' } } : { status: 200, body };
  } catch (error) {
    return { status: 500, body: { error: (error as Error).message } };
  }
}

/** The number of the customer who asks; null for a visitor, such as a test. */
function customerOf({ headers }: IncomingMessage): number | null {
  const number = /(?:^|; )customer=(\d{1,6})/.exec(headers.cookie ?? '')?.[1];
  return number === undefined ? null : Number(number);
}

function route({ settings, store, priceGroupOf }: Shop, path: string, customer: number | null): object | null {
  const { name, version, commit } = settings;
  if (path === '/api/health') return { status: 'ok', shop: name, version, commit };
  if (path === '/admin/orders/count') return { orders: store.count() };
  const id = /^\/orders\/(\d{1,9})$/.exec(path)?.[1];
  const order = id === undefined ? null : store.find(Number(id));
  if (order === null || customer === null || priceGroupOf === null) return order;
  return { ...order, prices: priceGroupOf(customer) };
}
