import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { nameAdmin } from '../api/name-admin.ts';
import { press } from '../browser/press.ts';
import { untilFocused } from '../browser/until-focused.ts';
import { findFaultsInLooks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

const shots = process.env['TMINUS_SHOTS'];
let cockpit: Cockpit;

beforeAll(async () => {
  cockpit = await openCockpit();
  await nameAdmin(cockpit.api, 'alice');
  for (const person of ['alice', 'carol']) await cockpit.api.headersOf(person);
});
afterAll(() => cockpit?.close());

const shoot = async (page: Page, name: string): Promise<void> => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
};
const openAs: Cockpit['openAs'] = (person, path, look) => cockpit.openAs(person, path, look);

/** A second browser of the same person, signed in by their password. */
async function signInElsewhere(person: string): Promise<Page> {
  const { page } = await openAs('nobody-yet', '/sign-in');
  await page.context().clearCookies();
  await page.goto(`${cockpit.api.url}/sign-in?next=/settings`);
  await page.getByLabel('E-mail').fill(`${person}@shop.example`);
  await page.getByLabel('Password', { exact: true }).fill('a long sentence that only tests know');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Who you are' }).waitFor();
  return page;
}

describe('settings', () => {
  it('T25 a session that is ended here is out there within five seconds', async () => {
    const other = await signInElsewhere('carol');
    const { page, complaints } = await openAs('carol', '/settings?tab=sessions');
    const row = page.getByRole('row').filter({ hasNotText: 'this one' }).filter({ hasText: 'Chrom' });
    await press(row.getByRole('button', { name: 'End' }));
    await page.getByRole('dialog').getByText('is signed out within five seconds').waitFor();
    await press(page.getByRole('button', { name: 'End the session' }));
    await page.getByText('One session ended').waitFor();
    // Five seconds are for other processes of the server: the one that ended it answers the very next question as to a stranger.
    const asked = await other.context().request.get(`${cockpit.api.url}/api/me`);
    expect(await asked.json()).toMatchObject({ identity: null });
    // Its page hears of it by itself, when its stream has ended and asks again.
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
    await Promise.all([page.context().close(), other.context().close()]);
  });

  it('T25 a token is made by keyboard, shown once, works, and ends', async () => {
    const { page, complaints } = await openAs('carol', '/settings?tab=tokens');
    await page.getByText('You have no token').waitFor();
    await press(page.getByRole('button', { name: 'Make a token' }));
    const dialog = page.getByRole('dialog');
    await untilFocused(dialog.getByRole('textbox').first());
    await page.keyboard.type('board in the hall');
    await page.getByRole('checkbox', { name: 'run.view' }).focus();
    await page.keyboard.press('Space');
    await press(page.getByRole('button', { name: 'Make the token' }));
    const text = (await page.getByRole('region', { name: 'Token', exact: true }).textContent()) ?? '';
    expect(text).toMatch(/^tmt_[\w-]{43}$/u);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page
      .getByRole('row', { name: /board in the hall/ })
      .getByText('in use')
      .waitFor();
    expect(await page.content()).not.toContain(text);
    const asProgram = (): Promise<{ status: number }> =>
      cockpit.api.send(null, 'GET', '/api/workers', { headers: { authorization: `Bearer ${text}` } });
    expect((await asProgram()).status).toBe(200);
    await page
      .getByRole('row', { name: /board in the hall/ })
      .getByRole('button', { name: 'End' })
      .click();
    await dialog.getByRole('button', { name: 'End' }).click();
    await page.getByText('The token is ended').waitFor();
    expect((await asProgram()).status).toBe(401);
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });

  it('O05 a right is given with its reason, says where it comes from, and ends; whoever is no admin is told so', async () => {
    const { page, complaints } = await openAs('alice', '/settings?tab=rights');
    const table = page.getByRole('grid', { name: 'Rights in shop-cutover' });
    await table.getByText('the document: developer').first().waitFor();
    await page.getByRole('button', { name: 'Give a right' }).click();
    await page.getByRole('button', { name: /To whom/ }).click();
    await page.getByRole('option', { name: /Dave Ito/ }).click();
    await page
      .getByRole('button', { name: /^operator Role|Role/ })
      .last()
      .click();
    await page.getByRole('option', { name: 'viewer' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('looks on during the night');
    await page.getByRole('dialog').getByRole('button', { name: 'Give the right' }).click();
    const given = table.getByRole('row').filter({ hasText: 'given by alice' });
    await given.waitFor();
    await shoot(page, 'rights');
    await given.getByRole('button', { name: 'End' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('the night is over');
    await page.getByRole('dialog').getByRole('button', { name: 'End the right' }).click();
    await given.waitFor({ state: 'detached' });
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
    const other = await openAs('carol', '/settings?tab=people');
    await other.page.getByText('permission denied').first().waitFor();
    await shoot(other.page, 'people-refused');
    await other.page.context().close();
  });

  it('T25 an invitation wants the second factor again where it was shown too long ago, and is made once it was shown', async () => {
    await cockpit.api.showFactor('alice');
    const { page } = await openAs('alice', '/settings?tab=people');
    await page.getByRole('grid', { name: 'Accounts' }).waitFor();
    await cockpit.api.store.database.pool.query(
      `update identity.session set "strongAt" = now() - interval '11 minutes'`,
    );
    await page.waitForTimeout(5_200);
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Zoe');
    await page.getByLabel('E-mail', { exact: true }).fill('zoe@shop.example');
    await page.getByRole('button', { name: 'Make the invitation' }).click();
    await page.getByRole('dialog', { name: 'Show that it is you' }).getByLabel('Code of your authenticator').waitFor();
    await shoot(page, 'step-up');
    // Without it nothing is done, and the window says so.
    await page.keyboard.press('Escape');
    await page.getByRole('alert').getByText('step up wanted').waitFor();
    expect((await cockpit.api.identity.accounts.list()).map(({ email }) => email)).not.toContain('zoe@shop.example');
    await cockpit.api.store.database.pool.query(`update identity.session set "strongAt" = now()`);
    await page.waitForTimeout(5_200);
    await page.getByRole('button', { name: 'Make the invitation' }).click();
    const link = await page.getByRole('region', { name: 'Link' }).textContent();
    expect(link).toMatch(new RegExp(`^${cockpit.api.url}/redeem#[0-9a-z-]{20,}$`, 'u'));
    await page.context().close();
  });

  it('T19 every part is without fault in every theme and width', { timeout: 400_000 }, async () => {
    const { page } = await openAs('alice', '/settings', { bypassCSP: true });
    const faults: string[] = [];
    for (const tab of ['account', 'sessions', 'tokens', 'people', 'rights', 'status', 'reports']) {
      await page.goto(`${cockpit.api.url}/settings?tab=${tab}`);
      await page.getByRole('tabpanel').locator('section').first().waitFor();
      const found = await findFaultsInLooks(page, ({ theme, width }) =>
        shoot(page, `settings-${tab}-${theme}-${width}`),
      );
      faults.push(...found.map((fault) => `${tab} ${fault}`));
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
