import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openCockpit } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';

const steps = 2_000;

/** A runbook of ten phases of an hour each; every step needs the one before it in its phase. */
function toRunbook(): string {
  const phases = Array.from({ length: 10 }, (_, phase) => {
    const items = Array.from({ length: steps / 10 }, (_one, at) => {
      const id = `p${phase}-${at}`;
      const needs = at === 0 ? '' : ` needs=p${phase}-${at - 1}`;
      return `${at + 1}. [HUMAN] Move shelf ${id} {#${id} role=lead${needs}}`;
    });
    return `### T-${10 - phase}h Aisle ${phase}\n\n${items.join('\n')}\n`;
  });
  return `## Runbook {deciders=lead}\n\n${phases.join('\n')}\n`;
}

function writeLargeLaunch(directory: string): void {
  const file = join(directory, 'launch.md');
  const [before = ''] = readFileSync(file, 'utf8').split(/^## Runbook.*$/mu);
  // The import of the orders names its way back, which stood behind the runbook.
  const back = '## Rollback\n\n1. Take it back {#take-back role=lead}\n';
  writeFileSync(file, `${before}${toRunbook()}\n${back}`);
  // What recurs there waits for a step of the runbook that this one does not have.
  for (const name of ['every-day', 'every-week']) rmSync(join(directory, `sop/${name}.md`));
}

let cockpit: Cockpit;
let address: string;

beforeAll(async () => {
  cockpit = await openCockpit();
  writeLargeLaunch(cockpit.api.launch.directory);
  const path = '/api/launches/shop-cutover';
  const plan = await cockpit.api.send('carol', 'GET', `${path}/procedures/runbook/plan?environment=staging`);
  const { version } = plan.body as { version: string };
  const t0 = new Date(Date.now() + 9.5 * 3_600_000).toISOString();
  const body = { procedure: 'runbook', expectedVersion: version, reason: 'a large test', t0 };
  const ordered = await cockpit.api.send('carol', 'POST', `${path}/runs?environment=staging`, { body });
  if (ordered.status !== 201) throw new Error(`order: expected 201, got ${JSON.stringify(ordered.body)}`);
  address = `/launches/shop-cutover/runs/${(ordered.body as { run: string }).run}`;
});
afterAll(() => cockpit?.close());

/** Frames a second that the work of the page leaves time for, by processor time of its main thread, while something is scrolled for as many frames as two seconds have where it is quick. */
async function scroll(page: Page, selector: string): Promise<{ possibleFps: number; top: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const before = await spent();
  const { frames, top } = (await page.evaluate(`new Promise((resolve) => {
    const box = document.querySelector(${JSON.stringify(selector)});
    let frames = 0;
    const step = () => {
      frames += 1;
      box.scrollTop += 90;
      if (frames < 120) requestAnimationFrame(step);
      else resolve({ frames, top: box.scrollTop });
    };
    requestAnimationFrame(step);
  })`)) as { frames: number; top: number };
  return { possibleFps: frames / ((await spent()) - before), top };
}

describe('a run of 2,000 steps in Chromium', () => {
  it('T21 its table holds the rows in sight only, scrolls at 55 frames a second or more, and is narrowed down', async () => {
    const { page, complaints } = await cockpit.openAs('alice', `${address}?view=steps`);
    const grid = page.getByRole('grid', { name: 'Steps' });
    await grid.waitFor();
    expect(await grid.getAttribute('aria-rowcount')).toBe(String(steps + 1));
    const { possibleFps, top } = await scroll(page, '[role=grid]');
    process.stdout.write(`runbook of 2,000 steps: table has time for ${possibleFps.toFixed(0)} frames/s\n`);
    expect(possibleFps).toBeGreaterThanOrEqual(55);
    expect(top).toBeGreaterThan(500);
    expect(await grid.getByRole('row').count()).toBeLessThan(80);
    await page.getByLabel('Find a step').fill('p7-123');
    await page.getByText('1 of 2,000').waitFor();
    await grid.getByText('Move shelf p7-123').click();
    await page.getByRole('region', { name: 'Step: Move shelf p7-123' }).waitFor();
    expect(complaints).toEqual({ violations: [], errors: [] });
    await page.context().close();
  }, 180_000);

  it('T21 its timeline is walked to the last step by keys, and holds the lines in sight only', async () => {
    const { page } = await cockpit.openAs('alice', address);
    const list = page.getByRole('list', { name: 'Steps over time, in words' });
    await list.getByRole('button').first().focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.evaluate('document.activeElement.title')).toBe('Move shelf p9-199');
    expect(await list.getByRole('button').count()).toBeLessThan(80);
    await page.keyboard.press('Home');
    await expect.poll(() => page.evaluate('document.activeElement.title')).toBe('Move shelf p0-0');
    await page.context().close();
  }, 180_000);

  it('T21 its graph shows one phase, and never all of it', async () => {
    const { page } = await cockpit.openAs('alice', `${address}?view=graph`);
    await page
      .getByRole('region', { name: 'What needs what' })
      .getByRole('button', { name: /Move shelf p0-0\b/u })
      .waitFor();
    expect(await page.locator('.react-flow__node').count()).toBeLessThan(250);
    await page.context().close();
  }, 180_000);
});
