import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { comparePicture, judgePicture, pixelBudget } from './compare-picture.ts';
import { openCockpit } from './open-cockpit.ts';
import type { Cockpit, Look } from './open-cockpit.ts';
import { openPage } from './open-web.ts';

/** Another Chromium draws letters in another way: its pictures say nothing about ours. */
const isOther = process.env['CHROMIUM_PATH'] !== undefined;
if (isOther)
  process.stdout.write('visual baselines are skipped: CHROMIUM_PATH names another Chromium than that of npm\n');

/** What is another text each time: times, how long something lasted, digests and ids. Its place is compared, its letters are not. */
const volatile = 'time, code, [class*=countdown], [class*=_time_], [class*=since], [class*=duration], [data-volatile]';
const day = 86_400_000;

interface Picture {
  name: string;
  path: string;
  /** Text that has to stand there before the picture is taken. */
  shows: string;
  /** Null for somebody who is not signed in. */
  person: string | null;
  look: Look;
  /** How far the page is scrolled first. */
  top?: number;
}

const dark: Look = { theme: 'dark', width: 1280 };
const light: Look = { theme: 'light', width: 1280 };
const launch = '/launches/shop-cutover';

const pictures: Picture[] = [
  { name: 'kit-dark', path: '/kit', shows: 'Buttons and windows', person: 'alice', look: dark },
  { name: 'kit-light', path: '/kit', shows: 'Buttons and windows', person: 'alice', look: light },
  {
    name: 'kit-contrast',
    path: '/kit',
    shows: 'Buttons and windows',
    person: 'alice',
    look: { ...dark, theme: 'contrast' },
  },
  { name: 'kit-texts-dark', path: '/kit', shows: 'A part that breaks', person: 'alice', look: dark, top: 99_999 },
  { name: 'kit-320', path: '/kit', shows: 'Buttons and windows', person: 'alice', look: { ...dark, width: 320 } },
  { name: 'sign-in-dark', path: '/sign-in', shows: 'Password', person: null, look: dark },
  { name: 'sign-in-320', path: '/sign-in', shows: 'Password', person: null, look: { ...light, width: 320 } },
  { name: 'launch-dark', path: launch, shows: 'Gift cards', person: 'alice', look: dark },
  { name: 'gate-dark', path: `${launch}/gates/ready`, shows: 'Shortest way to GO', person: 'alice', look: dark },
  { name: 'gates-light', path: `${launch}/gates`, shows: 'ready for T-0', person: 'alice', look: light },
  { name: 'documents-dark', path: `${launch}/documents`, shows: 'sop/orders.md', person: 'alice', look: dark },
  {
    name: 'document-light',
    path: `${launch}/documents/launch.md`,
    shows: 'The legacy shop',
    person: 'alice',
    look: light,
  },
  { name: 'queue-dark', path: '/queue', shows: 'Queue', person: 'alice', look: dark },
];

describe.skipIf(isOther)('pictures of the cockpit', { timeout: 180_000 }, () => {
  let cockpit: Cockpit;

  beforeAll(async () => {
    cockpit = await openCockpit();
    // Always as far away: what a page says about the time that is left must not depend on the day of the test.
    const file = join(cockpit.api.launch.directory, 'launch.md');
    const t0 = new Date(Date.now() + 14 * day + 3_600_000).toISOString();
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^t0: .*$/mu, `t0: ${t0}`));
  });
  afterAll(() => cockpit?.close());

  const open = async ({ path, shows, person, look, top = 0 }: Picture): Promise<Page> => {
    const { page } = await (person === null
      ? openPage(cockpit.browser, `${cockpit.api.url}${path}`, { ...look })
      : cockpit.openAs(person, path, look));
    await page.locator('main').getByText(shows).first().waitFor();
    if (person !== null) await page.locator('[data-phase=live]').waitFor();
    await page.mouse.move(0, 0);
    await page.evaluate(`document.fonts.ready.then(() => document.querySelector('main').scrollTo(0, ${top}))`);
    await page.waitForTimeout(500);
    return page;
  };
  const shoot = (page: Page): Promise<Buffer> =>
    page.screenshot({ animations: 'disabled', caret: 'hide', mask: [page.locator(volatile)], maskColor: '#777777' });

  it.each(pictures)('T20 $name is as it was', async (picture) => {
    const page = await open(picture);
    // What a busy server has not answered yet is not drawn yet; what is wrong stays wrong.
    let share = 1;
    const compare = async (): Promise<string | null> => {
      const { changed, fault } = comparePicture(picture.name, await shoot(page));
      share = changed;
      return fault;
    };
    await expect.poll(compare, { timeout: 60_000, interval: 1_000 }).toBeNull();
    expect(share).toBeLessThanOrEqual(pixelBudget);
    await page.context().close();
  });

  it('T20 a changed page fails: a colour, a pixel of space, a word (negative control)', async () => {
    const changes = [
      `document.documentElement.style.setProperty('--canvas', '#123456'); document.body.style.background = '#123456'`,
      `document.querySelector('main').style.paddingTop = '40px'`,
      `document.querySelector('main h1').style.fontSize = '40px'`,
    ];
    const page = await open(pictures[0] as Picture);
    let before = PNG.sync.read(await shoot(page));
    const compareAgain = async (): Promise<string | null> => {
      const [last, now] = [before, PNG.sync.read(await shoot(page))];
      before = now;
      return judgePicture('unchanged', last, now).fault;
    };
    await expect.poll(compareAgain, { timeout: 60_000, interval: 1_000 }).toBeNull();
    for (const change of changes) {
      await page.evaluate(change);
      await page.waitForTimeout(200);
      expect(judgePicture('negative-control', before, PNG.sync.read(await shoot(page))).fault).not.toBeNull();
      await page.evaluate(
        `document.querySelectorAll('[style]').forEach((one) => one.matches('html, main, h1') && one.removeAttribute('style'))`,
      );
    }
    await page.context().close();
  });
});
