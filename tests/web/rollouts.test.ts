import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { press } from '../browser/press.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { keepShifts } from '../../src/engine/rollout/keep-shifts.ts';
import type { ShiftKeeper } from '../../src/engine/rollout/keep-shifts.ts';
import { toScene } from '../../src/engine/scene.ts';
import { openWorkspaces } from '../../src/engine/worker/workspaces.ts';
import { drill } from '../../src/kinds/checks/drill/sample-drill.fixture.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { metricSourceKinds } from '../../src/kinds/metric-sources/kinds.ts';
import { routerKinds } from '../../src/kinds/routers/kinds.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { keepRehearsal } from '../../src/store/rehearsal.ts';
import { startPacedLoad } from '../rollout/paced-load.ts';
import type { PacedLoad } from '../rollout/paced-load.ts';
import { rolloutLaunch } from '../rollout/rollout-launch.ts';
import { startArm } from '../rollout/start-arms.ts';
import { startHaproxy } from '../servers/start-haproxy.ts';
import { findFaultsInLooks, openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

const shots = process.env['TMINUS_SHOTS'];
const [stable, canary] = [await startArm('stable'), await startArm('canary')];
const haproxy = await startHaproxy({ stable: stable.port, canary: canary.port });
const missing = haproxy.state === 'missing' ? haproxy.reason : null;
const address = '/launches/new-shop-rollout/rollouts';

const launchText = rolloutLaunch(
  {
    router:
      '{ kind: haproxy, socket: haproxy.sock, backend: app, stable: stable, canary: canary, state: haproxy.state }',
    metrics: { stable: stable.metrics, canary: canary.metrics },
  },
  {
    // Time enough for people to hold it and go on; what fails does not wait for it.
    phases: [20, 50, 100].map(
      (weight) => `{ weight: ${weight}, minTime: 60s, maxTime: 180s, minRequests: 50, warmup: 0s }`,
    ),
    rollout: '  retry: person\n',
  },
)
  .replace('exclude: 3 }', 'exclude: 3, cap: "20%" }')
  .replace('id: shop\n', 'id: new-shop-rollout\n')
  .replace('lead: [alice], operator: [otto]', 'lead: [carol], operator: [erin]')
  .replace('alice: Alice, bob: Bob, otto: Otto', 'carol: Carol, erin: Erin');

let cockpit: Cockpit;
let keeper: ShiftKeeper;
let load: PacedLoad;

beforeAll(async () => {
  if (haproxy.state !== 'started') return;
  mkdirSync(haproxy.folder, { recursive: true });
  writeFileSync(join(haproxy.folder, 'launch.md'), launchText);
  cockpit = await openCockpit({ besides: [haproxy.folder] });
  const { engine } = cockpit.api;
  const readers = { checks: checkReaders, steps: stepReaders };
  const readCheckout = async (): Promise<{ launch: string; planHash: string; directory: string }> => {
    const { launch, planHash, directory } = await loadPlan(haproxy.folder, readers);
    return { launch: launch.id, planHash, directory };
  };
  keeper = keepShifts({
    engine,
    kinds: { routers: routerKinds, sources: metricSourceKinds },
    workspaces: openWorkspaces(readCheckout, null),
    stepKinds: stepReaders,
    openSecret: () => Promise.reject(new Error('no secret is declared')),
    report: (error) => void cockpit.api.trouble.push(error),
  });
  load = startPacedLoad(haproxy.url, 200);
});

afterAll(async () => {
  await load?.stop();
  await keeper?.close();
  await cockpit?.close();
  if (haproxy.state === 'started') await haproxy.stop();
  await Promise.all([stable.stop(), canary.stop()]);
});

const shoot = async (page: Page, name: string): Promise<void> => {
  if (!shots) return;
  const size = page.viewportSize()!;
  await page.setViewportSize({ ...size, height: 1_700 });
  await page.screenshot({ path: `${shots}/${name}.png` });
  await page.setViewportSize(size);
};

/** Where 0 % is drawn, in the units of the picture. */
const floorOfChart = 100;

/** How low the line of what the routers said ends. */
async function lastWeightDrawn(page: Page): Promise<number> {
  const paths = await page
    .getByRole('img', { name: /^Weight/u })
    .locator('path')
    .all();
  const path = await paths.at(-1)?.getAttribute('d');
  return Number(/V([\d.]+)$/u.exec(path ?? '')?.[1]);
}

/** Opens a deed by keyboard, says why, and waits until its dialog has gone. */
async function say(page: Page, verb: string, why: string): Promise<void> {
  await press(page.getByRole('main').getByRole('button', { name: verb, exact: true }).first());
  const dialog = page.getByRole('dialog');
  // Whoever may promote is asked for more, before it.
  await dialog.getByRole('textbox').last().fill(why);
  if (verb === 'Begin') await shoot(page, 'rollout-begin');
  await press(dialog.getByRole('button', { name: verb, exact: true }));
  await dialog.waitFor({ state: 'detached' });
}

describe.skipIf(missing !== null)(`rollouts in Chromium${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  it('T28 a bad candidate goes back by itself before the eyes of whoever began it', { timeout: 400_000 }, async () => {
    const { page, complaints } = await cockpit.openAs('carol', address);
    await page.getByText('Never begun').waitFor();
    canary.failEvery(3);
    await say(page, 'Begin', 'the new shop is wanted');
    await page.waitForURL(/\/rollouts\/.+/);
    await page.getByRole('heading', { name: 'Shift of new-shop' }).waitFor();
    await page.getByText('Rolled back', { exact: true }).first().waitFor({ timeout: 120_000 });
    const measures = page.getByRole('region', { name: 'What it is judged by' });
    await measures.getByText('Fail', { exact: true }).waitFor();
    await expect.poll(() => measures.innerText()).toMatch(/Evidence [\d.,KMBT]+ to 1 that it is worse; limit/);
    const now = page.getByRole('region', { name: 'Now' });
    await now.getByText('0 %', { exact: true }).waitFor();
    await expect.poll(() => now.innerText()).toMatch(/Exposed so far: [\d,]+ requests/);
    await page.getByRole('region', { name: 'Journal' }).getByText('Verdict', { exact: true }).first().waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Promote' }).count()).toBe(0);
    await expect.poll(() => lastWeightDrawn(page)).toBe(floorOfChart);
    await shoot(page, 'rollout-back');
    expect(await findFaultsInLooks(page)).toEqual([]);
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
    canary.failEvery(0);
  });

  it('T28 O27 people hold, note, go on and abort by keyboard, and each says why', { timeout: 240_000 }, async () => {
    const { page, complaints } = await cockpit.openAs('carol', address);
    await say(page, 'Begin', 'mended, once more');
    await page.waitForURL(/\/rollouts\/.+/);
    await page.getByText('Watching', { exact: true }).waitFor({ timeout: 60_000 });
    await say(page, 'Hold', 'lunch');
    await page.getByText('Held', { exact: true }).first().waitFor({ timeout: 60_000 });
    await shoot(page, 'rollout-held');
    await say(page, 'Note', 'all is quiet');
    await say(page, 'Resume', 'back from lunch');
    await page.getByText('Watching', { exact: true }).waitFor({ timeout: 60_000 });
    await say(page, 'Abort', 'enough seen');
    await page.getByText('Aborted', { exact: true }).first().waitFor({ timeout: 60_000 });
    const journal = page.getByRole('region', { name: 'Journal' });
    for (const why of ['lunch', 'all is quiet', 'back from lunch', 'enough seen'])
      await expect.poll(() => journal.innerText()).toContain(why);
    // A look may move the shift between the page's glance and the deed, which is then repeated: the browser tells of the conflict.
    const errors = complaints.errors.filter((error) => !error.includes('409 (Conflict)'));
    expect({ ...complaints, errors }).toEqual({ violations: [], errors: [] });
    await page.context().close();
  });

  it('T28 an operator sees everything; a person without rights is told so', { timeout: 240_000 }, async () => {
    const { page } = await cockpit.openAs('erin', address);
    const wayBack = page.getByRole('region', { name: 'Can we still go back?' });
    await wayBack.getByText('There is nothing to take back').waitFor();
    await wayBack.getByText('It was never drilled').waitFor();
    await shoot(page, 'rollouts');
    expect(await findFaultsInLooks(page)).toEqual([]);
    await press(page.getByRole('link', { name: /%/ }).first());
    await page.getByText('Aborted', { exact: true }).first().waitFor();
    await page.getByRole('region', { name: 'Weight and evidence' }).getByRole('img').first().waitFor();
    await page.context().close();
  });

  it(
    'T31 a drill counts once the operator who watched it has signed for that very record',
    { timeout: 240_000 },
    async () => {
      const { launch, engine } = cockpit.api;
      const file = join(haproxy.state === 'started' ? haproxy.folder : '', 'launch.md');
      const keyed = (id: string): string => `${id}: { name: ${id}, key: "${launch.people[id]!.publicKey}" }`;
      const back =
        '## Rollback: at once {#at-once}\n\n```yaml rollback\nkind: immediate\nobserver: operator\n```\n\n1. Zero {#zero}\n\n   ```yaml step\n   kind: rollout\n   rollout: new-shop\n   do: take-back\n   ```\n\n2. Seen {#seen}\n\n   ```sh class=fast_read\n   true\n   ```\n';
      const people = `${keyed('carol')}, ${keyed('erin')}`;
      writeFileSync(file, `${launchText.replace('carol: Carol, erin: Erin', people)}\n${back}`);
      const readers = { checks: checkReaders, steps: stepReaders };
      const scene = await toScene(await loadPlan(dirname(file), readers), null);
      const { planHash, candidateSha256, environment } = scene;
      const about = { launch: scene.launch.id, environment: environment.id };
      const report = {
        ...drill('drill-0123456789', { runner: 'carol', plan: planHash, atMs: Date.parse('2026-11-01T08:00:00Z') }),
        ...about,
        candidates: { [environment.id]: candidateSha256 },
        observer: 'operator',
      };
      await keepRehearsal(engine.store, {
        ...about,
        id: report.id,
        procedure: report.procedure,
        planHash,
        candidateSha256,
        passed: true,
        report,
      });
      const rollback = address.replace('rollouts', 'rollback');
      const { page: carol } = await cockpit.openAs('carol', rollback);
      await carol.getByText('Counts once attested by erin').waitFor({ timeout: 60_000 });
      expect(await carol.getByRole('button', { name: 'I watched it' }).count()).toBe(0);
      await carol.context().close();
      const { page, complaints } = await cockpit.openAs('erin', rollback);
      await page.getByRole('button', { name: 'I watched it' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'What you saw' }).fill('all customers were back');
      await shoot(page, 'drill-attest');
      await dialog.getByRole('button', { name: 'Sign it' }).click();
      const key = dialog.getByLabel('Key file (.pem)');
      await key.setInputFiles(launch.people['erin']!.keyFile);
      await dialog.waitFor({ state: 'detached' });
      await page.getByText('watched by erin').waitFor({ timeout: 60_000 });
      await shoot(page, 'drill-attested');
      expect(await findFaultsInLooks(page)).toEqual([]);
      expect(complaints).toEqual({ violations: [], errors: [] });
      await page.context().close();
    },
  );
});
