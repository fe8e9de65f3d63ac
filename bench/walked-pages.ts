import type { Page } from 'playwright-core';

import type { WalkedPage } from './measure-page-visits.ts';

/** The pages that people open first, and what they do there. */
export function listWalkedPages(run: string): WalkedPage[] {
  return [
    { name: 'home', path: '/', ready: 'main h2', walk: walkAround },
    { name: 'launch', path: '/launches/shop-cutover', ready: 'main h2', walk: walkAround },
    { name: 'gate', path: '/launches/shop-cutover/gates/ready', ready: 'main h2', walk: walkAround },
    {
      name: 'runbook',
      path: `/launches/shop-cutover/runs/${run}`,
      ready: '[role=tab]',
      walk: async (page) => {
        await walkAround(page);
        await page.getByRole('tab', { name: /Steps/ }).click();
        await page.locator('main [role=grid] [role=row]').nth(3).click();
        await page.waitForTimeout(300);
      },
    },
  ];
}

/** What can be done on any page and changes nothing: tabs, what opens and closes, commands by keyboard, going from one thing to the next. */
async function walkAround(page: Page): Promise<void> {
  for (let index = 0; index < 8; index += 1) await page.keyboard.press('Tab');
  await pressEach(page, 'main [role=tab]', 4);
  await pressEach(page, 'main [aria-expanded]', 6);
  await page.keyboard.press('Control+k');
  await page.locator('[role=dialog]').waitFor();
  await page.keyboard.type('gates', { delay: 40 });
  await page.keyboard.press('ArrowDown');
  // The first empties the field, the second closes.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.locator('[role=dialog]').waitFor({ state: 'detached' });
}

async function pressEach(page: Page, selector: string, most: number): Promise<void> {
  const found = page.locator(selector);
  const count = Math.min(most, await found.count());
  for (let index = 0; index < count; index += 1) {
    const one = found.nth(index);
    if (!(await one.isVisible()) || !(await one.isEnabled())) continue;
    await one.click();
    await page.waitForTimeout(150);
    if ((await page.locator('[role=dialog], [role=menu], [role=listbox]').count()) > 0)
      await page.keyboard.press('Escape');
  }
}
