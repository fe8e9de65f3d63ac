import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { press } from '../browser/press.ts';
import { findFaults, looks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

let cockpit: Cockpit;
let file = '';
beforeAll(async () => {
  cockpit = await openCockpit();
  file = join(cockpit.api.launch.directory, 'launch.md');
});
afterAll(() => cockpit?.close());

const list = '/launches/shop-cutover/documents';
const shots = process.env['TMINUS_SHOTS'];

describe('documents in Chromium', () => {
  it.each(looks)(
    'T19 no axe violation, no sideways scrolling: $theme, $width px',
    { timeout: 180_000 },
    async (look) => {
      const { page } = await cockpit.openAs('alice', `${list}/launch.md`, { ...look, bypassCSP: true });
      await page.getByRole('heading', { name: 'Gate: ready for T-0' }).waitFor();
      if (shots) await page.screenshot({ path: `${shots}/doc-${look.theme}-${look.width}.png` });
      expect(await findFaults(page)).toEqual([]);
      await page.getByRole('tab', { name: 'Edit' }).click();
      await page.getByRole('textbox', { name: 'Text of launch.md' }).waitFor();
      await page.getByText('Looking').waitFor({ state: 'detached' });
      if (shots) await page.screenshot({ path: `${shots}/edit-${look.theme}-${look.width}.png` });
      expect(await findFaults(page)).toEqual([]);
      await page.goto(`${cockpit.api.url}${list}`);
      await page.getByRole('link', { name: /sop\/orders\.md/ }).waitFor();
      if (shots) await page.screenshot({ path: `${shots}/list-${look.theme}-${look.width}.png` });
      expect(await findFaults(page)).toEqual([]);
      await page.context().close();
    },
  );

  it('D10 a finding is mended by keyboard: edit, lint, look at the change, save', { timeout: 180_000 }, async () => {
    const original = readFileSync(file, 'utf8');
    writeFileSync(file, original.replace('lead: [alice, bob]', 'lead: [alice, bob'));
    const { page, complaints } = await cockpit.openAs('alice', `${list}/launch.md`);
    await page.getByRole('alert').filter({ hasText: 'No launch can be read' }).waitFor();
    await page.getByText('blocking', { exact: true }).first().waitFor();
    await page.getByRole('tab', { name: 'Read' }).focus();
    await page.keyboard.press('End');
    const editor = page.getByRole('textbox', { name: 'Text of launch.md' });
    await editor.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(original.replace('nine years', 'ten years'));
    // The key does nothing until what is written was looked at.
    await expect.poll(() => page.getByRole('button', { name: 'Review and save' }).isEnabled()).toBe(true);
    await page.keyboard.press('Control+s');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('not committed').waitFor();
    if (shots) await page.screenshot({ path: `${shots}/save.png` });
    expect(readFileSync(file, 'utf8')).not.toContain('ten years');
    await press(dialog.getByRole('button', { name: 'Save into the working tree' }));
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('launch.md is saved. It is not committed.').waitFor();
    expect(readFileSync(file, 'utf8')).toBe(original.replace('nine years', 'ten years'));
    await page.getByRole('alert').filter({ hasText: 'No launch can be read' }).waitFor({ state: 'detached' });
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });

  it(
    'D16 whoever was slower sees what the other changed, and goes on with their own text',
    { timeout: 180_000 },
    async () => {
      const before = readFileSync(file, 'utf8');
      const { page, complaints } = await cockpit.openAs('alice', `${list}/launch.md`);
      await page.getByRole('tab', { name: 'Edit' }).click();
      const editor = page.getByRole('textbox', { name: 'Text of launch.md' });
      await editor.focus();
      await page.keyboard.press('Control+End');
      await page.keyboard.insertText('Mine.\n');
      writeFileSync(file, `${before}Theirs.\n`);
      await page.getByRole('button', { name: 'Review and save' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Save into the working tree' }).click();
      await page.getByText('Somebody else has changed launch.md meanwhile').waitFor();
      await page.getByText('Theirs.').waitFor();
      if (shots) await page.screenshot({ path: `${shots}/conflict.png` });
      expect(readFileSync(file, 'utf8')).toBe(`${before}Theirs.\n`);
      await page.getByRole('button', { name: 'Go on with mine' }).click();
      await page.getByRole('button', { name: 'Review and save' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Save into the working tree' }).click();
      await page.getByText('It is not committed.').waitFor();
      expect(readFileSync(file, 'utf8')).toBe(`${before}Mine.\n`);
      // The browser notes the refusal itself.
      expect(complaints.violations).toEqual([]);
      expect(complaints.errors.filter((error) => !error.includes('409'))).toEqual([]);
      await page.context().close();
    },
  );

  it('O05 an operator reads and is told who can change it', async () => {
    const { page } = await cockpit.openAs('carol', `${list}/launch.md`);
    await page.getByRole('tab', { name: 'Edit' }).click();
    await page.getByText('A lead of every environment').waitFor();
    expect(await page.getByRole('textbox', { name: 'Text of launch.md' }).count()).toBe(0);
    await page.context().close();
  });
});
