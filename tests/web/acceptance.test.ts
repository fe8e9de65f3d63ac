import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { press } from '../browser/press.ts';
import { findFaultsInLooks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

const address = '/launches/shop-cutover/acceptance';
let cockpit: Cockpit;

beforeAll(async () => {
  cockpit = await openCockpit();
});
afterAll(() => cockpit?.close());

/** Goes on from the page of the pass by the link that one of its actions has. */
const goOn = (page: Page, action: string): Promise<void> =>
  press(page.getByRole('listitem').filter({ hasText: action }).getByRole('link'));
const comeBack = async (page: Page): Promise<void> => void (await page.goto(`${cockpit.api.url}${address}`));
const untilDone = (page: Page, count: number): Promise<void> =>
  page.getByText(`${count} / 6`, { exact: true }).waitFor();

describe('the guided acceptance pass in Chromium', () => {
  it(
    'D12 carol goes through her work by keyboard, all six actions are found in what she did, and she signs for it',
    { timeout: 180_000 },
    async () => {
      const { page, complaints } = await cockpit.openAs('carol', address);
      await press(page.getByRole('button', { name: 'Begin a pass' }));
      await goOn(page, 'Sign in anew');
      await page.getByLabel('E-mail').fill('carol@shop.example');
      await page.getByLabel('Password', { exact: true }).fill('a long sentence that only tests know');
      await page.keyboard.press('Enter');
      await untilDone(page, 1);

      await goOn(page, 'See what is yours to do');
      await press(page.locator('main a[href*="/gates/ready"]').first());
      await press(page.getByRole('button', { name: 'Vote no-go' }));
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill('the order desk has no phone');
      await press(dialog.getByRole('button', { name: 'Vote no-go' }));
      await dialog.getByLabel('Key file (.pem)').setInputFiles(cockpit.api.launch.people['carol']!.keyFile);
      await dialog.waitFor({ state: 'detached' });
      await comeBack(page);
      await untilDone(page, 4);
      expect(await page.getByRole('listitem').filter({ hasText: 'Finish it' }).innerText()).toContain(
        'told what keeps it',
      );

      await goOn(page, 'See what waits for others');
      await page.getByRole('button', { name: /^Show all \d+$/ }).waitFor();
      await comeBack(page);
      await untilDone(page, 5);
      expect(await page.getByRole('button', { name: 'Sign the pass' }).count()).toBe(0);
      await goOn(page, 'Look into a document');
      await press(page.locator('main a[href*="/documents/launch.md"]').first());
      await page.getByRole('heading', { name: 'Scope' }).first().waitFor();
      await comeBack(page);
      await untilDone(page, 6);

      await press(page.getByRole('button', { name: 'Sign the pass' }));
      await press(dialog.getByRole('button', { name: /Criterion/ }));
      await press(page.getByRole('option').first());
      await dialog.getByRole('textbox', { name: 'What you saw' }).fill('a day of orders, none lost');
      await press(dialog.getByRole('button', { name: 'Sign the pass' }));
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('grid').getByText('signed', { exact: true }).waitFor();
      expect(complaints).toEqual({ violations: [], errors: [] });
      await page.context().close();
    },
  );

  it(
    'T19 D12 no axe violation, no sideways scrolling, in every theme, wide and narrow',
    { timeout: 180_000 },
    async () => {
      const { page } = await cockpit.openAs('alice', address, { bypassCSP: true });
      await press(page.getByRole('button', { name: 'Begin a pass' }));
      await untilDone(page, 0);
      expect(await findFaultsInLooks(page)).toEqual([]);
      await page.context().close();
    },
  );
});
