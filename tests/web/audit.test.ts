import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findFaults, looks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

let cockpit: Cockpit;
const base = '/api/launches/shop-cutover';
const shots = process.env['TMINUS_SHOTS'];

beforeAll(async () => {
  cockpit = await openCockpit();
  const { api } = cockpit;
  const decided = await api.send('alice', 'POST', `${base}/gates/ready/decisions`, { body: {} });
  const body = { path: 'launch.md', text: 'x', expectedVersion: 'y' };
  const refused = await api.send('erin', 'PUT', `${base}/document`, { body });
  if (decided.status >= 300 || refused.status !== 403)
    throw new Error(`audit: expected a decision and a refusal, got ${decided.status} and ${refused.status}`);
});
afterAll(() => cockpit?.close());

describe('the audit in Chromium', () => {
  it.each(looks)(
    'T19 no axe violation, no sideways scrolling: $theme, $width px',
    { timeout: 180_000 },
    async (look) => {
      const { page } = await cockpit.openAs('alice', '/audit', { ...look, bypassCSP: true });
      const grid = page.getByRole('grid', { name: 'Audit' });
      await grid.getByText('decision', { exact: true }).waitFor();
      if (shots) await page.screenshot({ path: `${shots}/audit-${look.theme}-${look.width}.png` });
      expect(await findFaults(page)).toEqual([]);
      await grid.getByText('decision', { exact: true }).click();
      await page.getByRole('heading', { name: 'Everything about gate ready' }).waitFor();
      if (shots) await page.screenshot({ path: `${shots}/audit-detail-${look.theme}-${look.width}.png` });
      expect(await findFaults(page)).toEqual([]);
      await page.context().close();
    },
  );

  it('T15 a row leads by keyboard to what it is about; what was refused is found', async () => {
    const { page, complaints } = await cockpit.openAs('alice', '/audit');
    const grid = page.getByRole('grid', { name: 'Audit' });
    await page.getByRole('searchbox', { name: 'Person' }).fill('erin');
    await grid.getByText('document.edit', { exact: true }).waitFor();
    // Until the answer to the question is there, the rows of the one before stand.
    await grid.getByText('decision', { exact: true }).waitFor({ state: 'detached' });
    expect(await grid.locator('[data-status=error]').count()).toBe(1);
    await page.getByRole('searchbox', { name: 'Person' }).fill('');
    await grid.getByText('decision', { exact: true }).waitFor();
    await grid.locator('[tabindex="0"]').focus();
    await page.keyboard.press('Control+Home');
    for (let row = 0; row < 10 && !(await isOnDecision()); row += 1) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Open evidence' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'ready' }).waitFor();
    await page.getByText('The key of the log has signed that root').waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();

    async function isOnDecision(): Promise<boolean> {
      const row = await page.evaluate<string>(`document.activeElement.closest('[role=row]')?.textContent ?? ''`);
      return row.includes('decision');
    }
  });

  it('D14 whoever may not see it is told so, which is not an empty list', async () => {
    const { page } = await cockpit.openAs('mallory', '/audit');
    await page.getByRole('alert').filter({ hasText: 'audit.view' }).waitFor();
    expect(await page.getByText('Nothing was done yet').count()).toBe(0);
    await page.context().close();
  });
});
