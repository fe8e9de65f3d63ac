import { setTimeout as pause } from 'node:timers/promises';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { totpCode } from '../identity/totp.ts';
import { addAuthenticator } from './add-authenticator.ts';
import { findFaults, looks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';
import { openPage } from './open-web.ts';

const shots = process.env['TMINUS_SHOTS'];
const password = 'four words of one person';
const email = 'alice@shop.example';
let cockpit: Cockpit;
/** Address of the authenticator that Alice sets up. */
let totpUri = '';

beforeAll(async () => {
  cockpit = await openCockpit({ host: 'localhost' });
});
afterAll(() => cockpit?.close());

const shoot = async (page: Page, name: string): Promise<void> => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
};
const open = (path: string, look = {}): ReturnType<typeof openPage> =>
  openPage(cockpit.browser, `${cockpit.api.url}${path}`, look);
const me = async (page: Page): Promise<string | null> => {
  const said = (await page.evaluate(`fetch('/api/me').then((answer) => answer.json())`)) as {
    identity: { person: string } | null;
  };
  return said.identity?.person ?? null;
};

/** The code of the step before is taken until this one is over: what is sent now has to come in before that. */
async function untilEarlyInStep(): Promise<void> {
  const intoMs = Date.now() % 30_000;
  if (intoMs > 10_000) await pause(30_000 - intoMs);
}

async function typePassword(page: Page, text = password): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

describe('the first run in Chromium', () => {
  it('T25 is set up from nothing by the code of the console, and nobody gets in without it', async () => {
    const code = (await cockpit.api.identity.setup.issueCode()) ?? '';
    const { page, complaints } = await open('/');
    await page.getByRole('heading', { name: 'Set up Tminus' }).waitFor();
    await page.getByLabel('Setup code').fill('0000-0000');
    await page.keyboard.press('Enter');
    await page.getByText('This is not the code of the newest start').waitFor();
    // The browser tells of the refusal, perhaps later than the page does.
    await expect.poll(() => complaints.errors.length).toBeGreaterThan(0);
    complaints.errors.length = 0;
    await page.goto(`${cockpit.api.url}/setup#${code}`);
    await page.reload();
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    expect(page.url()).not.toContain(code);
    await page.getByRole('button', { name: /Person of the launch/ }).click();
    await page.getByRole('option', { name: /Alice Moreau/ }).click();
    await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue()).toBe('Alice Moreau');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('Password again').fill(password);
    await shoot(page, 'setup');
    await page.keyboard.press('Enter');
    await page.getByText('You are admin of shop-cutover').waitFor();
    await shoot(page, 'setup-done');
    expect(await me(page)).toBe('alice');
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
    const again = await open('/setup');
    await again.page.getByText('was set up already').waitFor();
    await again.page.context().close();
  });
});

