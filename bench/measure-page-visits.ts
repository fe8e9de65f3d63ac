import type { Browser, Page } from 'playwright-core';

import type { Demo } from '../tests/web/open-demo.ts';
import { openBenchPage } from './open-cockpit-page.ts';

/** One visit of a page by a browser that has never been here. */
export interface PageVisit {
  page: string;
  lcpMs: number;
  cls: number;
  /** The longest of each interaction's events, as the browser tells them. */
  interactionsMs: number[];
  /** What the largest thing was, for whoever wants to make it faster. */
  largest: string;
  jsBytes: number;
}

/** A page of the walk, and what people do on it. */
export interface WalkedPage {
  name: string;
  path: string;
  /** What has to stand on the page before it counts as there. */
  ready: string;
  walk: (page: Page) => Promise<void>;
}

/**
 * Notes what web-vitals would: the largest paint before anybody does something, the worst session window of shifts (gaps under 1 s, 5 s at most) that nobody
 * caused, and for each interaction its longest event. Written here because its whole logic is this.
 */
const notes = `globalThis.vitals = { lcp: 0, largest: '', cls: 0, interactions: {} };
{
  let windowed = 0, first = 0, last = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      vitals.lcp = entry.startTime;
      vitals.largest = entry.element ? entry.element.tagName + '.' + entry.element.className + ' ' + (entry.element.textContent || '').slice(0, 40) : '';
    }
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      const isSame = windowed > 0 && entry.startTime - last < 1000 && entry.startTime - first < 5000;
      if (!isSame) { windowed = 0; first = entry.startTime; }
      windowed += entry.value;
      last = entry.startTime;
      vitals.cls = Math.max(vitals.cls, windowed);
    }
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.interactionId) vitals.interactions[entry.interactionId] = Math.max(vitals.interactions[entry.interactionId] || 0, entry.duration);
    }
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
}`;

interface Vitals {
  lcp: number;
  largest: string;
  cls: number;
  interactions: Record<string, number>;
}

/** Visits a page once: loads it, lets it settle, walks through it. `spoil` runs before anything else and is for the negative control. */
export async function visitPage(
  ground: { browser: Browser; demo: Demo },
  { name, path, ready, walk }: WalkedPage,
  spoil = '',
): Promise<PageVisit> {
  const { page, context } = await openBenchPage(ground, 'alice');
  try {
    await page.addInitScript(`${notes}\n${spoil}`);
    await page.goto(`${ground.demo.url}${path}`);
    await page.locator(ready).first().waitFor();
    // Long enough for answers that come late to push something away.
    await page.waitForTimeout(2_500);
    const jsBytes = (await page.evaluate(
      `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js') && !name.endsWith('/sw.js')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`,
    )) as number;
    await walk(page);
    await page.waitForTimeout(400);
    const { lcp, largest, cls, interactions } = (await page.evaluate('vitals')) as Vitals;
    if (lcp === 0) throw new Error(`${name}: expected that something was painted, got no entry`);
    return { page: name, lcpMs: lcp, cls, interactionsMs: Object.values(interactions), largest, jsBytes };
  } finally {
    await context.close();
  }
}
