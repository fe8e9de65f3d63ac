import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startShop } from '../../examples/shop-cutover/start-shop.ts';
import type { RunningShop } from '../../examples/shop-cutover/start-shop.ts';
import { runRound, untilLeft } from './look-again.ts';
import type { AskChecks } from './look-again.ts';
import { findFaults, looks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

const address = '/launches/shop-cutover/gates/ready';
const shots = process.env['TMINUS_SHOTS'];
let cockpit: Cockpit;
let shop: RunningShop;

beforeAll(async () => {
  cockpit = await openCockpit();
  // A rehearsal takes longer than a test should: this copy of the launch lets it be waived, and proves the undo of its surface of high risk by another drill.
  const file = join(cockpit.api.launch.directory, 'launch.md');
  const text = readFileSync(file, 'utf8');
  const waivable = text.replace('{#drilled owner=carol fresh=1d}', '{#drilled owner=carol fresh=1d waivable=yes}');
  writeFileSync(file, waivable.replace('| drilled |', '| restore-drill |'));
  shop = await startShop({ directory: cockpit.api.launch.directory, flawed: false });
}, 600_000);
afterAll(async () => {
  await shop?.stop();
  await cockpit?.close();
});

const shoot = async (page: Page, name: string): Promise<void> => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: false });
};

/** Signs in the open dialog with the key file of that person, which the browser is given once. */
async function signAs(page: Page, person: string, verb: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: verb }).click();
  const file = dialog.getByLabel('Key file (.pem)');
  await Promise.race([file.waitFor(), dialog.waitFor({ state: 'detached' })]);
  if (await file.isVisible()) await file.setInputFiles(cockpit.api.launch.people[person]!.keyFile);
  await dialog.waitFor({ state: 'detached' });
}

/** Signs a waiver, which carol asked for, of the criterion that the address of the page has opened. */
async function waiveAs(page: Page, person: string): Promise<void> {
  await page.getByRole('button', { name: 'Waive' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('rehearsed by hand last week');
  await dialog.getByRole('button', { name: /Asked for by/ }).click();
  await page.getByRole('option', { name: 'Carol Lindt' }).click();
  await shoot(page, 'gate-waive');
  await signAs(page, person, 'Sign the waiver');
}

/** Reads what has come since; what was done in another page has to have come before, or it would change again under the eyes. */
async function readAgain(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'I have read it' }).click();
  await page.getByText('What is shown has changed since you read it').waitFor({ state: 'detached' });
}

const askChecks: AskChecks = (method, body) =>
  cockpit.api.send('carol', method, '/api/launches/shop-cutover/checks', body === undefined ? {} : { body });

/** Has the shop looked at once more, which is other evidence than before; resolves when it is over, since there are not two rounds at a time. */
async function lookAgain(): Promise<void> {
  await runRound(askChecks, { only: ['api-health'], force: true });
}

