import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { press } from '../browser/press.ts';
import { untilFocused } from '../browser/until-focused.ts';
import { findFaults, looks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

let cockpit: Cockpit;
beforeAll(async () => {
  cockpit = await openCockpit();
});
afterAll(() => cockpit?.close());

const path = 'sop/orders.md';
const page = `/launches/shop-cutover/documents/${path}`;
const base = '/api/launches/shop-cutover/document';
const shots = process.env['TMINUS_SHOTS'];

interface Review {
  state: string;
  version: string;
  number: number;
  threads: unknown[];
}

const read = async (): Promise<Review> =>
  (await cockpit.api.send('alice', 'GET', `${base}/review?path=${path}`)).body as Review;

async function move(person: string, deed: string): Promise<void> {
  const { version: expectedVersion, number: expectedNumber } = await read();
  const body = { path, expectedVersion, expectedNumber, reason: 'so that the next can be seen' };
  expect((await cockpit.api.send(person, 'POST', `${base}/${deed}`, { body })).status).toBe(200);
}

describe('the review of a document in Chromium', () => {
  it(
    'T14 the submitter sees whom it waits for, and another approves it by keyboard',
    { timeout: 180_000 },
    async () => {
      await move('dave', 'submit');
      const own = await cockpit.openAs('dave', page);
      await own.page.getByText('dave submitted it').waitFor();
      expect(await own.page.getByRole('button', { name: 'Begin review' }).isDisabled()).toBe(true);
      await own.page.context().close();
      await move('carol', 'begin-review');
      await move('carol', 'pass-review');
      const { page: seen, complaints } = await cockpit.openAs('erin', page);
      await press(seen.getByRole('button', { name: 'Approve', exact: true }));
      const approve = seen.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true });
      await approve.waitFor();
      if (shots) await seen.screenshot({ path: `${shots}/approve.png` });
      await press(approve);
      await seen.getByText('erin approved it').first().waitFor();
      expect((await read()).state).toBe('approved');
      expect(complaints).toEqual({ violations: [], errors: [] });
      await seen.context().close();
    },
  );

  it(
    'T14 a thread stands beside its line; a lock refuses the editor with who may unlock',
    { timeout: 180_000 },
    async () => {
      const { page: seen } = await cockpit.openAs('carol', page);
      await seen.getByRole('tab', { name: 'Review' }).click();
      await seen.getByLabel('Line; empty for the whole document').fill('3');
      await seen.getByLabel('What you want to say').fill('Who checks this? <b>me</b>');
      await seen.getByRole('button', { name: 'Begin a thread' }).click();
      await seen.getByText('Who checks this? <b>me</b>').waitFor();
      await seen.getByRole('tab', { name: 'Source' }).click();
      await seen
        .getByRole('region', { name: `Source of ${path}` })
        .getByText('Who checks this?')
        .waitFor();
      expect((await read()).threads).toMatchObject([{ line: 3, isResolved: false }]);
      await seen.context().close();
      await move('bob', 'lock');
      const { page: editing } = await cockpit.openAs('alice', page);
      await editing.getByText('bob locked it').first().waitFor();
      await editing.getByRole('tab', { name: 'Edit' }).click();
      await editing.getByRole('textbox', { name: `Text of ${path}` }).focus();
      await editing.keyboard.press('Control+End');
      await editing.keyboard.insertText('More.\n');
      await editing.getByText('Looking').waitFor({ state: 'detached' });
      await editing.getByRole('button', { name: 'Review and save' }).click();
      const dialog = editing.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Save into the working tree' }).click();
      await dialog.getByText('alice or bob').waitFor();
      if (shots) await editing.screenshot({ path: `${shots}/locked.png` });
      expect(readFileSync(join(cockpit.api.launch.directory, path), 'utf8')).not.toContain('More.');
      await editing.context().close();
    },
  );

  it('T14 D20 three moves in a row are made by keyboard in one page', { timeout: 180_000 }, async () => {
    const { page: seen, complaints } = await cockpit.openAs('bob', page);
    const moves = seen.getByRole('group', { name: 'Next', exact: true });
    await moves.getByRole('button', { name: 'Unlock', exact: true }).focus();
    for (const [verb, then, next] of [
      ['Unlock', 'approved', 'Lock'],
      ['Lock', 'locked', 'Unlock'],
      ['Unlock', 'approved', 'Lock'],
    ] as const) {
      await untilFocused(moves.getByRole('button', { name: verb, exact: true }));
      await seen.keyboard.press('Enter');
      const dialog = seen.getByRole('dialog');
      await dialog.waitFor();
      const reason = dialog.getByRole('textbox');
      if (verb === 'Unlock') await reason.fill('seen again');
      await press(dialog.getByRole('button', { name: verb, exact: true }));
      await dialog.waitFor({ state: 'detached' });
      await expect.poll(async () => (await read()).state).toBe(then);
      await moves.getByRole('button', { name: next, exact: true }).waitFor();
      await untilFocused(moves);
      await seen.keyboard.press('Tab');
    }
    expect(complaints).toEqual({ violations: [], errors: [] });
    await seen.context().close();
  });

  it.each(looks)(
    'T14 D20 no axe violation, no sideways scrolling: $theme, $width px',
    { timeout: 180_000 },
    async (look) => {
      const { page: seen } = await cockpit.openAs('alice', page, { ...look, bypassCSP: true });
      await seen.getByRole('tab', { name: 'Review' }).click();
      await seen.getByText('Who checks this?').waitFor();
      if (shots) await seen.screenshot({ path: `${shots}/review-${look.theme}-${look.width}.png`, fullPage: true });
      expect(await findFaults(seen)).toEqual([]);
      await seen.goto(`${cockpit.api.url}/settings?tab=notices`);
      await seen.getByText('No worker sends mail at the moment').waitFor();
      if (shots) await seen.screenshot({ path: `${shots}/notices-${look.theme}-${look.width}.png`, fullPage: true });
      expect(await findFaults(seen)).toEqual([]);
      await seen.context().close();
    },
  );

  it(
    'D20 a choice is kept, and a test message is offered while a worker sends mail',
    { timeout: 180_000 },
    async () => {
      await sql`insert into tminus.notice_channel (channel, sender) values ('mail', 'launch@shop.example')`.execute(
        cockpit.api.store.tables,
      );
      const { page: seen, complaints } = await cockpit.openAs('dave', '/settings?tab=notices');
      await seen.getByText('launch@shop.example').waitFor();
      await seen.getByRole('checkbox', { name: 'Something of yours is overdue' }).focus();
      await seen.keyboard.press('Space');
      await seen.getByRole('button', { name: 'Save' }).click();
      await seen.getByText('Saved.').waitFor();
      await seen.getByRole('button', { name: 'Send a test message' }).click();
      await seen.getByText('on its way', { exact: true }).waitFor();
      const { body } = await cockpit.api.send('dave', 'GET', '/api/me/notices');
      expect(body).toMatchObject({ mail: ['task-overdue'], version: 1, recent: [{ state: 'waiting' }] });
      expect(complaints).toEqual({ violations: [], errors: [] });
      await seen.context().close();
    },
  );
});
