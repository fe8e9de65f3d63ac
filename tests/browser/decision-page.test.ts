import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { renderDecisionPage } from '../../src/report/decision-page.ts';
import { sampleDecision } from '../fixtures/sample-decision.ts';
import { openBrowser } from './open-browser.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

async function openPage(
  view: { width: number; scheme: 'light' | 'dark' },
  html: string,
): Promise<{ page: Page; requests: string[] }> {
  // The page's own policy forbids every script, axe included; the test alone may go around it.
  const context = await browser.newContext({
    bypassCSP: true,
    colorScheme: view.scheme,
    viewport: { width: view.width, height: 800 },
  });
  const page = await context.newPage();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.setContent(html);
  return { page, requests };
}

interface AxeResult {
  violations: { id: string }[];
  passes: unknown[];
}

async function runAxe(page: Page): Promise<AxeResult> {
  await page.evaluate(axeSource);
  return page.evaluate('axe.run()') as Promise<AxeResult>;
}

const html = renderDecisionPage(sampleDecision(), 'Shop');

describe('decision page in Chromium', () => {
  it.each([
    { width: 1000, scheme: 'light' as const },
    { width: 1000, scheme: 'dark' as const },
    { width: 320, scheme: 'light' as const },
    { width: 320, scheme: 'dark' as const },
  ])(
    'C8 has no axe violation and no sideways scrolling at $width px, $scheme, and asks nothing of any server',
    async (view) => {
      const { page, requests } = await openPage(view, html);
      const { violations, passes } = await runAxe(page);
      expect(violations.map(({ id }) => id)).toEqual([]);
      expect(passes.length).toBeGreaterThan(5);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      expect(requests).toEqual([]);
      await page.context().close();
    },
  );

  it('axe sees a fault where there is one (negative control)', async () => {
    const { page } = await openPage({ width: 1000, scheme: 'light' }, html.replace('--dim: #5b6470', '--dim: #e0e0e0'));
    expect((await runAxe(page)).violations.map(({ id }) => id)).toContain('color-contrast');
    await page.context().close();
  });

  it('C8 opens the evidence behind a reason by keyboard alone', async () => {
    const { page } = await openPage({ width: 1000, scheme: 'light' }, html);
    const isOpen = () => page.evaluate('document.querySelector("details").open');
    expect(await isOpen()).toBe(false);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await isOpen()).toBe(true);
    await page.context().close();
  });

  it('A19 runs no script that a title brings in', async () => {
    const { page } = await openPage(
      { width: 1000, scheme: 'light' },
      renderDecisionPage(
        sampleDecision({ gate: '<script>document.title="owned"</script>' }),
        '<svg onload=document.title="owned">',
      ),
    );
    expect(await page.title()).toContain('NO-GO');
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('svg').count()).toBe(0);
    await page.context().close();
  });
});
