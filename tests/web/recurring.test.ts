import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { press } from '../browser/press.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { openRecurring } from '../../src/engine/recurring/open-recurring.ts';
import type { Recurring } from '../../src/engine/recurring/open-recurring.ts';
import { toScene } from '../../src/engine/scene.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { findFaults, looks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

const address = '/launches/shop-cutover/runs';
let cockpit: Cockpit;
let recurring: Recurring;

/** The daily work of the shop as if the name had long been switched: nobody looked for two days. */
beforeAll(async () => {
  cockpit = await openCockpit();
  const { launch, engine, store } = cockpit.api;
  const file = join(launch.directory, 'sop/every-day.md');
  writeFileSync(file, readFileSync(file, 'utf8').replace('after: switch-name\n', ''));
  const readers = { checks: checkReaders, steps: stepReaders };
  recurring = openRecurring(engine, {
    loadScene: async () => toScene(await loadPlan(launch.directory, readers), null),
    kinds: stepReaders,
    everyMs: 3_600_000,
    report: (error) => process.emitWarning(error as Error),
  });
  await recurring.look();
  await store.database.pool.query(`update tminus.schedule set seen_until = seen_until - interval '2 days'`);
});
afterAll(async () => {
  await recurring?.stop();
  await cockpit?.close();
});

interface Home {
  items: { key: string; lane: string }[];
  notices: { key: string; kind: string; dismissed: boolean }[];
}
const readHome = async (): Promise<Home> => (await cockpit.api.send('carol', 'GET', '/api/home')).body as Home;

describe('what recurs, in Chromium', { timeout: 300_000 }, () => {
  it('O34 the page of runs says what was missed and what is not due yet; Home has it as overdue for who does it', async () => {
    const { page, complaints } = await cockpit.openAs('carol', address);
    const grid = page.getByRole('grid', { name: 'What recurs' });
    const daily = grid.getByRole('row').filter({ hasText: 'Every day after the launch' });
    await daily.getByText('overdue', { exact: true }).waitFor();
    await daily.getByText('never').waitFor();
    const weekly = grid.getByRole('row').filter({ hasText: 'Every week after the launch' });
    await weekly.getByText('not yet: what it follows is not done').waitFor();
    await page.goto(`${cockpit.api.url}/`);
    await page.getByRole('list', { name: 'Overdue', exact: true }).getByText('Every day after the launch').waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });

  it('D20 seen twice it is told once, and put away it is still overdue', async () => {
    const of = ({ notices }: Home) => notices.filter(({ kind }) => kind === 'recurring-due');
    const [first, second] = [of(await readHome()), of(await readHome())];
    expect(first).toHaveLength(1);
    expect(second).toEqual(first);
    const body = { notices: first.map(({ key }) => key) };
    expect((await cockpit.api.send('carol', 'POST', '/api/home/notices/dismiss', { body })).status).toBe(200);
    const after = await readHome();
    expect(of(after)).toMatchObject([{ dismissed: true }]);
    expect(after.items.filter(({ key }) => key.startsWith('recurring '))).toMatchObject([{ lane: 'overdue' }]);
  });

  it('T19 O34 has no axe violation in any look, never scrolls sideways, and its run is reached by keyboard', async () => {
    await recurring.look();
    for (const look of looks) {
      const { page } = await cockpit.openAs('alice', address, { ...look, bypassCSP: true });
      await page.getByRole('grid', { name: 'What recurs' }).waitFor();
      expect({ look, faults: await findFaults(page) }).toEqual({ look, faults: [] });
      await page.context().close();
    }
    const { page } = await cockpit.openAs('carol', address);
    const link = page
      .getByRole('grid', { name: 'What recurs' })
      .getByRole('link', { name: 'Every day after the launch' });
    await press(link, { timeout: 60_000 });
    await page.getByRole('heading', { level: 1, name: /Every day after the launch/u }).waitFor();
    await page.context().close();
  });
});
