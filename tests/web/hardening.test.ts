import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { buildWeb } from '../../scripts/build-web.ts';
import { nameAdmin } from '../api/name-admin.ts';
import { openTestApi } from '../api/open-api.ts';
import type { TestApi } from '../api/open-api.ts';
import { openBrowser } from '../browser/open-browser.ts';
import { closeContext } from './close-context.ts';
import { pagesToWalk } from './pages.ts';

/** A site of somebody else, which notes what it is asked. */
interface ForeignSite {
  url: string;
  asked: { path: string; headers: IncomingHttpHeaders }[];
  /** What it shows at an address. */
  pages: Map<string, string>;
  server: Server;
}

let api: TestApi;
let browser: Browser;
let foreign: ForeignSite;

beforeAll(async () => {
  const folder = join(import.meta.dirname, '../../node_modules/.cache/tminus-web');
  api = await openTestApi({ webRoot: buildWeb({ folder, hasKit: true }).folder });
  await nameAdmin(api, 'bob');
  browser = await openBrowser();
  foreign = await openForeignSite();
});
afterAll(async () => {
  await browser?.close();
  foreign?.server.closeAllConnections();
  foreign?.server.close();
  await api?.close();
});

const picture = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');

/** Under another name than the cockpit, so that it is another site and not only another origin. */
async function openForeignSite(): Promise<ForeignSite> {
  const asked: ForeignSite['asked'] = [];
  const pages = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push({ path, headers: request.headers });
    const isPicture = path.endsWith('.gif');
    response.writeHead(200, {
      'content-type': isPicture ? 'image/gif' : 'text/html',
      'access-control-allow-origin': '*',
    });
    response.end(isPicture ? picture : (pages.get(path) ?? '<!doctype html><title>foreign</title><h1>foreign</h1>'));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, asked, pages, server };
}

/** A browser in which somebody signed in, with the cookies as the server set them. */
async function signedIn(person: string, more: { serviceWorkers?: 'block' } = {}): Promise<BrowserContext> {
  await api.headersOf(person);
  const context = await browser.newContext(more);
  const answer = await context.request.post(`${api.url}/api/auth/sign-in/email`, {
    headers: { origin: api.url },
    data: { email: `${person}@shop.example`, password: 'a long sentence that only tests know' },
  });
  expect(answer.status()).toBe(200);
  return context;
}

