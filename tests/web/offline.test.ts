import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openBrowser } from '../browser/open-browser.ts';
import { openPage, serveWeb } from './open-web.ts';
import type { WebServer } from './open-web.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** A server with answers of every sort; `isSignedIn` turns one of them into 401. */
function serve(state: { isSignedIn: boolean }): Promise<WebServer> {
  return serveWeb((app) => {
    app.get('/api/kept', () => ({ n: 1 }));
    app.get('/api/secret', (_, reply) => reply.header('cache-control', 'no-store').send({ n: 2 }));
    app.get('/api/session', (_, reply) =>
      state.isSignedIn ? { n: 3 } : reply.code(401).send({ code: 'not_signed_in' }),
    );
    app.post('/api/votes', () => ({ done: true }));
  });
}

interface Asked {
  status: number;
  body: { n?: number };
  keptAt: number;
}

/** What the page gets for a request; null where it fails. */
function ask(page: Page, path: string, method = 'GET'): Promise<Asked | null> {
  return page.evaluate(
    `fetch(${JSON.stringify(path)}, { method: '${method}' }).then(async (response) => ({
      status: response.status, body: await response.json(), keptAt: Number(response.headers.get('x-tminus-kept-at')) }), () => null)`,
  );
}

async function openControlled(server: WebServer) {
  const opened = await openPage(browser, server.url);
  // By evaluate: the policy of the page forbids what `waitForFunction` does with a text.
  const isControlled = () => opened.page.evaluate('navigator.serviceWorker.controller !== null');
  await expect.poll(isControlled, { timeout: 60_000 }).toBe(true);
  return opened;
}

describe('reading offline', { timeout: 180_000 }, () => {
  it('T18 opens any page without a server, and reads the last answers with their age', async () => {
    const server = await serve({ isSignedIn: true });
    const { page, complaints } = await openControlled(server);
    const before = Date.now();
    expect(await ask(page, '/api/kept')).toEqual({ status: 200, body: { n: 1 }, keptAt: 0 });
    await ask(page, '/api/secret');
    expect(complaints.violations).toEqual([]);
    await server.close();

    await page.goto(`${server.url}/audit`);
    await page.getByRole('heading', { level: 1, name: 'Audit', exact: true }).waitFor();
    const kept = await ask(page, '/api/kept');
    expect(kept?.body).toEqual({ n: 1 });
    expect(kept?.keptAt).toBeGreaterThanOrEqual(before);
    // What was never asked, or may not be kept, is unavailable and never empty.
    expect(await ask(page, '/api/secret')).toBeNull();
    expect(await ask(page, '/api/never')).toBeNull();
    expect(complaints.violations).toEqual([]);
    await page.context().close();
  });

  it('keeps no change, and sends none later', async () => {
    const server = await serve({ isSignedIn: true });
    const { page } = await openControlled(server);
    expect((await ask(page, '/api/votes', 'POST'))?.status).toBe(200);
    await server.close();
    expect(await ask(page, '/api/votes', 'POST')).toBeNull();
    expect(await page.evaluate(`caches.match('/api/votes').then((kept) => kept === undefined)`)).toBe(true);
    await page.context().close();
  });

  it('forgets every answer when the server says that nobody is signed in', async () => {
    const state = { isSignedIn: true };
    const server = await serve(state);
    const { page } = await openControlled(server);
    await ask(page, '/api/kept');
    state.isSignedIn = false;
    expect((await ask(page, '/api/session'))?.status).toBe(401);
    await server.close();
    expect(await ask(page, '/api/kept')).toBeNull();
    await page.context().close();
  });
});
