import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { readCursor, readEvents } from '../../src/store/event.ts';
import { openTestRuns } from '../api/open-runs.ts';
import type { TestRuns } from '../api/open-runs.ts';
import { putRun, writeEvents } from '../api/write-events.ts';
import { openCockpitOn } from './open-cockpit.ts';
import type { Cockpit } from './open-cockpit.ts';
import { openNetwork } from './open-network.ts';
import type { Network } from './open-network.ts';

const run = 'run-of-this-test';
/** Longer than any of it takes: the machine may have much else to do. */
const soon = { timeout: 60_000 };
let cockpit: Cockpit<TestRuns>;
let network: Network;

beforeAll(async () => {
  cockpit = await openCockpitOn(openTestRuns);
  await putRun(cockpit.api.store, { id: run, launch: 'shop-cutover', environment: 'staging' });
});
afterAll(() => cockpit?.close());
beforeEach(async () => {
  network = await openNetwork();
});
afterEach(() => network.close());

/** A page whose clock a test moves, on a network that a test breaks; it notes what its tabs are told. */
async function openPage(path: string): Promise<Page> {
  const { page } = await cockpit.openAs('alice', '/status', { proxy: network.proxy });
  await page.clock.install();
  await page.addInitScript(`globalThis.heard = [];
    new BroadcastChannel('tminus-events').onmessage = ({ data }) => {
      if (data.kind === 'message' && data.message.id !== null) heard.push(Number(data.message.id));
    };`);
  await page.goto(`${cockpit.api.url}${path}`);
  await phase(page, 'live');
  return page;
}

const phase = (page: Page, wanted: string): Promise<void> => page.locator(`[data-phase=${wanted}]`).waitFor(soon);

/** Lets time pass for the page, second by second, and the network answer in between. */
async function passTime(page: Page, seconds: number, step = 1): Promise<void> {
  for (let passed = 0; passed < seconds; passed += step) {
    await page.clock.runFor(step * 1_000);
    await pause(15);
  }
}

/** Lets time pass until the page tries again; that try then has as long as the clock on the wall gives it. */
async function untilBack(page: Page): Promise<void> {
  const tries = page.locator('[data-phase=connecting], [data-phase=live]');
  for (let passed = 0; passed < 40 && (await tries.count()) === 0; passed += 1) await passTime(page, 1);
  await phase(page, 'live');
}

const heardOn = (page: Page): Promise<number[]> => page.evaluate('heard');

/** Every event since a cursor, as the store has them. */
async function storedAfter(cursor: number): Promise<number[]> {
  return (await readEvents(cockpit.api.store, cursor, { limit: 10_000 })).map((event) => event.cursor);
}

async function writeUntil(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await writeEvents(cockpit.api.store, run, 3);
    await pause(20);
  }
}

