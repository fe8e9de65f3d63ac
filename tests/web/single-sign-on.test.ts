import { OAuth2Server } from 'oauth2-mock-server';
import type { MutableToken } from 'oauth2-mock-server';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';
import { openPage } from './open-web.ts';

const provider = new OAuth2Server();
let cockpit: Cockpit;

/** A provider in a process of its own address, as people have one; whom it takes somebody for is said by the test. */
beforeAll(async () => {
  await provider.issuer.keys.generate('RS256');
  await provider.start(0, 'localhost');
  const issuer = provider.issuer.url ?? '';
  const settings = { id: 'oidc', name: 'Corp', clientId: 'tminus', clientSecret: 'secret', personClaim: 'employee' };
  cockpit = await openCockpit({ host: 'localhost', signOns: [{ ...settings, issuer, people: { e1: 'alice' } }] });
  // Somebody has set it up.
  await cockpit.api.headersOf('erin');
});
afterAll(async () => {
  await cockpit?.close();
  await provider.stop();
});

/** Walks to a button by Tab alone, and presses it. */
async function press(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name });
  await button.waitFor();
  for (let tries = 0; tries < 20; tries++) {
    if (await button.evaluate((one) => one === one.ownerDocument.activeElement)) return page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
  }
  throw new Error(`${name}: expected it within 20 stops of Tab, got none`);
}

describe('single sign-on in Chromium', { timeout: 180_000 }, () => {
  it('T16 goes to the provider and comes back to where one wanted to be, by keyboard', async () => {
    const says = ({ payload }: MutableToken): void => {
      Object.assign(payload, { sub: 's1', email: 'alice@corp.example', name: 'Alice', employee: 'e1' });
    };
    provider.service.on('beforeTokenSigning', says);
    const { page, complaints } = await openPage(cockpit.browser, `${cockpit.api.url}/sign-in?next=/settings`);
    await press(page, 'Continue with Corp');
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Account of Alice' }).waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
    provider.service.off('beforeTokenSigning', says);
  });

  it('T16 what the provider refuses is told on the page, and nobody is signed in', async () => {
    const refuse = (answer: { statusCode: number; body: unknown }): void => {
      Object.assign(answer, { statusCode: 400, body: { error: 'invalid_grant' } });
    };
    provider.service.on('beforeResponse', refuse);
    const { page } = await openPage(cockpit.browser, `${cockpit.api.url}/sign-in`);
    await press(page, 'Continue with Corp');
    await page.waitForURL(/failed=provider/u);
    await page.getByRole('alert').waitFor();
    const me = (await page.evaluate(`fetch('/api/me').then((answer) => answer.json())`)) as { identity: null };
    expect(me.identity).toBeNull();
    await page.context().close();
    provider.service.off('beforeResponse', refuse);
  });
});
