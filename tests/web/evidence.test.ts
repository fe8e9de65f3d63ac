import { once } from 'node:events';
import { createServer } from 'node:http';

import { parseLogVerifier } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { closeContext } from './close-context.ts';
import { runRound } from './look-again.ts';
import type { AskChecks } from './look-again.ts';
import { findFaults, looks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

let cockpit: Cockpit;
const base = '/api/launches/shop-cutover';
const shots = process.env['TMINUS_SHOTS'];
const shop = createServer((_, answer) => void answer.end('{"commit":"<b>no</b>","version":"2.0.0"}'));

interface Line {
  id: string;
  about: string;
  /** Outcome of evidence. */
  word: string;
  supersededBy: string | null;
}

async function listed(about: string): Promise<Line[]> {
  const { body } = await cockpit.api.send('alice', 'GET', `${base}/evidence?about=${about}`);
  return (body as { items: Line[] }).items;
}

/** Rounds of checks until there are a newest and a superseded one that have seen the shop: on a busy machine it may answer one of them too late, and that one has no bytes. */
beforeAll(async () => {
  cockpit = await openCockpit();
  const { api } = cockpit;
  shop.listen(Number(new URL(api.launch.newUrl).port), '127.0.0.1');
  await once(shop, 'listening');
  const hasSeen = async (): Promise<boolean> => {
    const [newest, before] = await listed('api-health');
    return newest?.word === 'fail' && before?.word === 'fail';
  };
  const ask: AskChecks = (method, body) =>
    api.send('dave', method, `${base}/checks`, body === undefined ? {} : { body });
  for (let round = 1; !(await hasSeen()); round += 1) {
    if (round > 10) throw new Error('api-health: expected that it sees the shop twice, got less in ten rounds');
    // What was seen is sealed before the round is over, and until then no other begins.
    await runRound(ask, { only: ['api-health', 'smoke'], force: true });
  }
}, 300_000);
afterAll(async () => {
  shop.close();
  await cockpit?.close();
});

describe('evidence in Chromium', () => {
  it.each(looks)(
    'T19 no axe violation, no sideways scrolling: $theme, $width px',
    { timeout: 180_000 },
    async (look) => {
      const { page } = await cockpit.openAs('alice', '/launches/shop-cutover/evidence', { ...look, bypassCSP: true });
      await page.getByRole('link', { name: 'api-health' }).first().waitFor();
      if (shots) await page.screenshot({ path: `${shots}/evidence-${look.theme}-${look.width}.png` });
      expect(await findFaults(page)).toEqual([]);
      const [newest] = await listed('api-health');
      await page.goto(`${cockpit.api.url}/launches/shop-cutover/evidence/${newest!.id}`);
      await page.getByText('The key of the log has signed that root').waitFor();
      await page.getByText('SHA-256 computed again: the same').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/record-${look.theme}-${look.width}.png`, fullPage: true });
      expect(await findFaults(page)).toEqual([]);
      await page.context().close();
    },
  );

  it('R9 the proof is computed in the browser: it holds, and names the key to compare', async () => {
    const { page, complaints } = await cockpit.openAs('erin', '/launches/shop-cutover/evidence');
    await page.getByRole('grid', { name: 'Evidence' }).locator('[tabindex="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const steps = page.getByRole('list', { name: 'Proof' }).getByRole('listitem');
    await expect.poll(() => steps.locator('[data-status=pass]').count(), { timeout: 60_000 }).toBe(3);
    expect(await steps.count()).toBe(3);
    const field = page.getByRole('textbox', { name: 'The key that you were given' });
    await field.fill('test.example/log+b737d77f+AZheo+X1Qto+cLCgsN1MN4n/P4yMhxzLTVVaJ9g1P9pg');
    await page.getByText('It is another key').waitFor();
    const key =
      (await page
        .getByText(/^tminus\/shop-cutover\/[0-9a-f]+\+/u)
        .first()
        .textContent()) ?? '';
    expect(parseLogVerifier(key).name).toContain('shop-cutover');
    await field.fill(key);
    await page.getByText('It is the same key.').waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });

  it('A32 (planted fault) a record that the server changed on the way does not hold', async () => {
    const { page } = await cockpit.openAs('alice', '/launches/shop-cutover/evidence', {
      serviceWorkers: 'block',
    });
    const [newest] = await listed('api-health');
    await page.context().route(`**/evidence/${newest!.id}`, async (route) => {
      if (!route.request().url().includes('/api/')) return route.continue();
      const answer = await route.fetch();
      const json = (await answer.json()) as { body: string };
      return route.fulfill({
        response: answer,
        json: { ...json, body: json.body.replace('"planHash":"', '"planHash":"0') },
      });
    });
    await page.goto(`${cockpit.api.url}/launches/shop-cutover/evidence/${newest!.id}`);
    const steps = page.getByRole('list', { name: 'Proof' }).getByRole('listitem');
    await expect.poll(() => steps.locator('[data-status=fail]').count(), { timeout: 60_000 }).toBe(2);
    expect(await steps.locator('[data-status=pass]').count()).toBe(1);
    await closeContext(page.context());
  });

  it('D02 superseded evidence stays readable and leads to the newest', async () => {
    const old = (await listed('smoke')).find(({ supersededBy }) => supersededBy !== null)!;
    const { page, complaints } = await cockpit.openAs('alice', `/launches/shop-cutover/evidence/${old.id}`);
    await page.getByText('Newer evidence has taken the place of this one').waitFor();
    await page.getByRole('link', { name: 'Open the newest' }).click();
    await expect.poll(() => page.url(), { timeout: 60_000 }).toContain(old.supersededBy);
    await page.getByText('Newer evidence has taken').waitFor({ state: 'detached' });
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });
});
