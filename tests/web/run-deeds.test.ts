import { readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { TestApi } from '../api/open-api.ts';
import { openTestRuns } from '../api/open-runs.ts';
import type { TestRuns } from '../api/open-runs.ts';
import { totpCode } from '../identity/totp.ts';
import { openCockpitOn } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

let cockpit: Cockpit<TestRuns>;

beforeAll(async () => {
  cockpit = await openCockpitOn((wish) => openTestRuns(wish, askForMore));
});
afterAll(() => cockpit?.close());

/** A point to which the count can go back, and steps that want a file and what a build brought. */
async function askForMore({ launch: { directory } }: TestApi): Promise<void> {
  const file = join(directory, 'launch.md');
  const text = await readFile(file, 'utf8');
  const more = text
    .replace('### T-1h Prepare', '### T-2h Come together {recycle=yes}\n\n### T-1h Prepare')
    .replace('undo=unfreeze ', 'undo=unfreeze recycle=repeat ')
    .replace('needs=freeze proof=comment}', 'needs=freeze proof=file}')
    .replace(
      '3. Say that it is done {#finish needs=look',
      '3. [HUMAN] Hand in the archive {#archive role=lead needs=look proof=artifact}\n4. Say that it is done {#finish needs=archive',
    );
  expect(more).toContain('{#archive role=lead');
  await writeFile(file, more);
}

const addressOf = (run: string, search = ''): string => `/launches/shop-cutover/runs/${run}${search}`;

/** Opens a page as a person, with their key file at hand wherever one is asked for. */
async function openAs(person: string, path: string): Promise<Page> {
  const { page } = await cockpit.openAs(person, path);
  return page;
}

/** Presses a button of the open window; where it asks for the key file, that of the person is given. */
async function signAs(page: Page, person: string, verb: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  const file = dialog.getByLabel('Key file (.pem)');
  await Promise.race([file.waitFor(), dialog.waitFor({ state: 'detached' })]);
  if (await file.isVisible()) await file.setInputFiles(cockpit.api.launch.people[person]!.keyFile);
  await dialog.waitFor({ state: 'detached' });
}

/** A run in production, which waits for two people. */
async function orderInProduction(inMs: number): Promise<string> {
  const path = '/api/launches/shop-cutover';
  const { body: plan } = await cockpit.api.send('carol', 'GET', `${path}/procedures/runbook/plan`);
  const { version: expectedVersion } = plan as { version: string };
  const t0 = new Date(Date.now() + inMs).toISOString();
  const body = { procedure: 'runbook', expectedVersion, reason: 'we switch on Saturday', t0 };
  const ordered = await cockpit.api.send('carol', 'POST', `${path}/runs`, { body });
  expect(ordered).toMatchObject({ status: 201 });
  return (ordered.body as { run: string }).run;
}

const openDeed = async (page: Page, name: RegExp): Promise<void> => {
  await page.getByRole('button', { name: 'More', exact: true }).last().click();
  await page.getByRole('menuitem', { name }).click();
};

describe('deeds on a run, by clicking', { timeout: 180_000 }, () => {
  it('O02 two people approve a run in production, each with their own key, and it goes on', async () => {
    const run = await orderInProduction(7_200_000);
    for (const person of ['alice', 'bob']) {
      const page = await openAs(person, addressOf(run, '?view=approvals'));
      await page.getByRole('button', { name: 'Vote GO' }).click();
      await page.getByRole('dialog').getByRole('textbox', { name: 'Reason' }).fill('I have read the dry run');
      await signAs(page, person, 'Vote GO');
      await page.getByRole('list', { name: 'Votes' }).getByText(person, { exact: true }).waitFor();
      await page.context().close();
    }
    const now = await cockpit.api.until(run, 'to be approved', ({ state }) => state !== 'pending_approval');
    expect(['approved', 'queued', 'running']).toContain(now.state);
    // There it rests until its first step is due: a deed is sent with what was seen, and refused where the run has moved on.
    await cockpit.api.until(run, 'to run', ({ state }) => state === 'running');
    const page = await openAs('alice', addressOf(run));
    await openDeed(page, /^Cancel the run/u);
    await page.getByRole('textbox', { name: 'Reason' }).fill('the weather');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByText('The run is being cancelled').waitFor();
    await cockpit.api.until(run, 'an end', ({ state }) => state === 'cancelled');
    await page.context().close();
  });

  it('R9 the bundle of a decision is taken by clicking, and holds the decision that is told', async () => {
    const page = await openAs('carol', '/launches/shop-cutover/gates/ready');
    // Both are waited for at once: the notice goes by itself, however long the download takes to begin.
    const [saved, told] = await Promise.all([
      page.waitForEvent('download'),
      page.getByText(/^Sealed as NO-GO; the bundle of [0-9a-f]{12} is being saved/u).textContent(),
      page.getByRole('button', { name: 'Take bundle' }).click(),
    ]);
    expect(saved.suggestedFilename()).toMatch(/^tminus-bundle-[0-9a-f]{12}\.tar$/u);
    const id = saved.suggestedFilename().slice(14, 26);
    expect(told).toContain(id);
    const archive = await readFile(await saved.path());
    expect(archive.subarray(257, 262).toString()).toBe('ustar');
    expect(archive.includes(id)).toBe(true);
    await page.context().close();
    const { page: vera } = await cockpit.openAs('vera', '/launches/shop-cutover/gates/ready?environment=staging');
    await vera.getByText('Shortest way to GO').first().waitFor();
    expect(await vera.getByRole('button', { name: 'Take bundle' }).count()).toBe(0);
    await vera.context().close();
  });

  it('A29 T25 the glass is broken by whoever was given the right, after a typed code, and by nobody else', async () => {
    const run = await orderInProduction(7_300_000);
    const before = await openAs('bob', addressOf(run, '?view=approvals'));
    await before.getByRole('link', { name: 'Break the glass under Settings, Rights' }).waitFor();
    expect(await before.getByRole('button', { name: 'Break the glass' }).count()).toBe(0);
    await before.context().close();
    await cockpit.api.breakGlassFor('bob', 'alice');
    const secret = await cockpit.api.showFactor('bob');
    const sessions = cockpit.api.store.database.pool;
    await sessions.query(`update identity.session set "strongAt" = now() - interval '11 minutes'`);
    const page = await openAs('bob', addressOf(run, '?view=approvals'));
    // A session is believed for as long as it is remembered.
    await page.waitForTimeout(5_200);
    await page.getByRole('button', { name: 'Break the glass' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Break the glass' }).click();
    const proof = page.getByRole('dialog', { name: 'Show that it is you' });
    await proof.getByLabel('Code of your authenticator').fill('000000');
    await page.keyboard.press('Enter');
    await proof.getByRole('alert').waitFor();
    expect((await cockpit.api.read(run)).state).toBe('pending_approval');
    await proof.getByLabel('Code of your authenticator').fill(totpCode(secret, 1));
    await page.keyboard.press('Enter');
    await page.getByText('The glass is broken').waitFor();
    await cockpit.api.until(run, 'to go on', ({ state }) => !['pending_approval', 'approved'].includes(state));
    await page.context().close();
    await cockpit.api.deed('alice', run, 'cancel');
  });

  it('D16 O08 a file and an artifact are proof by their digest, and never leave the machine', async () => {
    const { id } = await cockpit.api.runAtHumanStep();
    const page = await openAs('alice', addressOf(id, '?step=look'));
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.postData() ?? ''));
    for (const [step, bytes] of [
      ['look', 'the list of frozen tables'],
      ['archive', 'what the build brought'],
    ] as const) {
      await cockpit.api.until(id, `${step} to wait`, ({ steps }) =>
        steps.some((one) => one.id === step && one.run?.state === 'waiting_human'),
      );
      if (step === 'archive') await page.goto(`${cockpit.api.url}${addressOf(id, '?step=archive')}`);
      const form = page.getByRole('form', { name: /./u }).filter({ has: page.locator('input[type=file]') });
      expect(await form.getByRole('button', { name: 'Confirm and sign' }).isDisabled()).toBe(true);
      const buffer = Buffer.from(bytes);
      await form.locator('input[type=file]').setInputFiles({ name: `${step}.txt`, mimeType: 'text/plain', buffer });
      await form.getByText(createHash('sha256').update(bytes).digest('hex')).waitFor();
      await form.getByRole('button', { name: 'Confirm and sign' }).click();
      await signAs(page, 'alice', 'Sign');
      await cockpit.api.until(id, `${step} to be done`, ({ steps }) =>
        steps.some((one) => one.id === step && one.run?.state === 'done'),
      );
    }
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.filter((text) => text.includes('frozen tables') || text.includes('build brought'))).toEqual([]);
    await cockpit.api.until(id, 'its end', ({ state }) => state === 'completed');
    await page.context().close();
  });

  it('O07 the count goes back to a declared point, and what came after it is done again', async () => {
    const { id } = await cockpit.api.runAtHumanStep();
    const page = await openAs('alice', addressOf(id));
    await openDeed(page, /^Recycle/u);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 step is done again').waitFor();
    await dialog.getByText('Freeze the shop').waitFor();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('the vendor was not ready');
    await dialog.getByRole('button', { name: 'Recycle' }).click();
    await page.getByText('The count is back').waitFor();
    const { steps } = await cockpit.api.read(id);
    expect(steps.find((step) => step.id === 'freeze')?.run?.state).toBe('pending');
    await page.context().close();
  });
});
