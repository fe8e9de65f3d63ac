import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeLetter, orderRun } from '../api/make-letter.ts';
import { openTestRuns } from '../api/open-runs.ts';
import type { TestRuns } from '../api/open-runs.ts';
import { runRound } from './look-again.ts';
import type { AskChecks } from './look-again.ts';
import { findFaultsInLooks, openCockpitOn } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';
import { openPage, openPageIn } from './open-web.ts';
import type { Complaints } from './open-web.ts';
import { pagesToWalk } from './pages.ts';
import type { PageToWalk, PlacesToWalk } from './pages.ts';

const routesFile = join(import.meta.dirname, '../../web/src/shell/routes.tsx');
const shots = process.env['TMINUS_SHOTS'];

let cockpit: Cockpit<TestRuns>;
let places: PlacesToWalk;

beforeAll(async () => {
  cockpit = await openCockpitOn((wish) =>
    openTestRuns(wish, async (api) => {
      await makeLetter(api, await orderRun(api), 'freeze');
    }),
  );
  const { api } = cockpit;
  const ask: AskChecks = (method, body) =>
    api.send('carol', method, '/api/launches/shop-cutover/checks', body === undefined ? {} : { body });
  const [first] = (await runRound(ask, {})).done;
  places = { run: (await api.runAtHumanStep()).id, evidence: first!.evidence };
});
afterAll(() => cockpit?.close());

/** Contexts of the walk by person and look: a new one for each page would load and compile everything again, ninety times. */
const contexts = new Map<string, BrowserContext>();

async function open(
  { person, at, shows }: PageToWalk,
  look: { bypassCSP?: boolean } = {},
): Promise<{ page: Page; complaints: Complaints }> {
  const path = at(places);
  const address = `${cockpit.api.url}${path}`;
  const walker = `${person ?? 'nobody'} ${look.bypassCSP === true}`;
  const known = contexts.get(walker);
  const openFirst = () =>
    person === null ? openPage(cockpit.browser, address, look) : cockpit.openAs(person, path, look);
  const opened = await (known === undefined ? openFirst() : openPageIn(known, address));
  contexts.set(walker, opened.page.context());
  await opened.page.locator('main').getByText(shows).first().waitFor();
  return opened;
}

describe('every page of the cockpit, with real content', () => {
  it('T19 is in the walk: no route without a page here, and none here without a route', () => {
    const routes = [...readFileSync(routesFile, 'utf8').matchAll(/path: '([^']+)'/gu)].map(([, path]) => path);
    expect(routes.length).toBeGreaterThan(10);
    // The gallery is no page of the product, and has a test of its own.
    expect([...new Set(pagesToWalk.map(({ route }) => route))].toSorted((a, b) => a.localeCompare(b))).toEqual(
      [...new Set(routes)].filter((path) => path !== '/kit').toSorted((a = '', b = '') => a.localeCompare(b)),
    );
  });

  it.each(pagesToWalk.map((page, index) => ({ ...page, name: `${page.route} (${index})` })))(
    'T19 S8 no axe violation in any theme and width, no report of the policy, no error: $name',
    { timeout: 180_000 },
    async (walked) => {
      const { page: strict, complaints } = await open(walked);
      await strict.waitForLoadState('load');
      const { violations, errors } = complaints;
      // The browser notes a refusal that the page expects by itself.
      const unexpected = errors.filter((error) => walked.refusal === undefined || !error.includes(walked.refusal));
      expect({ violations, unexpected }).toEqual({ violations: [], unexpected: [] });
      await strict.close();
      const { page } = await open(walked, { bypassCSP: true });
      const faults = await findFaultsInLooks(page, async ({ theme, width }) => {
        if (shots) await page.screenshot({ path: join(shots, toFile(walked, places, theme, width)) });
      });
      expect(faults).toEqual([]);
      await page.close();
    },
  );

  it('T19 sees a colour of one theme that is too weak, and a page that is too wide on a phone (negative control)', async () => {
    const { page } = await openPage(cockpit.browser, `${cockpit.api.url}/status`, { bypassCSP: true });
    await page.addStyleTag({ content: `[data-theme=light] { --muted: #b8bcc4 } main h1 { width: 400px }` });
    const faults = await findFaultsInLooks(page);
    const kinds = new Set(faults.map((fault) => fault.split(': ').slice(0, 2).join(': ')));
    expect([...kinds].filter((kind) => kind.includes('color-contrast'))).toEqual([
      'light 1440: color-contrast',
      'light 320: color-contrast',
    ]);
    expect([...kinds].filter((kind) => kind.includes('sideways'))).toContain('dark 320: sideways');
    expect([...kinds].filter((kind) => kind.includes('1440: sideways'))).toEqual([]);
    await page.context().close();
  });

  it('S8 made no browser send a report about the policy; a forbidden script does (negative control)', async () => {
    const reports = async (): Promise<unknown[]> => {
      const { body } = await cockpit.api.send('bob', 'GET', '/api/browser-reports');
      return (body as { items: unknown[] }).items;
    };
    expect(await reports()).toEqual([]);
    const { page } = await cockpit.openAs('alice', '/');
    const wasStopped = await page.evaluate(`(() => {
      try { document.body.innerHTML = '<b onclick="1">x</b>'; return false; } catch { return true; }
    })()`);
    expect(wasStopped).toBe(true);
    await expect.poll(async () => (await reports()).length, { timeout: 60_000 }).toBeGreaterThan(0);
    await page.context().close();
  });
});

function toFile({ at }: PageToWalk, where: PlacesToWalk, theme: string, width: number): string {
  const path = at(where).replace(where.run, 'run').replace(where.evidence, 'id');
  return `${path.replaceAll(/[^a-z0-9]+/giu, '-').replaceAll(/^-|-$/gu, '') || 'home'}-${theme}-${width}.png`;
}