describe('signing in', () => {
  it('T25 refuses a wrong password in words that tell nothing, keeps where one wanted to go, and leads nowhere else', async () => {
    const { page } = await open('/settings?tab=tokens');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await typePassword(page, 'not the one at all');
    await page.getByText('Nobody is told which of the two is wrong').waitFor();
    await shoot(page, 'sign-in-refused');
    expect(await me(page)).toBeNull();
    await typePassword(page);
    await page.getByRole('tab', { name: 'API tokens', selected: true }).waitFor();
    await page.context().close();
    const other = await open('/sign-in?next=//evil.example/');
    await typePassword(other.page);
    await other.page.waitForURL(`${cockpit.api.url}/`);
    await other.page.context().close();
  });

  it('T25 sets an authenticator up from a QR code that is drawn here, and wants its code from then on', async () => {
    const { page, complaints } = await open('/sign-in?next=/settings');
    await typePassword(page);
    await page.getByRole('button', { name: 'Set up an authenticator' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your password').fill(password);
    await page.keyboard.press('Enter');
    await dialog.getByRole('img', { name: 'QR code' }).waitFor();
    await shoot(page, 'totp');
    const secret = (await dialog.getByRole('region', { name: 'Or type this secret' }).textContent()) ?? '';
    totpUri = `otpauth://totp/Tminus:alice?secret=${secret}`;
    expect(await dialog.getByRole('region', { name: 'Recovery codes' }).textContent()).toMatch(/\S{8,}/u);
    await untilEarlyInStep();
    await dialog.getByLabel('Code', { exact: true }).fill(totpCode(totpUri, -1));
    await page.keyboard.press('Enter');
    await page.getByText('The authenticator is set up').waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();

    const next = await open('/sign-in');
    await typePassword(next.page);
    await next.page.getByRole('heading', { name: 'Second factor' }).waitFor();
    expect(await me(next.page)).toBeNull();
    await next.page.getByLabel('Code').fill('000000');
    await next.page.keyboard.press('Enter');
    await next.page.getByText('This code does not open the account').waitFor();
    await shoot(next.page, 'second-factor');
    await next.page.getByLabel('Code').fill(totpCode(totpUri, 0));
    await next.page.keyboard.press('Enter');
    await next.page.waitForURL(`${cockpit.api.url}/`);
    expect(await me(next.page)).toBe('alice');
    await next.page.context().close();
  });

  it('T25 O21 makes a passkey, tells the line for the document, and signs in with it alone', async () => {
    const { page, complaints } = await open('/sign-in?next=/settings');
    await addAuthenticator(page);
    await typePassword(page);
    await page.getByLabel('Code').fill(totpCode(totpUri, 1));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByLabel('What do you call it?').fill('laptop');
    await page.keyboard.press('Enter');
    await page.getByText('Declared in: no launch').waitFor();
    await page.getByRole('button', { name: /To sign with the passkey laptop/ }).click();
    const line = await page.getByRole('region', { name: 'Line for shop-cutover' }).textContent();
    expect(line).toMatch(/^ {2}alice: \{ name: Alice Moreau, key: "webauthn-es256:localhost:[\w+/]{87}=" \}$/u);
    await shoot(page, 'settings-account');
    await page.getByRole('button', { name: 'Account of Alice Moreau' }).click();
    await page.getByText('stands for alice').waitFor();
    await shoot(page, 'account-menu');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await me(page)).toBeNull();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.waitForURL(`${cockpit.api.url}/`);
    expect(await me(page)).toBe('alice');
    expect(complaints.violations).toEqual([]);
    await page.context().close();
  });

  it('T25 an invitation is redeemed once, by whoever has its link', async () => {
    const alice = await cockpit.api.identity.accounts.list();
    const wish = { name: 'Dave Ito', email: 'dave@shop.example', person: 'dave' };
    const { code } = await cockpit.api.identity.accounts.invite(wish, alice[0]?.id ?? '');
    const { page } = await open(`/redeem#${code}`);
    await page.getByLabel('New password').fill('dave');
    await page.getByLabel('Password again').fill('dave');
    await page.keyboard.press('Enter');
    await page.getByText('expected 12 to 128 characters').waitFor();
    await page.getByLabel('New password').fill(password);
    await page.getByLabel('Password again').fill(password);
    await shoot(page, 'redeem');
    await page.keyboard.press('Enter');
    await page.getByText('you can sign in as dave@shop.example').waitFor();
    await page.goto(`${cockpit.api.url}/redeem#${code}`);
    await page.reload();
    await page.getByLabel('New password').fill(password);
    await page.getByLabel('Password again').fill(password);
    await page.keyboard.press('Enter');
    await page.getByText('was not issued, was used, or is too old').waitFor();
    await page.context().close();
  });
});

describe('pages for people who are not signed in', () => {
  it.each(looks)('T19 are without fault in $theme at $width px', async (look) => {
    const faults: string[] = [];
    const { page } = await open('/sign-in', { ...look, bypassCSP: true });
    for (const path of ['/sign-in', '/setup', '/redeem', '/status']) {
      await page.goto(`${cockpit.api.url}${path}`);
      await page.locator('h1').waitFor();
      await page.waitForLoadState('networkidle');
      faults.push(...(await findFaults(page)).map((fault) => `${path} ${fault}`));
      await shoot(page, `bare${path.replace('/', '-')}-${look.theme}-${look.width}`);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
