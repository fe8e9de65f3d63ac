import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

import { buildWeb } from '../../scripts/build-web.ts';
import { openTestApi } from '../api/open-api.ts';
import type { TestApi, TestApiWish } from '../api/open-api.ts';
import { openBrowser } from '../browser/open-browser.ts';
import { openPage } from './open-web.ts';
import type { Complaints } from './open-web.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The cockpit of a shop launch with everything real behind it, and a browser before it. */
export interface Cockpit<Api extends TestApi = TestApi> {
  api: Api;
  browser: Browser;
  /** Opens an address as a person of the launch; whatever the page should not say is noted. */
  openAs(person: string, path: string, look?: Look): Promise<{ page: Page; complaints: Complaints }>;
  close(): Promise<void>;
}

export interface Look {
  theme?: 'dark' | 'light' | 'contrast';
  width?: number;
  /** Lets axe in: its source is no file of ours. Nothing is asserted about the policy on such a page. */
  bypassCSP?: boolean;
  /** Keeps requests where a test can change them on the way. */
  serviceWorkers?: 'block';
  /** What lies between this browser and the server, where that is to fail. */
  proxy?: { server: string };
}

/** Every look that a page has to be right in. */
export const looks: Look[] = [
  { theme: 'dark', width: 1440 },
  { theme: 'light', width: 1440 },
  { theme: 'contrast', width: 1440 },
  { theme: 'dark', width: 320 },
];

/** Builds the UI where its sources changed, and opens one. */
export function openCockpit(wish: TestApiWish = {}): Promise<Cockpit> {
  return openCockpitOn(openTestApi, wish);
}

/** One on another server than the usual, such as one whose runs are carried out. */
export async function openCockpitOn<Api extends TestApi>(
  openApi: (wish: TestApiWish) => Promise<Api>,
  wish: TestApiWish = {},
): Promise<Cockpit<Api>> {
  const folder = join(import.meta.dirname, '../../node_modules/.cache/tminus-web');
  const api = await openApi({ ...wish, webRoot: buildWeb({ folder, hasKit: true }).folder });
  const browser = await openBrowser();
  return {
    api,
    browser,
    async openAs(person, path, look = {}) {
      const { cookie = '' } = await api.headersOf(person);
      const cookies = cookie.split('; ').map((pair) => {
        const at = pair.indexOf('=');
        return { name: pair.slice(0, at), value: pair.slice(at + 1) };
      });
      return openPage(browser, `${api.url}${path}`, {
        ...look,
        storageState: { cookies: toStored(cookies, api.url), origins: [] },
      });
    },
    async close() {
      await browser.close();
      await api.close();
    },
  };
}

interface Pair {
  name: string;
  value: string;
}

function toStored(pairs: readonly Pair[], url: string) {
  const rest = { domain: new URL(url).hostname, path: '/', expires: -1, httpOnly: true, secure: false };
  return pairs.map(({ name, value }) => ({ name, value, ...rest, sameSite: 'Lax' as const }));
}

interface AxeResult {
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  passes: unknown[];
}

const everyRule = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong, as text that says where; and whether the page can be scrolled sideways. */
export async function findFaults(page: Page): Promise<string[]> {
  await settle(page);
  return [...(await scan(page, everyRule, 10)), ...(await findSideways(page))];
}

/**
 * The faults of a page in every theme, wide and as on a phone, without loading it again: every rule of axe at both widths, and in further themes those that ask for
 * colours, which are all that a theme changes.
 */
export async function findFaultsInLooks(
  page: Page,
  onLook: (look: { theme: string; width: number }) => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  const faults: string[] = [];
  for (const width of [1440, 320]) {
    await page.setViewportSize({ width, height: 900 });
    for (const theme of ['dark', 'light', 'contrast']) {
      await page.evaluate(`document.documentElement.dataset.theme = ${JSON.stringify(theme)}`);
      await settle(page);
      await onLook({ theme, width });
      const found = [
        ...(theme === 'dark'
          ? await scan(page, everyRule, 10)
          : await scan(page, { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }, 0)),
        ...(await findSideways(page)),
      ];
      faults.push(...found.map((fault) => `${theme} ${width}: ${fault}`));
    }
  }
  return faults;
}

/** What fades has to have its colour before that is looked at; what turns for ever is not waited for. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(`new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))).then(() =>
    Promise.allSettled(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < 5_000).map((one) => one.finished)))
    .then(() => null)`);
}

async function scan(page: Page, rules: object, leastPasses: number): Promise<string[]> {
  if ((await page.evaluate(`typeof axe`)) === 'undefined') await page.evaluate(axeSource);
  const { violations, passes } = (await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)} })`,
  )) as AxeResult;
  expect(passes.length).toBeGreaterThan(leastPasses);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

async function findSideways(page: Page): Promise<string[]> {
  return (await page.evaluate(
    `[document.documentElement, document.querySelector('main')].filter((one) => one.scrollWidth > one.clientWidth).map((one) => 'sideways: ' + one.tagName)`,
  )) as string[];
}
