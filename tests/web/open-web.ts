import type { ServerResponse } from 'node:http';
import { join } from 'node:path';

import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

import { buildWeb } from '../../scripts/build-web.ts';
import { servePages } from '../../src/api/serve-pages.ts';

/** A server of the built UI with its gallery, under the policy of the product. */
export interface WebServer {
  url: string;
  /** `Last-Event-ID` of every connection to the stream of events; empty where it had none. */
  streams: string[];
  /** Sends text to everybody who listens. */
  send(text: string): void;
  close(): Promise<void>;
}

const asker = {
  account: 'a1',
  name: 'Ana Lima',
  email: 'ana@example.org',
  person: 'ana',
  via: 'session',
  scopes: null,
  strongAt: null,
};

/** Builds the UI for tests where its sources changed, and serves it as the product does, with a stream that is alive and silent. */
export async function serveWeb(addRoutes: (app: FastifyInstance) => void = () => undefined): Promise<WebServer> {
  const { folder } = buildWeb({
    folder: join(import.meta.dirname, '../../node_modules/.cache/tminus-web'),
    hasKit: true,
  });
  const app = Fastify({ forceCloseConnections: true });
  const streams: string[] = [];
  const open = new Set<ServerResponse>();
  await servePages(app, { webRoot: folder });
  app.get('/api/events/stream', (request, reply) => {
    streams.push(String(request.headers['last-event-id'] ?? ''));
    const { raw } = reply.hijack();
    raw.writeHead(200, { 'content-type': 'text/event-stream' }).write(': alive\n\n');
    open.add(raw);
    raw.on('close', () => open.delete(raw));
  });
  app.get('/api/me', () => ({ identity: asker, setupOpen: false, signOns: [], version: 'test', baseUrl: 'test' }));
  addRoutes(app);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const send = (text: string): void => open.forEach((raw) => raw.write(text));
  return { url, streams, send, close: () => app.close() };
}

/** What a page said that it should not have said. */
export interface Complaints {
  violations: string[];
  errors: string[];
}

/** A page at an address of the UI, in a theme and a width, with everything that goes wrong in it noted. */
export async function openPage(
  browser: Browser,
  address: string,
  { theme = 'dark', width = 1280, ...more }: BrowserContextOptions & { theme?: string; width?: number } = {},
): Promise<{ page: Page; complaints: Complaints }> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...more });
  await context.addInitScript(`localStorage.setItem('tminus.theme', ${JSON.stringify(theme)});
    addEventListener('securitypolicyviolation', (event) => console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));`);
  return openPageIn(context, address);
}

/** One more page of a context: what the first has loaded need not be loaded again. */
export async function openPageIn(
  context: BrowserContext,
  address: string,
): Promise<{ page: Page; complaints: Complaints }> {
  const page = await context.newPage();
  const complaints: Complaints = { violations: [], errors: [] };
  page.on('pageerror', (error) => complaints.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.text().startsWith('CSP ')) complaints.violations.push(message.text());
    else if (message.type() === 'error') complaints.errors.push(message.text());
  });
  await page.goto(address);
  await page.locator('h1').waitFor();
  return { page, complaints };
}
