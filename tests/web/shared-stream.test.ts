import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openBrowser } from '../browser/open-browser.ts';
import { openPage, serveWeb } from './open-web.ts';
import type { WebServer } from './open-web.ts';

let server: WebServer;
let browser: Browser;

beforeAll(async () => {
  server = await serveWeb();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Notes what the tabs tell each other, in a tab that has no part in it. */
async function overhear(page: Page): Promise<() => Promise<string[]>> {
  await page.goto(`${server.url}/sign-in`);
  await page.evaluate(`(() => {
    globalThis.heard = [];
    new BroadcastChannel('tminus-events').onmessage = ({ data }) => {
      if (data.kind === 'message') heard.push(data.message.id);
    };
  })()`);
  return () => page.evaluate('heard');
}

describe('tabs of one browser', { timeout: 180_000 }, () => {
  it('T18 share one connection, and when its tab is closed another goes on after the last event', async () => {
    const { page: first, complaints } = await openPage(browser, `${server.url}/kit`);
    await first.locator('[data-phase=live]').waitFor();
    const second = await first.context().newPage();
    await second.goto(`${server.url}/kit`);
    await second.locator('[data-phase=live]').waitFor();
    const heard = await overhear(await first.context().newPage());
    expect(server.streams).toEqual(['']);

    server.send('id: 41\nevent: step.done\ndata: {"cursor":41}\n\n');
    await expect.poll(heard).toEqual(['41']);
    await first.close();
    await expect.poll(() => server.streams, { timeout: 60_000 }).toEqual(['', '41']);
    await second.locator('[data-phase=live]').waitFor();
    server.send('id: 41\nevent: step.done\ndata: {"cursor":41}\n\nid: 42\nevent: step.done\ndata: {"cursor":42}\n\n');
    await expect.poll(heard).toContain('42');
    expect(await heard()).toEqual(['41', '42']);
    expect(complaints).toEqual({ violations: [], errors: [] });
    await second.context().close();
  });

  it('browsers that know nothing of each other have one connection each (negative control)', async () => {
    const before = server.streams.length;
    const pages = [await openPage(browser, `${server.url}/kit`), await openPage(browser, `${server.url}/kit`)];
    for (const { page } of pages) await page.locator('[data-phase=live]').waitFor();
    expect(server.streams.length - before).toBe(2);
    for (const { page } of pages) await page.context().close();
  });
});
