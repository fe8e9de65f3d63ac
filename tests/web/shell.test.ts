import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openBrowser } from '../browser/open-browser.ts';
import { untilFocused } from '../browser/until-focused.ts';
import { closeContext } from './close-context.ts';
import { openPage, serveWeb } from './open-web.ts';
import type { WebServer } from './open-web.ts';

let server: WebServer;
let browser: Browser;

/** With what Home asks for: nothing to do, in no launch. */
const serve = (): Promise<WebServer> =>
  serveWeb((app) => {
    app.get('/api/home', () => ({ nowMs: Date.now(), items: [], lanes: [], notices: [], sources: [] }));
    app.get('/api/launches', () => ({ items: [] }));
  });

beforeAll(async () => {
  server = await serve();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** What has the focus, as a person would call it. */
function focused(page: Page): Promise<string> {
  return page.evaluate(
    `(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent || document.activeElement.tagName).trim()`,
  );
}

describe('shell and kit in Chromium, under the policy of the product', () => {
  it('T19 walks through the whole kit, and the policy has nothing to report', async () => {
    const { page, complaints } = await openPage(browser, `${server.url}/kit`);
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).last().fill('<img src=x onerror=alert(1)>');
    await page.getByRole('dialog').getByRole('button', { name: 'Start the run' }).click();
    // The window stays, with what the API said.
    await page.getByText('expected version a1, got b2').waitFor();
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByText('The run is held').waitFor();
    await page.getByRole('button', { name: /Environment/ }).click();
    await page.getByRole('option', { name: 'Staging' }).click();
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: /Evidence/ }).click();
    await page.getByRole('button', { name: 'Refresh' }).hover();
    await page.getByRole('tooltip').waitFor();
    await page.getByRole('link', { name: 'Home' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    // With what it asked for: a request that fails is noted only when it is answered.
    await page.getByText('Nothing needs you now').first().waitFor();
    await page.getByText('No launch is served here').waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });

  it('T19 the policy stops a script and markup that come from outside (negative control)', async () => {
    const { page, complaints } = await openPage(browser, `${server.url}/kit`);
    const stopped = await page.evaluate(`(() => {
      const script = document.createElement('script');
      try { script.text = 'document.title = "owned"'; document.body.append(script); } catch {}
      try { document.body.innerHTML += '<img src=x onerror="document.title = 1">'; return false; } catch { return true; }
    })()`);
    expect(stopped).toBe(true);
    expect(await page.title()).toContain('Kit');
    await expect.poll(() => complaints.violations.length).toBeGreaterThan(0);
    await page.context().close();
  });

  it('T16 a part that breaks says so in its place, and the rest of the page works', async () => {
    const { page } = await openPage(browser, `${server.url}/kit`);
    await page.getByRole('button', { name: 'Break this part' }).click();
    await page.getByText('figure 7: expected a number, got "n/a"').waitFor();
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByText('The run is held').waitFor();
    await page.getByRole('alert').filter({ hasText: 'figure 7' }).getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Break this part' }).waitFor();
    await page.context().close();
  });

  it('T19 is walked by keyboard alone: skip link, commands, keys, table', async () => {
    const { page } = await openPage(browser, `${server.url}/kit`);
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('page');
    await page.keyboard.press('Control+k');
    await untilFocused(page.getByRole('dialog').getByRole('searchbox'));
    await page.keyboard.type('aud');
    await expect.poll(() => page.getByRole('menuitem').count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('T19 a table of 2,000 rows is one stop for Tab, and arrows lead to every row', async () => {
    const { page } = await openPage(browser, `${server.url}/kit`);
    const grid = page.getByRole('grid', { name: 'Steps' });
    expect(await grid.getAttribute('aria-rowcount')).toBe('2001');
    await expect.poll(() => grid.locator('[tabindex="0"]').count()).toBe(1);
    await grid.locator('[tabindex="0"]').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    const step = page.getByRole('columnheader', { name: 'Step' });
    await expect.poll(() => step.getAttribute('aria-sort')).toBe('descending');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused(page)).toBe('S2000');
    await page.keyboard.press('Control+End');
    await expect.poll(() => page.evaluate('document.activeElement.dataset.row')).toBe('1999');
    await page.keyboard.press('Home');
    await expect.poll(() => focused(page)).toBe('S0001');
    await page.keyboard.press('Enter');
    await expect.poll(() => grid.locator('[aria-selected=true]').textContent()).toContain('S0001');
    // Scrolled out of sight, the row that has the focus stays where Tab finds it.
    await grid.evaluate((element) => element.scrollTo(0, 0));
    await page.waitForTimeout(100);
    expect(await focused(page)).toBe('S0001');
    await page.context().close();
  });

  it('T19 a key that is pressed while the table is drawn anew by a scroll leads where it should', async () => {
    const { page } = await openPage(browser, `${server.url}/kit`);
    const grid = page.getByRole('grid', { name: 'Steps' });
    await grid.locator('[tabindex="0"]').focus();
    await page.keyboard.press('ArrowDown');
    // The key comes in the frame after that of the scroll, between the drawing and its effects.
    const places = await page.evaluate(`(async () => {
      const found = [];
      for (let nr = 0; nr < 60; nr += 1) {
        document.querySelector('[role=grid][aria-label=Steps]').scrollTop += 640;
        await new Promise((go) => requestAnimationFrame(go));
        const key = nr % 2 === 0 ? 'End' : 'Home';
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        const wanted = nr % 2 === 0 ? '5' : '0';
        const column = () => document.activeElement.dataset.column ?? 'outside';
        // What leads elsewhere stays there: a table that is slow is waited for, and the first wrong place ends it.
        const giveUp = performance.now() + 20_000;
        do await new Promise((go) => setTimeout(go, 30));
        while (column() !== wanted && performance.now() < giveUp);
        found.push(column());
        if (column() !== wanted) break;
      }
      return found;
    })()`);
    expect(places).toEqual(Array.from({ length: 60 }, (_, nr) => (nr % 2 === 0 ? '5' : '0')));
    await page.context().close();
  });

  it('shows no page for an address that leads nowhere, and says so', async () => {
    const { page } = await openPage(browser, `${server.url}/nowhere`);
    await expect.poll(() => page.locator('h1').textContent()).toBe('There is no such page');
    await page.context().close();
  });

  it('T18 says that it is not live when the server is gone', async () => {
    const { page } = await openPage(browser, `${server.url}/kit`);
    await page.locator('[data-phase=live]').waitFor();
    await server.close();
    await page.locator('[data-phase=waiting]').waitFor();
    await page.context().close();
    server = await serve();
  });
});

/** Opens the menu of the account where it is not open yet, and signs out. */
async function signOut(page: Page): Promise<void> {
  const out = page.getByRole('button', { name: 'Sign out' });
  if (!(await out.isVisible())) await page.getByRole('button', { name: /Ana Lima/ }).click();
  await out.click();
}

describe('the bar at the bottom of a phone', () => {
  it('T19 is wider than the screen, and shows the place where one is', async () => {
    const { page } = await openPage(browser, `${server.url}/launches/shop/runs`, { width: 320 });
    const bar = page.getByRole('navigation').first();
    const isWider = (): Promise<boolean> => bar.evaluate((one) => one.scrollWidth > one.clientWidth);
    await expect.poll(isWider).toBe(true);
    const place = bar.getByRole('link', { name: 'Runs' });
    const edges = async (): Promise<[boolean, boolean]> => {
      const box = await place.boundingBox();
      return [(box?.x ?? -1) >= 0, (box?.x ?? 0) + (box?.width ?? 320) <= 320];
    };
    await expect.poll(edges).toEqual([true, true]);
    await closeContext(page.context());
  });
});

describe('who is signed in', () => {
  const me = (identity: unknown, setupOpen: boolean) => ({
    identity,
    setupOpen,
    signOns: [],
    version: '',
    baseUrl: '',
  });

  it.each([
    ['a stranger to where one signs in, with the way back', me(null, false), '/sign-in?next=%2Faudit'],
    ['whoever comes first to where one sets up', me(null, true), '/setup'],
  ])('leads %s', async (_, answer, address) => {
    const { page } = await openPage(browser, `${server.url}/sign-in`, { serviceWorkers: 'block' });
    await page.route('**/api/me', (route) => route.fulfill({ json: answer }));
    await page.goto(`${server.url}/audit`);
    await expect.poll(() => page.url().slice(server.url.length), { timeout: 60_000 }).toBe(address);
    await closeContext(page.context());
  });

  it('signs out and forgets, and says so when it could not', async () => {
    // What the service worker asks for does not pass through the route of this test.
    const { page } = await openPage(browser, `${server.url}/audit`, { serviceWorkers: 'block' });
    // This server knows no sign-out: nobody may believe that they are out.
    await signOut(page);
    await page.getByText('Signing out failed').waitFor();
    expect(new URL(page.url()).pathname).toBe('/audit');
    await page.route('**/api/auth/sign-out', (route) => route.fulfill({ json: { success: true } }));
    await signOut(page);
    await expect.poll(() => new URL(page.url()).pathname, { timeout: 60_000 }).toBe('/sign-in');
    await closeContext(page.context());
  });
});
