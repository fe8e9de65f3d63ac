import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findProcesses, readJson, waitFor } from './run-desk.ts';
import type { SeenEvent } from './run-desk.ts';
import { startRunShop } from './start-run-shop.ts';
import type { RunShop } from './start-run-shop.ts';

let world: RunShop;

const inProduction = (path: string): string => join(world.launch.directory, 'data', 'production', path);
const slow = (): string => join(world.launch.directory, 'data', 'migration-is-slow');

beforeAll(async () => {
  world = await startRunShop();
  const { desk } = world;
  await desk.passChecks();
  await desk.done('carol', 0, 'attest', 'day-of-work', '--comment', 'I ran a day of orders');
  await desk.voteGate('ready', { alice: 'lead', carol: 'operator' });
  await desk.startWorker();
}, 600_000);
afterAll(() => world.stop());

/** Orders a run whose T-0 is in a moment, has it approved, and closes the steps of people before T-0. */
async function beginMove(): Promise<string> {
  const { desk } = world;
  const t0 = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
  const run = await desk.order('dave', 5, '--t0', t0(600), '--reason', 'the shop moves today');
  await desk.vote('alice', run, 5);
  await desk.vote('bob', run, 0);
  await desk.untilStep('announce', 'waiting_human', { run });
  await desk.done('alice', 0, 'confirm', 'announce', '--run', run, '--proof', 'https://shop.example/news/1');
  await desk.untilStep('rehearse', 'waiting_human', { run });
  await desk.done('carol', 0, 'confirm', 'rehearse', '--run', run, '--proof', 'backups/orders.tar.gz');
  await desk.done('alice', 0, 'retarget', t0(20), '--run', run, '--reason', 'everybody is here');
  return run;
}

const wayBack = ['restore-orders', 'legacy-writable', 'unfreeze'];
const namesOf = (events: readonly SeenEvent[]): (string | null)[] => events.map(({ step }) => step);

/** Ends of the steps of the way back, in their order. */
function undone(events: readonly SeenEvent[]): SeenEvent[] {
  const steps = ['switch-name-back', ...wayBack];
  return events.filter(({ type, step }) => type === 'step.completed' && step !== null && steps.includes(step));
}

/** The legacy shop is as it was before the move, and answers. */
async function expectLegacyShop(): Promise<void> {
  for (const left of ['legacy-is-read-only', 'changes-are-frozen']) expect(existsSync(inProduction(left))).toBe(false);
  expect(world.countOrders('legacy')).toBe(200);
  expect(await (await fetch(`${world.shop.legacyUrl}/admin/orders/count`)).json()).toEqual({ orders: 200 });
}

describe('a move of the shop that is taken back before the point of no return', { timeout: 300_000 }, () => {
  it('C17 undo takes back what was done, newest first, within 15 minutes by its events, and the legacy shop works', async () => {
    const { desk } = world;
    const run = await beginMove();
    await desk.untilStep('switch-name', 'waiting_human', { run });
    expect(existsSync(inProduction('legacy-is-read-only'))).toBe(true);
    expect((await desk.as('carol', 'undo', run, '--reason', 'slow')).exit).toBe(6);
    expect((await desk.as('alice', 'undo', run)).exit).toBe(2);
    await desk.done('alice', 0, 'undo', run, '--reason', 'the new shop is slower than the old one');
    // The lead may have begun to switch the name when the word came: a person has to look.
    await desk.untilStep('switch-name-back', 'waiting_human', { run });
    await desk.done('bob', 0, 'confirm', 'switch-name-back', '--run', run);
    const ended = await desk.until('the run rolled back', (seen) => seen.run.state === 'rolled_back', { run });
    expect(ended.run.returnPoint.state).toBe('ahead');
    const { events } = await desk.events(run);
    expect(namesOf(undone(events))).toEqual(['switch-name-back', ...wayBack]);
    const began = events.find(({ text }) => text.includes('slower than the old one'));
    const tookMs = Date.parse(undone(events).at(-1)?.at ?? '') - Date.parse(began?.at ?? '');
    expect(tookMs).toBeGreaterThan(0);
    expect(tookMs).toBeLessThan(15 * 60_000);
    await expectLegacyShop();
    expect((await desk.tminus('status', run)).stdout).toContain('rolled back');
  });

  it('O07 cancel --take-back from another process ends what runs and takes back what was done, what was only begun, too', async () => {
    const { desk } = world;
    writeFileSync(slow(), '');
    const before = world.readMigrations().length;
    const run = await beginMove();
    await waitFor('a migration that has begun', () => world.readMigrations().length > before);
    expect(findProcesses('services/migrate-slowly.ts')).not.toEqual([]);
    await desk.done('bob', 0, 'cancel', run, '--take-back', '--reason', 'the data centre has no power');
    await desk.until('the end of the run', (seen) => seen.run.state === 'cancelled', { run });
    // Nothing else would end it: what it waits for is there still.
    await waitFor('an end of the migration', () => findProcesses('services/migrate-slowly.ts').length === 0);
    rmSync(slow());
    const { events } = await desk.events(run);
    expect(namesOf(undone(events))).toEqual(wayBack);
    await expectLegacyShop();
    expect((await desk.tminus('status', run)).exit).toBe(4);
    const { runs } = readJson(await desk.tminus('status', '--all', '--json')) as { runs: { state: string }[] };
    expect(runs.map(({ state }) => state)).toEqual(['cancelled', 'rolled_back']);
  });
});
