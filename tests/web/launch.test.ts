import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toFirstNeeds } from '../../web/src/shell/first-needs.ts';
import { closeContext } from './close-context.ts';
import { findFaults, looks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

const address = '/launches/shop-cutover';
const shots = process.env['TMINUS_SHOTS'];
let cockpit: Cockpit;

beforeAll(async () => {
  cockpit = await openCockpit();
});
afterAll(() => cockpit?.close());

const shoot = async (page: Page, name: string): Promise<void> => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
};
const panel = (page: Page, name: string) => page.getByRole('region', { name });

describe('launch in Chromium', () => {
  it('F13 F14 answers "can we go?" on one screen, from what the API says', { timeout: 180_000 }, async () => {
    const { page, complaints } = await cockpit.openAs('erin', address);
    const gate = panel(page, 'ready for T-0');
    await page.locator('[data-gate=ready] [data-status=noGo]').waitFor();
    const declared = await cockpit.api.send('erin', 'GET', `/api${address}`);
    const { t0 } = declared.body as { t0: string };
    const { body } = await cockpit.api.send('erin', 'GET', `/api${address}/gates/ready`);
    const { shortestWay } = body as { shortestWay: unknown[] };
    expect(await gate.getByRole('list', { name: 'Shortest way to GO' }).getByRole('listitem').count()).toBe(
      shortestWay.length,
    );
    // Whoever holds none of the wanted roles is offered neither a vote nor a word, and the votes come last.
    expect(await gate.getByRole('link', { name: 'Vote', exact: true }).count()).toBe(0);
    expect(await gate.getByRole('button', { name: 'Give word' }).count()).toBe(0);
    expect(await gate.getByRole('button', { name: 'Run check' }).count()).toBeGreaterThan(5);
    expect(await gate.getByRole('listitem').last().textContent()).toContain('pprove gate');
    await page
      .getByRole('timer', { name: 'Time against T-0' })
      .getByText(Date.parse(t0) > Date.now() ? /^T−\d/ : /^T\+\d/)
      .waitFor();
    await page.getByText('How long undo takes is not known: nobody has measured it.').waitFor();
    await panel(page, 'Scope').getByText('Gift cards').waitFor();
    await panel(page, 'Limits of the night').getByText('watched by a check').first().waitFor();
    await panel(page, 'Last rehearsals').getByText('Nothing was rehearsed').waitFor();
    await panel(page, 'Who holds which role').getByText('Alice Moreau').waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });

  it(
    'F14 another environment is another candidate and another decision, and the address says so',
    { timeout: 180_000 },
    async () => {
      const { page } = await cockpit.openAs('alice', address);
      await page.getByRole('button', { name: /Environment/ }).click();
      await page.getByRole('option', { name: 'staging' }).click();
      await expect.poll(() => page.url()).toContain('environment=staging');
      // The address changes before the page does: the link of the other environment is the one to press.
      const there = panel(page, 'ready for T-0').locator('a[href*="environment=staging"]');
      await there.filter({ hasText: 'Reasons and poll' }).first().click();
      await page.getByText('in staging').waitFor();
      await page.context().close();
    },
  );

  it('T18 a change of the documents is there by itself', { timeout: 180_000 }, async () => {
    const { page } = await cockpit.openAs('alice', address);
    await panel(page, 'Scope').getByText('Gift cards').waitFor();
    const file = join(cockpit.api.launch.directory, 'launch.md');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('| Gift cards |', '| Gift cards and vouchers |'));
    await panel(page, 'Scope').getByText('Gift cards and vouchers').waitFor({ timeout: 60_000 });
    writeFileSync(file, text);
    await page.context().close();
  });

  it('P19 what is asked for early is what the page asks for, and is asked for once', { timeout: 180_000 }, async () => {
    const shown = new URL(`${cockpit.api.url}${address}`);
    const wanted = toFirstNeeds(shown)?.asks ?? [];
    const { page } = await cockpit.openAs('alice', '/settings', { serviceWorkers: 'block' });
    // The stream says that something may have changed, and everything is asked for again.
    await page.route('**/api/events/stream', (route) => route.abort());
    const ask = async (): Promise<string[]> => {
      const asked: string[] = [];
      const note = (request: { url: () => string }): void => void asked.push(request.url().slice(shown.origin.length));
      await page.goto('about:blank');
      page.on('request', note);
      await page.goto(shown.href);
      await page.locator('[data-gate]').first().waitFor();
      // The last panel of the page to have its answer: nothing is on its way any more.
      await panel(page, 'Last rehearsals').getByText('Nothing was rehearsed').waitFor();
      page.off('request', note);
      return asked.filter((one) => one.startsWith('/api/') && one !== '/api/events/stream').toSorted();
    };
    const early = await ask();
    await page.route('**/assets/begin-*.js', (route) => route.abort());
    const late = await ask();
    expect(early).toEqual(late);
    expect(late).toEqual(expect.arrayContaining(wanted));
    expect(wanted.length).toBeGreaterThan(3);
    expect(late).toEqual([...new Set(late)]);
    await closeContext(page.context());
  });

  it.each(looks)(
    'T19 no axe violation, no sideways scrolling: $theme, $width px',
    { timeout: 180_000 },
    async (look) => {
      const { page } = await cockpit.openAs('alice', address, { ...look, bypassCSP: true });
      await page.locator('[data-gate=ready] [data-status=noGo]').waitFor();
      await panel(page, 'Evidence that holds').getByText('No evidence holds now').waitFor();
      await shoot(page, `launch-${look.theme}-${look.width}`);
      expect(await findFaults(page)).toEqual([]);
      await page.evaluate(`document.querySelector('main').scrollTo(0, 900)`);
      await shoot(page, `launch-below-${look.theme}-${look.width}`);
      await page.context().close();
    },
  );
});
