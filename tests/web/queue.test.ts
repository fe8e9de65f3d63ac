import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { press } from '../browser/press.ts';
import { untilFocused } from '../browser/until-focused.ts';
import { makeLetter, orderRun } from '../api/make-letter.ts';
import { writeRunbook } from '../api/open-runs.ts';
import { startWorker } from '../../src/engine/runs/start-worker.ts';
import type { Worker } from '../../src/engine/worker/open-worker.ts';
import { findFaults, looks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

const shots = process.env['TMINUS_SHOTS'];
let cockpit: Cockpit;
let worker: Worker;
let run: string;

beforeAll(async () => {
  cockpit = await openCockpit();
  const { api } = cockpit;
  writeRunbook(api.launch.directory);
  run = await orderRun(api);
  await makeLetter(api, run, 'freeze');
});
afterAll(async () => {
  await worker?.stop({ graceSeconds: 1 });
  await cockpit?.close();
});

describe('queue and workers', () => {
  it.each(looks)('T19 are without fault in $theme at $width px', { timeout: 180_000 }, async (look) => {
    const { page } = await cockpit.openAs('carol', '/queue', { ...look, bypassCSP: true });
    await page.getByText('step Freeze the shop').waitFor();
    await page.getByText('No worker was heard of').waitFor();
    expect(await findFaults(page)).toEqual([]);
    if (shots) await page.screenshot({ path: `${shots}/queue-${look.theme}-${look.width}.png` });
    await page.context().close();
  });

  it('O31 a dead letter is requeued by keyboard, after it was shown what will run again', async () => {
    const { page, complaints } = await cockpit.openAs('carol', '/queue');
    const letters = page.getByRole('grid', { name: 'Dead letters' });
    await letters.getByText('disk of the target: expected room, got none').waitFor();
    await press(letters.getByRole('button', { name: 'Requeue' }));
    const dialog = page.getByRole('dialog', { name: 'Requeue one dead letter' });
    await dialog.getByText(`shop-cutover, staging, ${run}`).waitFor();
    await dialog.getByText('changes something outside; an attempt that was interrupted is run again').waitFor();
    const requeue = dialog.getByRole('button', { name: 'Requeue' });
    expect(await requeue.isDisabled()).toBe(true);
    await untilFocused(dialog.getByRole('textbox', { name: 'Reason' }));
    await page.keyboard.type('the disk has room now');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await untilFocused(requeue);
    await page.keyboard.press('Enter');
    await page.getByText('One job is tried again').waitFor();
    await page.getByText('No dead letter waits').waitFor();
    const { rows } = await cockpit.api.store.database.pool.query(
      'select action, person, reason from tminus.dead_letter_action',
    );
    expect(rows).toEqual([{ action: 'requeued', person: 'carol', reason: 'the disk has room now' }]);
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });

  it(
    'O31 a worker appears by itself, is drained with a reason, and says who wanted that',
    { timeout: 180_000 },
    async () => {
      const { page, complaints } = await cockpit.openAs('carol', '/queue');
      await page.getByText('No worker was heard of').waitFor();
      const { engine, launch } = cockpit.api;
      worker = await startWorker({
        engine,
        version: '0.0.0-test',
        slots: 3,
        environment: null,
        stepKinds: [],
        checkKinds: [],
        secrets: { providers: [], environment: {}, prefix: null },
        readCheckout: async () =>
          Promise.resolve({ launch: 'shop-cutover', planHash: 'a'.repeat(64), directory: launch.directory }),
        report: () => undefined,
      });
      await page.getByText('3 slots').waitFor();
      await page.getByRole('button', { name: `Drain: ${worker.id}` }).click();
      await page.getByRole('textbox', { name: 'Reason' }).fill('its machine is mended tonight');
      await page.getByRole('dialog').getByRole('button', { name: 'Drain' }).click();
      await page.getByText('takes nothing new', { exact: true }).waitFor();
      await page.getByText('its machine is mended tonight').waitFor();
      await expect.poll(() => worker.slots, { timeout: 60_000 }).toBe(0);
      if (shots) await page.screenshot({ path: `${shots}/queue-drained.png` });
      await page.getByRole('button', { name: `Work again: ${worker.id}` }).waitFor();
      expect(complaints).toEqual({ violations: [], errors: [] });
      await page.context().close();
    },
  );
});
