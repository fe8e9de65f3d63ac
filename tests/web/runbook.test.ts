import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { press } from '../browser/press.ts';
import { untilFocused } from '../browser/until-focused.ts';
import { openTestRuns } from '../api/open-runs.ts';
import type { TestRuns, ToldRun } from '../api/open-runs.ts';
import { findFaults, looks, openCockpitOn } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

let cockpit: Cockpit<TestRuns>;
let run: ToldRun;

beforeAll(async () => {
  cockpit = await openCockpitOn(openTestRuns);
  run = await cockpit.api.runAtHumanStep();
});
afterAll(() => cockpit?.close());

const addressOf = ({ id }: Pick<ToldRun, 'id'>, search = ''): string => `/launches/shop-cutover/runs/${id}${search}`;

/** The browser has the key file of that person from here on, as after loading it by hand. */
async function loadKey(page: Page, person: string): Promise<void> {
  const pem = cockpit.api.launch.people[person]!.privateKeyPem;
  await page
    .getByLabel('Key file (.pem)')
    .setInputFiles({ name: `${person}.pem`, mimeType: 'application/x-pem-file', buffer: Buffer.from(pem) });
}

/** Goes through the views and finds nothing wrong in any of them. */
async function sawEveryView(page: Page): Promise<void> {
  for (const view of ['Steps', 'Graph', 'Compare', 'Approvals', 'Events']) {
    await page.getByRole('tab', { name: view }).click();
    await page.getByRole('tabpanel').waitFor();
    // What a view draws in steps is there by then, and nothing is still on its way.
    await page.waitForTimeout(500);
    await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count()).toBe(0);
    expect({ view, faults: await findFaults(page) }).toEqual({ view, faults: [] });
  }
}

describe('the runbook in Chromium, on a run that a real worker carries out', () => {
  it('T21 shows where the run stands, what it waits for, who can, and that it is no rehearsal', async () => {
    const { page, complaints } = await cockpit.openAs('alice', addressOf(run));
    await page.getByText('LIVE RUN', { exact: true }).waitFor();
    const waits = page.getByRole('region', { name: 'Waits now for' });
    await waits.getByText('Look whether it is frozen').waitFor();
    await expect.poll(() => waits.textContent()).toContain('you can; others: bob');
    await expect.poll(() => page.getByRole('timer').textContent()).toMatch(/^T−/u);
    const freeze = page.getByRole('list', { name: 'Steps over time, in words' }).getByRole('button').first();
    await expect.poll(() => freeze.getAttribute('aria-label')).toMatch(/^Freeze the shop, done, .*took/u);
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });

  it('T21 who may not act is told who may, and is offered nothing (negative control)', async () => {
    const { page } = await cockpit.openAs('vera', addressOf(run, '?step=look'));
    await page.getByText('Wants the right step.attest', { exact: false }).first().waitFor();
    expect(await page.getByRole('button', { name: 'Confirm and sign' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Hold', exact: true }).count()).toBe(0);
    await page.context().close();
  });

  it('T18 follows what happens without a reload: a hold by another person, and its end', async () => {
    const { page, complaints } = await cockpit.openAs('alice', addressOf(run));
    await page.getByText('waits for people').waitFor();
    expect((await cockpit.api.deed('bob', run.id, 'hold', { reason: 'the network is slow' })).status).toBe(200);
    await page.getByRole('button', { name: 'Resume' }).waitFor({ timeout: 60_000 });
    const held = page.getByRole('status').filter({ hasText: 'Held: the run' });
    await expect.poll(() => held.textContent()).toContain('the network is slow');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('it is fast again');
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByText('The hold is lifted').waitFor();
    await page.getByRole('button', { name: 'Hold', exact: true }).waitFor();
    expect((await cockpit.api.read(run.id)).holds).toEqual([]);
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });

  it('O31 a deed on a run that has moved on does nothing, says what changed, and is done after looking again', async () => {
    const { page } = await cockpit.openAs('alice', addressOf(run));
    await page.getByRole('button', { name: 'More', exact: true }).last().click();
    await page.getByRole('menuitem', { name: /Move T−0/u }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('New T−0').fill(new Date(Date.now() + 1_800_000).toISOString());
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('the vendor is late');
    expect((await cockpit.api.deed('bob', run.id, 'hold', { reason: 'a storm' })).status).toBe(200);
    await dialog.getByRole('button', { name: 'Move T−0' }).click();
    await dialog.getByText('Nothing was done').waitFor();
    await dialog.getByText('Held: a storm').waitFor();
    const held = await cockpit.api.read(run.id);
    await dialog.getByRole('button', { name: 'I have looked again' }).click();
    await dialog.getByRole('button', { name: 'Move T−0' }).click();
    await page.getByText('T−0 is moved').waitFor();
    expect((await cockpit.api.read(run.id)).version).not.toBe(held.version);
    const lifted = await cockpit.api.deed('bob', run.id, 'resume', { hold: held.holds[0]!.id });
    expect(lifted).toMatchObject({ status: 200 });
    await page.context().close();
  });

  it('T19 has no axe violation in any look, on any view, and never scrolls sideways', async () => {
    for (const look of looks) {
      const { page } = await cockpit.openAs('alice', addressOf(run, '?step=look'), { ...look, bypassCSP: true });
      await page.getByRole('button', { name: 'Confirm and sign' }).waitFor();
      expect({ look, faults: await findFaults(page) }).toEqual({ look, faults: [] });
      if (look.width === 320) await sawEveryView(page);
      await page.context().close();
    }
  }, 300_000);

  it('D16 T19 a human step is found and confirmed by keyboard alone, with a key file, and the run goes on by itself', async () => {
    const { page, complaints } = await cockpit.openAs('alice', addressOf(run));
    const list = page.getByRole('list', { name: 'Steps over time, in words' });
    await list.getByRole('button').first().focus();
    await page.keyboard.press('ArrowDown');
    await untilFocused(list.getByRole('button', { name: /^Look whether it is frozen/u }));
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Step: Look whether it is frozen' }).waitFor();
    expect(page.url()).toContain('step=look');
    await page.getByLabel('What you saw').focus();
    await page.keyboard.type('the file is there');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await untilFocused(page.getByRole('button', { name: 'Confirm and sign' }));
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Confirm the step' });
    await dialog.getByText('the file is there').waitFor();
    await press(dialog.getByRole('button', { name: 'Sign' }));
    await loadKey(page, 'alice');
    await page.getByText('The step is confirmed').waitFor();
    await page.getByText('completed').first().waitFor({ timeout: 60_000 });
    const after = await cockpit.api.until(run.id, 'an end', ({ state }) => state === 'completed');
    expect(after.steps.find(({ id }) => id === 'look')?.run?.proof).toBe('the file is there');
    await page.getByRole('link', { name: 'Its record' }).waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });
});