describe('gates in Chromium', () => {
  it(
    'F13 F06 O21 from NO-GO to GO by clicking: checks, a waiver, a word, two votes',
    { timeout: 300_000 },
    async () => {
      const { page: carol, complaints } = await cockpit.openAs('carol', address);
      await carol.getByRole('list', { name: 'Shortest way to GO' }).getByText('run the check of').first().waitFor();
      await shoot(carol, 'gate-no-go');
      expect(await carol.locator('[data-status=noGo]').count()).toBeGreaterThan(0);
      await carol.getByRole('button', { name: /^Run \d+ checks$/ }).click();
      await carol.getByText(/^Begun by carol/).waitFor();
      await shoot(carol, 'gate-checking');
      await carol.getByText(/^Last round, begun by carol/).waitFor({ timeout: 60_000 });
      const way = carol.getByRole('list', { name: 'Shortest way to GO' }).getByRole('listitem');
      // What is left: a rehearsal, the word, two votes.
      await untilLeft(askChecks, () => way.count(), 4);
      await readAgain(carol);
      const { page: alice } = await cockpit.openAs('alice', `${address}?criterion=drilled`);
      await waiveAs(alice, 'alice');
      await expect.poll(() => way.count()).toBe(3);
      await readAgain(carol);
      await shoot(carol, 'gate-checked');
      await carol.getByRole('button', { name: 'Give word' }).first().click();
      const words = carol.getByRole('dialog').getByRole('textbox', { name: 'What you saw' });
      await words.fill('took twelve orders, refunded one, closed the day');
      await shoot(carol, 'gate-word');
      await signAs(carol, 'carol', 'Sign it');
      await readAgain(carol);
      await carol.getByRole('button', { name: 'Vote go', exact: true }).click();
      await shoot(carol, 'gate-vote');
      await signAs(carol, 'carol', 'Vote go');
      await carol.getByText('1 of 2 go').waitFor();
      await alice.getByText('1 of 2 go').waitFor();
      await readAgain(alice);
      await alice.getByRole('button', { name: 'Vote go', exact: true }).click();
      await signAs(alice, 'alice', 'Vote go');
      // The other page learns of it by itself.
      await carol.getByText('2 of 2 go').waitFor();
      await carol.locator('header [data-status=goWithConditions]').first().waitFor();
      await carol.getByRole('heading', { name: 'Waivers in force' }).waitFor();
      await shoot(carol, 'gate-go');
      expect(complaints).toEqual({ violations: [], errors: [] });
      await carol.context().close();
      await alice.context().close();
    },
  );

  it(
    'A28 a vote is made void before the eyes of whoever looks, who has to read again before voting',
    { timeout: 180_000 },
    async () => {
      const { page } = await cockpit.openAs('bob', address);
      await page.getByText('2 of 2 go').waitFor();
      await lookAgain();
      await page.getByText('What is shown has changed since you read it').waitFor();
      await page.getByText('0 of 2 go').waitFor();
      await page.getByRole('heading', { name: 'Votes that do not count' }).waitFor();
      await expect.poll(() => page.getByText('what was shown has changed since').count()).toBe(2);
      expect(await page.getByRole('button', { name: 'Vote go', exact: true }).isDisabled()).toBe(true);
      await shoot(page, 'gate-voided');
      await readAgain(page);
      await expect.poll(() => page.getByRole('button', { name: 'Vote go', exact: true }).isDisabled()).toBe(false);
      await page.context().close();
    },
  );

  it('A28 what changes under an open dialog turns its button off', { timeout: 180_000 }, async () => {
    const { page } = await cockpit.openAs('bob', address);
    await page.getByRole('button', { name: 'Vote no-go' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('the restore took too long');
    const vote = dialog.getByRole('button', { name: 'Vote no-go' });
    await expect.poll(() => vote.isDisabled()).toBe(false);
    await lookAgain();
    await dialog.getByText('What is shown has changed').waitFor();
    await expect.poll(() => vote.isDisabled()).toBe(true);
    await page.context().close();
  });

  it(
    'O21 a poll is called by who leads, runs before everybody, keeps dissent, and is ended',
    { timeout: 180_000 },
    async () => {
      const { page: bob } = await cockpit.openAs('bob', address);
      const { page: erin } = await cockpit.openAs('erin', address);
      await erin.getByText('No poll was called').waitFor();
      expect(await erin.getByRole('button', { name: 'Call the poll' }).count()).toBe(0);
      expect(await erin.getByRole('button', { name: 'Vote go' }).count()).toBe(0);
      await bob.getByRole('button', { name: 'Call the poll' }).click();
      await erin.getByText('called by bob, ends in').waitFor();
      await bob.getByRole('button', { name: 'Vote no-go' }).click();
      await bob.getByRole('dialog').getByRole('textbox').fill('the restore took too long');
      await signAs(bob, 'bob', 'Vote no-go');
      await erin.getByText('the restore took too long').first().waitFor();
      await erin.getByText(/of 2 go, 1 no-go/).waitFor();
      await shoot(erin, 'gate-poll');
      await bob.getByRole('button', { name: 'End the poll' }).click();
      await erin.getByText('was ended by bob').waitFor();
      await bob.context().close();
      await erin.context().close();
    },
  );

  it.each(looks)(
    'T19 no axe violation, no sideways scrolling: $theme, $width px',
    { timeout: 180_000 },
    async (look) => {
      const { page } = await cockpit.openAs('alice', address, { ...look, bypassCSP: true });
      await page.getByRole('heading', { name: 'Go/no-go poll' }).waitFor();
      await shoot(page, `gate-${look.theme}-${look.width}`);
      expect(await findFaults(page)).toEqual([]);
      await page.goto(`${cockpit.api.url}/launches/shop-cutover/gates`);
      await page.getByRole('link', { name: 'ready for T-0' }).waitFor();
      await shoot(page, `gates-${look.theme}-${look.width}`);
      expect(await findFaults(page)).toEqual([]);
      await page.context().close();
    },
  );
});
