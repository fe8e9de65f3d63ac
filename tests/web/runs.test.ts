import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestRuns } from '../api/open-runs.ts';
import type { TestRuns } from '../api/open-runs.ts';
import { findFaults, looks, openCockpitOn } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

let cockpit: Cockpit<TestRuns>;
const address = '/launches/shop-cutover/runs';

beforeAll(async () => {
  cockpit = await openCockpitOn(openTestRuns);
});
afterAll(() => cockpit?.close());

async function stateOfOpenRun(): Promise<string | undefined> {
  const { body } = await cockpit.api.send('alice', 'GET', '/api/runs?open=true');
  return (body as { items: { state: string }[] }).items[0]?.state;
}

describe('the runs of a launch in Chromium', () => {
  it('O02 a live run is ordered on its dry run, and appears as it goes on', async () => {
    const { page, complaints } = await cockpit.openAs('carol', address);
    await page.getByText('Nothing is under way').waitFor();
    await page.getByRole('button', { name: 'Start a live run' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This changes production').waitFor();
    await dialog.getByRole('button', { name: /Environment/u }).click();
    await page.getByRole('option', { name: 'staging' }).click();
    await dialog.getByText('This changes production').waitFor({ state: 'detached' });
    await dialog.getByRole('region', { name: 'What each step would do' }).getByText('Freeze the shop').waitFor();
    await dialog.getByLabel('T−0').fill(new Date(Date.now() + 3_602_000).toISOString());
    expect(await dialog.getByRole('button', { name: 'Start the run' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('a test by clicking');
    await dialog.getByRole('button', { name: 'Start the run' }).click();
    await page.getByRole('heading', { level: 1, name: 'Runbook: live run' }).waitFor();
    // How long a worker takes on a busy machine is none of the page's; what it shows afterwards is.
    await expect.poll(stateOfOpenRun, { timeout: 60_000 }).toBe('waiting_human');
    await page.getByText('waits for people').waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'Runs' }).first().click();
    const open = page.getByRole('grid', { name: 'Under way' });
    await open.getByText('waits for people').waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  }, 180_000);

  it('O02 who has no right is refused by the server, in the dialog, and nothing begins (negative control)', async () => {
    const before = (await cockpit.api.send('alice', 'GET', '/api/runs')).body;
    const { page } = await cockpit.openAs('vera', address);
    await page.getByRole('button', { name: 'Start a live run' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('alert').first().waitFor();
    await page.context().close();
    expect((await cockpit.api.send('alice', 'GET', '/api/runs')).body).toEqual(before);
  });

  it('T19 has no axe violation in any look, and never scrolls sideways', async () => {
    for (const look of looks) {
      const { page } = await cockpit.openAs('alice', address, { ...look, bypassCSP: true });
      await page.getByRole('grid', { name: 'Under way' }).waitFor();
      expect({ look, faults: await findFaults(page) }).toEqual({ look, faults: [] });
      await page.context().close();
    }
  }, 180_000);
});