async function openAt(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${api.url}${path}`);
  await page.locator('h1').first().waitFor();
  return page;
}

interface Report {
  kind: string;
  page: string;
  detail: { [name: string]: string | number };
}

/** What was reported, once all of it has come. */
async function reportsOf(directives: readonly string[]): Promise<Report[]> {
  let items: Report[] = [];
  for (let tries = 0; tries < 600; tries += 1) {
    items = ((await api.send('bob', 'GET', '/api/browser-reports')).body as { items: Report[] }).items;
    const seen = new Set(items.map(({ detail }) => String(detail['effective-directive'])));
    if (directives.every((each) => seen.has(each))) break;
    await pause(200);
  }
  return items;
}

describe('the cockpit in a browser that somebody attacks', () => {
  it(
    'S8 A19 A20 injected script, style, picture, frame and form do nothing, and what was refused is stored and shown to the admin',
    { timeout: 180_000 },
    async () => {
      const context = await signedIn('alice', { serviceWorkers: 'block' });
      // As if our own page held it: the policy is the one that the server sent.
      await context.route('**/launches/shop-cutover', async (route) => {
        const answer = await route.fetch();
        const injected = `<script>document.title = 'owned'; window.owned = true</script>
        <style>body { opacity: 0.123 }</style><p id="styled" style="opacity: 0.456">x</p>
        <img src="${foreign.url}/stolen.gif"><img src="x" onerror="window.owned = true">
        <iframe src="${foreign.url}/framed"></iframe><base href="${foreign.url}/">
        <form id="lure" action="/api/auth/sign-in/email" method="post"><input name="a"></form>`;
        await route.fulfill({ response: answer, body: (await answer.text()).replace('</body>', `${injected}</body>`) });
      });
      const page = await openAt(context, '/launches/shop-cutover');
      await page.evaluate(`document.getElementById('lure').submit()`);
      await page.evaluate(`fetch(${JSON.stringify(`${foreign.url}/told`)}).catch(() => undefined)`);
      const found = await page.evaluate(
        `[window.owned ?? null, document.title === 'owned', getComputedStyle(document.body).opacity, getComputedStyle(document.getElementById('styled')).opacity, location.origin, document.baseURI.startsWith(location.origin)]`,
      );
      expect(found).toEqual([null, false, '1', '1', api.url, true]);
      expect(foreign.asked).toEqual([]);
      const directives = [
        'script-src-elem',
        'script-src-attr',
        'style-src-elem',
        'style-src-attr',
        'img-src',
        'frame-src',
        'base-uri',
        'form-action',
        'connect-src',
      ];
      const reports = await reportsOf(directives);
      const told = new Set(reports.map(({ detail }) => detail['effective-directive']));
      expect(directives.filter((each) => !told.has(each))).toEqual([]);
      expect(reports.every(({ kind, page: at }) => kind === 'csp-violation' && at.startsWith('/'))).toBe(true);
      expect((await api.send('alice', 'GET', '/api/browser-reports')).status).toBe(403);
      const admin = await signedIn('bob');
      const settings = await openAt(admin, '/settings?tab=reports');
      await settings
        .getByText(/script-src-elem/)
        .first()
        .waitFor();
      await Promise.all([closeContext(context), admin.close()]);
    },
  );

  it('S8 the same markup on a page without our policy does all of it (control)', async () => {
    foreign.pages.set(
      '/control',
      `<!doctype html><title>x</title><script>window.owned = true</script><img src="/control.gif"><h1>x</h1>`,
    );
    const page = await browser.newPage();
    await page.goto(`${foreign.url}/control`);
    expect(await page.evaluate('window.owned')).toBe(true);
    expect(foreign.asked.map(({ path }) => path)).toContain('/control.gif');
    await page.context().close();
  });

  it('A19 Trusted Types let no text become markup, script or address of one, and nobody makes a policy', async () => {
    const context = await signedIn('alice');
    const page = await openAt(context, '/');
    const tries = [
      `document.body.innerHTML = '<b>x</b>'`,
      `document.body.insertAdjacentHTML('beforeend', '<b>x</b>')`,
      `document.createElement('script').text = 'window.owned = true'`,
      `document.createElement('script').src = '/sw.js'`,
      `document.createElement('iframe').srcdoc = '<script>parent.owned = true</script>'`,
      `new DOMParser().parseFromString('<b>x</b>', 'text/html')`,
      `setTimeout('window.owned = true')`,
      `new Function('window.owned = true')()`,
      `navigator.serviceWorker.register('/other.js')`,
      `trustedTypes.createPolicy('own', { createHTML: (text) => text })`,
      `trustedTypes.createPolicy('default', { createHTML: (text) => text })`,
      `trustedTypes.createPolicy('tminus-service-worker', { createScriptURL: (text) => text })`,
    ];
    for (const each of tries) {
      // In a later task of the page: what the protocol evaluates by itself is not held by the policy.
      const said = await page.evaluate(
        `(async () => { await new Promise((go) => setTimeout(go)); try { await (${each}); return 'done'; } catch (error) { return error.name; } })()`,
      );
      expect([each, said]).toEqual([each, expect.stringMatching(/^(?:TypeError|EvalError)$/u)]);
    }
    expect(await page.evaluate('window.owned ?? null')).toBeNull();
    // Control: what sets text and no markup works.
    expect(
      await page.evaluate(
        `(() => { const node = document.createElement('p'); node.textContent = '<b>'; return node.innerHTML; })()`,
      ),
    ).toBe('&lt;b&gt;');
    await context.close();
  });

  it('A21 no page of another site has ours in a frame, or a hold on its window', { timeout: 180_000 }, async () => {
    foreign.pages.set(
      '/frames',
      `<!doctype html><title>x</title><iframe id="ours" src="${api.url}/"></iframe><iframe id="own" src="/inner"></iframe><h1>x</h1>`,
    );
    const context = await signedIn('alice');
    const page = await context.newPage();
    await page.goto(`${foreign.url}/frames`);
    const frames = (): string[] =>
      page
        .frames()
        .slice(1)
        .map((frame) => frame.url().replace(/^chrome-error:.*/u, 'refused'))
        .toSorted();
    await expect.poll(frames).toEqual([`${foreign.url}/inner`, 'refused']);
    const opening = context.waitForEvent('page');
    await page.evaluate(`window.held = window.open(${JSON.stringify(`${api.url}/`)}); null`);
    const ours = await opening;
    await ours.locator('h1').first().waitFor();
    expect(await ours.evaluate('window.opener')).toBeNull();
    await expect.poll(() => page.evaluate('window.held.closed')).toBe(true);
    // Control: of a page without our headers it has a hold.
    const other = context.waitForEvent('page');
    await page.evaluate(`window.kept = window.open(${JSON.stringify(`${foreign.url}/kept`)}); null`);
    await (await other).waitForLoadState();
    expect(await page.evaluate('window.kept.closed')).toBe(false);
    await context.close();
  });

  it('A22 what a page of another site sends has no cookie of ours, or is refused', async () => {
    const context = await signedIn('alice');
    const page = await context.newPage();
    await page.goto(`${foreign.url}/`);
    const body = JSON.stringify({ notices: ['x'] });
    const to = JSON.stringify(`${api.url}/api/home/notices/dismiss`);
    await page.evaluate(
      `fetch(${to}, { method: 'POST', mode: 'no-cors', credentials: 'include', headers: { 'content-type': 'text/plain' }, body: ${JSON.stringify(body)} }).catch(() => 0)`,
    );
    const blocked = await page.evaluate(
      `fetch(${to}, { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)} }).then(() => 'read', () => 'blocked')`,
    );
    expect(blocked).toBe('blocked');
    const read = await page.evaluate(
      `fetch(${JSON.stringify(`${api.url}/api/me`)}, { credentials: 'include' }).then(() => 'read', () => 'blocked')`,
    );
    expect(read).toBe('blocked');
    // Control: the same change from our own page is carried out.
    const own = await openAt(context, '/');
    expect(
      await own.evaluate(
        `fetch(${to}, { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)} }).then(({ status }) => status)`,
      ),
    ).toBe(200);
    await context.close();
  });

  it(
    'A23 the session is in a cookie that no script reads and no other site sends; signing out takes everything along',
    { timeout: 180_000 },
    async () => {
      const context = await signedIn('carol');
      const cookies = (await context.cookies()).filter(({ name }) => name.includes('tminus'));
      expect(cookies.length).toBeGreaterThan(0);
      for (const cookie of cookies)
        expect([cookie.name, cookie.httpOnly, cookie.sameSite]).toEqual([cookie.name, true, 'Strict']);
      const page = await openAt(context, '/');
      expect(await page.evaluate('document.cookie')).toBe('');
      const kept = JSON.stringify(await page.evaluate('({ ...localStorage, ...sessionStorage })'));
      for (const { value } of cookies) expect(kept).not.toContain(value);
      await page.evaluate(`navigator.serviceWorker.ready.then(() => null)`);
      await page.reload();
      await page.locator('h1').first().waitFor();
      // What the page asked before the service worker took over is not kept: once it has, one question is.
      await expect
        .poll(() => page.evaluate('navigator.serviceWorker.controller !== null'), { timeout: 60_000 })
        .toBe(true);
      await page.evaluate(`fetch('/api/home').then((each) => each.text())`);
      // Of people: that nobody is signed in is about nobody, and the page asks for it as soon as it hears of it.
      const answers = `(async () => {
        const paths = [];
        for (const name of await caches.keys()) {
          if (name.startsWith('tminus-shell')) continue;
          const cache = await caches.open(name);
          for (const { url } of await cache.keys()) {
            const body = await (await cache.match(url))?.json();
            if (body?.identity !== null) paths.push(new URL(url).pathname);
          }
        }
        return paths;
      })()`;
      await expect.poll(() => page.evaluate(answers), { timeout: 60_000 }).toContain('/api/home');
      const status = await page.evaluate(
        `fetch('/api/auth/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then((each) => each.status)`,
      );
      expect(status).toBe(200);
      await expect.poll(() => page.evaluate(answers), { timeout: 60_000 }).toEqual([]);
      expect((await context.cookies()).filter(({ name }) => name.includes('session'))).toEqual([]);
      expect(await page.evaluate(`fetch('/api/home').then(({ status }) => status)`)).toBe(401);
      await context.close();
    },
  );

  it('A20 another site does not learn where somebody came from', async () => {
    const context = await signedIn('alice');
    const page = await openAt(context, '/launches/shop-cutover');
    await page.evaluate(`location.assign(${JSON.stringify(`${foreign.url}/landed`)})`);
    await page.waitForURL(`${foreign.url}/landed`);
    const landed = foreign.asked.find(({ path }) => path === '/landed');
    expect(landed).toBeDefined();
    expect([landed?.headers.referer, landed?.headers.origin, landed?.headers.cookie]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await page.evaluate('document.referrer')).toBe('');
    // Control: a site without our policy tells its own origin.
    await page.evaluate(`location.assign('/next')`);
    await page.waitForURL(`${foreign.url}/next`);
    expect(foreign.asked.find(({ path }) => path === '/next')?.headers.referer).toBe(`${foreign.url}/landed`);
    await context.close();
  });

  it(
    'S8 a walk over all pages asks nobody but us, and the service worker is ours and of the whole site alone',
    { timeout: 300_000 },
    async () => {
      const [alice, nobody] = [await signedIn('alice'), await browser.newContext()];
      const strangers: string[] = [];
      let requests = 0;
      for (const context of [alice, nobody])
        context.on('request', (request) => {
          requests += 1;
          if (new URL(request.url()).origin !== api.url && !request.url().startsWith('data:'))
            strangers.push(request.url());
        });
      const [page, open] = [await alice.newPage(), await nobody.newPage()];
      for (const { at, person } of pagesToWalk) {
        const where = person === null ? open : page;
        await where.goto(`${api.url}${at({ run: 'none', evidence: 'none' })}`);
        await where.locator('h1').first().waitFor();
      }
      expect(strangers).toEqual([]);
      expect(requests).toBeGreaterThan(pagesToWalk.length * 2);
      await page.goto(`${api.url}/`);
      const worker = await page.evaluate(
        `navigator.serviceWorker.ready.then(({ scope, active }) => [scope, active.scriptURL])`,
      );
      expect(worker).toEqual([`${api.url}/`, `${api.url}/sw.js`]);
      expect(await page.evaluate(`navigator.serviceWorker.getRegistrations().then(({ length }) => length)`)).toBe(1);
      expect((await fetch(`${api.url}/sw.js`)).headers.get('service-worker-allowed')).toBeNull();
      await Promise.all([alice.close(), nobody.close()]);
    },
  );
});
