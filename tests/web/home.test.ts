import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { press } from '../browser/press.ts';
import { findFaults, looks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

const shots = process.env['TMINUS_SHOTS'];
let cockpit: Cockpit;

/** A document that has something for each lane: T-0 is long past, an item lacks its follow-up, and an alarm is open. */
beforeAll(async () => {
  cockpit = await openCockpit();
  const { launch, store } = cockpit.api;
  const file = join(launch.directory, 'launch.md');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('| no | | SHOP-131 |', '| no | | |'));
  await sql`insert into tminus.alarm (subject, kind, since, detail)
    values ('component queue', 'component_unhealthy', clock_timestamp(), 'queue: 3 jobs are silent')`.execute(
    store.tables,
  );
});
afterAll(() => cockpit?.close());

const shoot = async (page: Page, name: string): Promise<void> => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
};
const lane = (page: Page, name: string) => page.getByRole('list', { name, exact: true });

interface Home {
  items: { lane: string; title: string }[];
  lanes: { lane: string; count: number }[];
}

/** Of production; the same stands there once more for staging, and says so. */
const dayOfWork = `The operations manager can run a day's work in the new shop`;

describe('Home in Chromium', () => {
  it('D13 shows every item of every lane once, as many as the API counts', { timeout: 180_000 }, async () => {
    const { page, complaints } = await cockpit.openAs('dave', '/');
    await lane(page, 'Now').getByRole('listitem').first().waitFor();
    await page.getByRole('button', { name: /^Show all \d+$/ }).click();
    const home = (await cockpit.api.send('dave', 'GET', '/api/home')).body as Home;
    const names = { 'at-risk': 'At risk', 'follow-up': 'Follow up', today: 'Now', waiting: 'Waiting for others' };
    for (const [id, name] of Object.entries(names)) {
      const { count } = home.lanes.find((one) => one.lane === id)!;
      expect([name, count > 0]).toEqual([name, true]);
      await expect.poll(() => lane(page, name).getByRole('listitem').count(), { message: name }).toBe(count);
    }
    await lane(page, 'Follow up').getByRole('link', { name: 'Add follow-up: Order history before 2017' }).waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });

  it('D13 what needs me leads where it is done, by keyboard', { timeout: 180_000 }, async () => {
    const { page } = await cockpit.openAs('carol', '/');
    const link = lane(page, 'Missing proof').getByRole('link', { name: `Give word: ${dayOfWork}`, exact: true });
    await press(link);
    await page.getByRole('heading', { level: 1, name: 'ready for T-0' }).waitFor();
    expect(page.url()).toContain('criterion=day-of-work');
    await page.getByRole('button', { name: 'Give word' }).first().waitFor();
    await page.context().close();
  });

  it('D20 a notice that was put away is away, and its task still stands', { timeout: 180_000 }, async () => {
    const { page } = await cockpit.openAs('carol', '/');
    const away = page.getByRole('button', { name: `Put away: ${dayOfWork}`, exact: true });
    await away.click();
    await away.waitFor({ state: 'detached' });
    await lane(page, 'Missing proof').getByText(dayOfWork, { exact: true }).waitFor();
    await page.reload();
    await lane(page, 'Missing proof').getByText(dayOfWork, { exact: true }).waitFor();
    expect(await away.count()).toBe(0);
    await page.context().close();
  });

  it('D14 a source that does not answer is named, and its lane is no zero', { timeout: 180_000 }, async () => {
    await sql`alter table tminus.alarm rename to alarm_gone`.execute(cockpit.api.store.tables);
    const { page } = await cockpit.openAs('carol', '/');
    await page.getByText('Not all of this could be read').waitFor();
    await page.getByText('Alarms of this installation').waitFor();
    await page.getByRole('region', { name: 'At risk' }).getByText('0, at least').waitFor();
    await lane(page, 'Missing proof').getByText(dayOfWork, { exact: true }).waitFor();
    await shoot(page, 'home-silent');
    await sql`alter table tminus.alarm_gone rename to alarm`.execute(cockpit.api.store.tables);
    expect(cockpit.api.trouble.splice(0).length).toBeGreaterThan(0);
    await page.context().close();
  });

  it.each(looks)(
    'T19 no axe violation, no sideways scrolling: $theme, $width px',
    { timeout: 180_000 },
    async (look) => {
      const { page } = await cockpit.openAs('dave', '/', { ...look, bypassCSP: true });
      await lane(page, 'Now').getByRole('listitem').first().waitFor();
      await shoot(page, `home-${look.theme}-${look.width}`);
      expect(await findFaults(page)).toEqual([]);
      await page.context().close();
    },
  );
});
