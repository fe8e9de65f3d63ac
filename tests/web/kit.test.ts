import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openBrowser } from '../browser/open-browser.ts';
import { findFaults } from './open-cockpit.ts';
import { openPage, serveWeb } from './open-web.ts';
import type { WebServer } from './open-web.ts';

const pictures = join(tmpdir(), 'tminus-kit');
let server: WebServer;
let browser: Browser;

beforeAll(async () => {
  server = await serveWeb();
  browser = await openBrowser();
  mkdirSync(pictures, { recursive: true });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const views = [
  { theme: 'dark', width: 1280 },
  { theme: 'light', width: 1280 },
  { theme: 'contrast', width: 1280 },
  { theme: 'dark', width: 320 },
  { theme: 'light', width: 320 },
];

describe('kit in Chromium', () => {
  it.each(views)(
    'T19 has no axe violation and no sideways scrolling: $theme, $width px',
    { timeout: 180_000 },
    async ({ theme, width }) => {
      const { page } = await openPage(browser, `${server.url}/kit`, { theme, width, bypassCSP: true });
      await page.screenshot({ path: join(pictures, `${theme}-${width}.png`) });
      await page.evaluate(`document.querySelector('main').scrollTo(0, ${width === 320 ? 900 : 880})`);
      await page.screenshot({ path: join(pictures, `${theme}-${width}-b.png`) });
      await page.evaluate(`document.querySelector('main').scrollTo(0, 99999)`);
      await page.screenshot({ path: join(pictures, `${theme}-${width}-c.png`) });
      expect(await findFaults(page)).toEqual([]);
      const sideways = await page.evaluate(
        `[document.documentElement, document.querySelector('main')].filter((one) => one.scrollWidth > one.clientWidth).length`,
      );
      expect(sideways).toBe(0);
      await page.context().close();
    },
  );

  it('T19 has no axe violation in an open dialog, menu, select and palette', { timeout: 180_000 }, async () => {
    const { page } = await openPage(browser, `${server.url}/kit`, { bypassCSP: true });
    const opens: [string, () => Promise<void>][] = [
      ['dialog', () => page.getByRole('button', { name: 'Start the run' }).click()],
      ['menu', () => page.getByRole('button', { name: 'More actions' }).click()],
      ['select', () => page.getByRole('button', { name: /Environment/ }).click()],
      ['palette', () => page.keyboard.press('Control+k')],
      ['keys', () => page.keyboard.press('?')],
    ];
    for (const [name, open] of opens) {
      await open();
      await page.locator('[role=dialog], [role=menu], [role=listbox]').first().waitFor();
      await page.screenshot({ path: join(pictures, `open-${name}.png`) });
      expect({ name, faults: await findFaults(page) }).toEqual({ name, faults: [] });
      await page.keyboard.press('Escape');
      await page.locator('[role=dialog], [role=menu], [role=listbox]').first().waitFor({ state: 'detached' });
    }
    await page.context().close();
  });

  it('axe sees a fault where there is one (negative control)', async () => {
    const { page } = await openPage(browser, `${server.url}/kit`, { bypassCSP: true });
    await page.evaluate(`document.documentElement.style.setProperty('--muted', '#333a44')`);
    expect((await findFaults(page)).some((fault) => fault.startsWith('color-contrast'))).toBe(true);
    await page.context().close();
  });
});