describe('a page that was cut off', { timeout: 180_000 }, () => {
  it('T18 I8 after 60 s without a network has told every event once', async () => {
    const begin = await readCursor(cockpit.api.store);
    const page = await openPage('/');
    await writeEvents(cockpit.api.store, run, 3);
    await expect.poll(() => heardOn(page), soon).toHaveLength(3);
    network.cut();
    await phase(page, 'waiting');
    for (let minute = 0; minute < 4; minute += 1) {
      await passTime(page, 15);
      await writeEvents(cockpit.api.store, run, 25);
    }
    // Nothing came while nothing could come (negative control).
    expect(await heardOn(page)).toHaveLength(3);
    network.mend();
    await writeEvents(cockpit.api.store, run, 5);
    await untilBack(page);
    const stored = await storedAfter(begin);
    expect(stored).toHaveLength(108);
    await expect.poll(() => heardOn(page), soon).toEqual(stored);
    await page.context().close();
  });

  it('T18 I8 after a restart of the server on the same database has told every event once, while a writer went on', async () => {
    const begin = await readCursor(cockpit.api.store);
    const page = await openPage('/');
    const end = new AbortController();
    const writer = writeUntil(end.signal);
    onTestFinished(async () => {
      end.abort();
      await writer;
    });
    await expect.poll(async () => (await heardOn(page)).length, soon).toBeGreaterThan(20);
    const before = await heardOn(page);
    await cockpit.api.restart();
    await untilBack(page);
    await expect.poll(async () => (await heardOn(page)).length, soon).toBeGreaterThan(before.length + 20);
    end.abort();
    await writer;
    await expect.poll(() => heardOn(page), soon).toEqual(await storedAfter(begin));
    await page.context().close();
  });

  it('T18 is said to be out of date after ten tries, and a person brings it back', async () => {
    const page = await openPage('/');
    const banner = page.getByText('The live connection was lost');
    network.cut();
    await phase(page, 'waiting');
    await passTime(page, 60, 5);
    expect(await banner.count()).toBe(0);
    await passTime(page, 180, 5);
    await phase(page, 'failed');
    await banner.waitFor();
    await page.getByText('It was tried 10 times.').waitFor();
    network.mend();
    // Given up means that nothing is tried any more.
    const asked = network.passed.filter((one) => one.endsWith('/api/events/stream')).length;
    await passTime(page, 120, 5);
    expect(network.passed.filter((one) => one.endsWith('/api/events/stream'))).toHaveLength(asked);
    await page.getByRole('button', { name: 'Connect again' }).click();
    await phase(page, 'live');
    await banner.waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('T18 finds out by itself that nobody is there any more, and is said to be out of date after five minutes', async () => {
    const begin = await readCursor(cockpit.api.store);
    const page = await openPage('/');
    const banner = page.getByText('This page may be out of date');
    network.silence();
    await writeEvents(cockpit.api.store, run, 4);
    await passTime(page, 60, 5);
    await page.locator('[data-phase=live]').waitFor({ state: 'detached' });
    await passTime(page, 45, 5);
    expect(await banner.count()).toBe(0);
    await passTime(page, 210, 5);
    await banner.or(page.getByText('The live connection was lost')).first().waitFor();
    network.mend();
    await page.getByRole('button', { name: 'Connect again' }).click();
    // A try of its own may have been under way on the silent network: then the next one follows it.
    await page.locator('[data-phase=live]').waitFor({ timeout: 60_000 });
    await banner.waitFor({ state: 'detached' });
    await expect.poll(() => heardOn(page), soon).toEqual(await storedAfter(begin));
    await page.context().close();
  });

  it('T18 comes back at once when the system says that the network is there again', async () => {
    const page = await openPage('/');
    network.cut();
    await phase(page, 'waiting');
    await passTime(page, 40, 5);
    network.mend();
    await page.evaluate(`dispatchEvent(new Event('online'))`);
    await phase(page, 'live');
    await page.context().close();
  });

  it('T18 shows every event of a run once, whatever happened in between', async () => {
    const { id } = await cockpit.api.runAtHumanStep();
    const page = await openPage(`/launches/shop-cutover/runs/${id}?view=events`);
    const shown = (): Promise<string[]> => page.locator('main ol li > span:last-child').allTextContents();
    const told = async (): Promise<string[]> => {
      const { body } = await cockpit.api.send('alice', 'GET', `/api/runs/${id}/events?limit=1000`);
      return (body as { items: { text: string }[] }).items.map(({ text }) => text);
    };
    // Asked for each time: the worker may still be adding to them.
    const untilAllAreShown = async (): Promise<void> => {
      const areShown = async (): Promise<unknown> => {
        const [is, wanted] = [await shown(), await told()];
        return isDeepStrictEqual(is, wanted) || { is, wanted };
      };
      await expect.poll(areShown, soon).toBe(true);
    };
    const holdAndLift = async (): Promise<void> => {
      expect((await cockpit.api.deed('alice', id, 'hold', { expectedVersion: null })).status).toBe(200);
      const [hold] = (await cockpit.api.read(id)).holds;
      expect((await cockpit.api.deed('alice', id, 'resume', { hold: hold?.id })).status).toBe(200);
    };
    await untilAllAreShown();
    network.cut();
    await phase(page, 'waiting');
    const first = await shown();
    await holdAndLift();
    await passTime(page, 60, 5);
    expect(await shown()).toEqual(first);
    network.mend();
    await untilBack(page);
    await untilAllAreShown();
    await cockpit.api.restart();
    await holdAndLift();
    await untilBack(page);
    await untilAllAreShown();
    expect((await shown()).length).toBeGreaterThan(first.length + 3);
    await page.context().close();
  });
});

describe('a change that is tried without a network', { timeout: 180_000 }, () => {
  it('T18 is refused before the eyes of whoever tried, is not sent later, and can be tried again', async () => {
    const file = join(cockpit.api.launch.directory, 'launch.md');
    const before = readFileSync(file, 'utf8');
    const page = await openPage('/launches/shop-cutover/documents/launch.md');
    await page.getByRole('tab', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Text of launch.md' }).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('Written on a train.\n');
    await page.getByText('Looking').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Review and save' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('not committed').waitFor();
    network.cut();
    const passed = network.passed.length;
    await dialog.getByRole('button', { name: 'Save into the working tree' }).click();
    await dialog
      .getByText(/did not answer/)
      .first()
      .waitFor();
    network.mend();
    await passTime(page, 60, 5);
    expect(network.passed.slice(passed).filter((one) => /^(PUT|PATCH|DELETE)/u.test(one))).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe(before);
    await dialog.getByRole('button', { name: 'Save into the working tree' }).click();
    await page.getByText('launch.md is saved. It is not committed.').waitFor();
    expect(readFileSync(file, 'utf8')).toContain('Written on a train.');
    await page.context().close();
  });
});
