import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';

import { openBrowser } from '../browser/open-browser.ts';
import { encodeIndexed } from './encode-indexed.ts';
import { openDemo } from './open-demo.ts';
import type { Demo } from './open-demo.ts';
import { toStoredCookies } from './stored-cookies.ts';
import { runChecks, startRun } from './stage-demo.ts';

const folder = join(import.meta.dirname, '../../docs/images');
/** A picture that is larger is too much for whoever reads the README on a train. */
const mostBytes = 200_000;

interface ReadmePicture {
  name: string;
  path: string;
  person: string;
  /** Text that has to stand there before the picture is taken. */
  shows: string;
}

function listPictures(run: string): ReadmePicture[] {
  const launch = '/launches/shop-cutover';
  return [
    { name: 'home', path: '/', person: 'carol', shows: 'backed up' },
    { name: 'launch', path: launch, person: 'alice', shows: 'Gift cards' },
    { name: 'gate', path: `${launch}/gates/ready`, person: 'alice', shows: 'Shortest way to GO' },
    { name: 'runbook', path: `${launch}/runs/${run}`, person: 'alice', shows: 'Waits now for' },
  ];
}

/** Takes the pictures of the README from the demo as it is after its first checks, with a run in staging that waits for a person. */
async function takePictures(demo: Demo, browser: Browser): Promise<void> {
  await runChecks(demo);
  const run = await startRun(demo);
  mkdirSync(folder, { recursive: true });
  for (const { name, path, person, shows } of listPictures(run)) {
    const cookies = toStoredCookies(await demo.cookieOf(person), demo.url);
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      storageState: { cookies, origins: [] },
    });
    await context.addInitScript(`localStorage.setItem('tminus.theme', 'dark')`);
    const page = await context.newPage();
    await page.goto(`${demo.url}${path}`);
    await page.locator('main').getByText(shows).first().waitFor();
    await page.locator('[data-phase=live]').waitFor();
    await page.waitForTimeout(1_500);
    const picture = PNG.sync.read(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
    const bytes = encodeIndexed(picture);
    writeFileSync(join(folder, `${name}.png`), bytes);
    process.stdout.write(`docs/images/${name}.png  ${bytes.length} bytes\n`);
    if (bytes.length > mostBytes) process.exitCode = 1;
    await context.close();
  }
}

const demo = await openDemo();
const browser = await openBrowser();
try {
  await takePictures(demo, browser);
} finally {
  await browser.close();
  await demo.close();
}
