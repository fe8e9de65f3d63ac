import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { press } from '../browser/press.ts';
import { makeDataLaunch, sourceCount } from '../api/data-launch.ts';
import type { DataLaunch } from '../api/data-launch.ts';
import { findFaultsInLooks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

const shots = process.env['TMINUS_SHOTS'];
const address = '/launches/orders-move/data';
let launch: DataLaunch;
let cockpit: Cockpit;

beforeAll(async () => {
  launch = makeDataLaunch();
  cockpit = await openCockpit({ besides: [launch.directory] });
}, 300_000);
afterAll(async () => {
  await cockpit?.close();
  launch?.remove();
});

const shoot = async (page: Page, name: string): Promise<void> => {
  if (!shots) return;
  const size = page.viewportSize()!;
  // What scrolls is a part of the page: a picture of all of it wants a window that is as high.
  await page.setViewportSize({ ...size, height: 2_200 });
  await page.screenshot({ path: `${shots}/${name}.png` });
  await page.setViewportSize(size);
};

/** Presses a button of a dialog by keyboard, and waits until the dialog has gone. */
async function confirm(page: Page, verb: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await press(dialog.getByRole('button', { name: verb }));
  await dialog.waitFor({ state: 'detached' });
}

const fixes = (page: Page) => page.getByRole('region', { name: 'Fixes' });

describe('data in Chromium', () => {
  it('C05 C08 a planted wrong row is found, fixed and undone on screen', { timeout: 300_000 }, async () => {
    const { page: erin, complaints } = await cockpit.openAs('erin', address);
    await press(erin.getByRole('link', { name: 'Orders' }));
    await erin.getByText('Nothing was imported yet.').waitFor();
    await press(erin.getByRole('button', { name: 'Dry run' }));
    await press(erin.getByRole('button', { name: 'Import', exact: true }));
    await confirm(erin, 'Import');
    await erin.getByText('Verified', { exact: true }).waitFor({ timeout: 60_000 });
    await erin.getByText('Skipped: fax-order').waitFor();
    await erin.getByText(`${sourceCount} of ${sourceCount} accounted for`).waitFor();
    launch.change(`update orders set customer = 'customer 7' where id = 7;
      insert into orders values (99, 'Nobody', 'nobody@shop.example', 5);`);
    const before = launch.rows();

    await press(erin.getByRole('button', { name: 'Compare now' }));
    const samples = erin.getByRole('region', { name: /^Upper and lower case in customer/ });
    await erin.getByRole('row', { name: /Upper and lower case/ }).waitFor({ timeout: 60_000 });
    await erin.getByRole('row', { name: /Upper and lower case/ }).click();
    await expect.poll(() => samples.locator('mark').allTextContents()).toEqual(['C', 'c']);
    await shoot(erin, 'data-found');

    await press(erin.getByRole('button', { name: 'Look what can be fixed' }));
    await fixes(erin).getByText('Waits for approval').waitFor({ timeout: 60_000 });
    await fixes(erin).getByText('An approver or lead other than erin approves it.').waitFor();
    await fixes(erin).getByRole('region', { name: 'Left to people' }).getByText('99').first().waitFor();
    await shoot(erin, 'data-planned');

    const { page: carol } = await cockpit.openAs('carol', `${address}/orders`);
    await press(fixes(carol).getByRole('button', { name: 'Approve' }));
    const dialog = carol.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Comment' }).fill('one name, seen');
    await press(dialog.getByRole('button', { name: 'Approve' }));
    await dialog.getByLabel('Key file (.pem)').setInputFiles(launch.keyFiles['carol']!);
    await dialog.waitFor({ state: 'detached' });
    await carol.context().close();

    await erin.reload();
    await press(fixes(erin).getByRole('button', { name: 'Apply' }));
    await confirm(erin, 'Apply');
    await fixes(erin).getByText('Applied', { exact: true }).waitFor({ timeout: 60_000 });
    expect(launch.rows()).toContain('7 | Customer 7 | c7@shop.example | 725');
    await press(erin.getByRole('button', { name: 'Compare now' }));
    await erin.getByText('0 missing, 1 extra, 0 changed').waitFor({ timeout: 60_000 });

    await press(fixes(erin).getByRole('button', { name: 'Undo' }));
    await confirm(erin, 'Undo');
    await fixes(erin).getByText('Taken back', { exact: true }).waitFor({ timeout: 60_000 });
    expect(launch.rows()).toEqual(before);
    await shoot(erin, 'data-undone');
    expect(complaints).toEqual({ violations: [], errors: [] });
    await erin.context().close();
  });

  it('D32 rows of records that are gone from the source are named before they are deleted', async () => {
    launch.changeSource('delete from orders where id in (20, 21)');
    launch.change(`update orders set customer = 'by hand' where id = 21`);
    const { page, complaints } = await cockpit.openAs('erin', `${address}/orders`);
    await press(page.getByRole('button', { name: 'Dry run' }));
    const gone = page.getByRole('region', { name: 'Gone from the source' });
    await gone.getByText('2 records are gone from the source').waitFor({ timeout: 60_000 });
    await gone.getByText('Would be deleted').waitFor();
    await gone.getByText('Stay, since people have edited them').waitFor();
    await press(gone.getByRole('button', { name: 'Which rows' }));
    await gone.getByRole('listitem').first().waitFor();
    await expect.poll(() => gone.getByRole('listitem').allTextContents()).toEqual(['20']);
    await shoot(page, 'data-gone');
    await press(page.getByRole('button', { name: 'Import', exact: true }));
    await page.getByRole('dialog').getByText('1 row is deleted').waitFor();
    await shoot(page, 'data-gone-confirm');
    await confirm(page, 'Import');
    await gone.getByText('Deleted', { exact: true }).waitFor({ timeout: 60_000 });
    expect(launch.rows().filter((row) => /^2[01] /u.test(row))).toEqual(['21 | by hand | c21@shop.example | 2125']);
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  }, 300_000);

  it('D30 D33 an archive is written and restored for good measure, by keyboard', { timeout: 300_000 }, async () => {
    const { page, complaints } = await cockpit.openAs('erin', `${address}/orders`);
    await press(page.getByRole('button', { name: 'Write an archive' }));
    // While the archive is still being written nothing else can be begun.
    await press(page.getByRole('button', { name: 'Restore for good measure' }), { timeout: 60_000 });
    // Both in one look: it may be over at the next.
    const underWay = page.locator('main').filter({ hasText: 'Restoring an archive' });
    await underWay.getByRole('button', { name: 'Stop' }).waitFor();
    const drills = page.getByRole('grid', { name: 'Restore drills' });
    await drills.getByText('Passed').waitFor({ timeout: 60_000 });
    await drills.getByText('1 of 1 equal').waitFor();
    await shoot(page, 'data-drilled');
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });

  it('T19 no axe violation, no sideways scrolling, in every theme, wide and narrow', { timeout: 300_000 }, async () => {
    for (const [name, path, shows] of [
      ['datasets', address, 'Orders'],
      ['dataset', `${address}/orders`, 'Left to people'],
    ] as const) {
      const { page } = await cockpit.openAs('erin', path, { bypassCSP: true });
      await page.getByText(shows).last().waitFor();
      const faults = await findFaultsInLooks(page, ({ theme, width }) => shoot(page, `${name}-${theme}-${width}`));
      expect(faults).toEqual([]);
      await page.context().close();
    }
  });
});
