import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openBrowser } from '../browser/open-browser.ts';
import { openPage, serveWeb } from './open-web.ts';
import type { WebServer } from './open-web.ts';

let server: WebServer;
let browser: Browser;

beforeAll(async () => {
  server = await serveWeb();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Frames to look at, and turns of a loop that each of them has to bear besides: the negative control. */
interface Scrolling {
  frames: number;
  extraWork: number;
}

/** Scrolls by 90 px in every frame. Frames are counted, not seconds: a machine that is busy draws few of them in a second. */
function measure({ frames, extraWork }: Scrolling): string {
  return `new Promise((resolve) => {
    const grid = document.querySelector('[role=grid]');
    const times = [];
    let isEmpty = 0;
    const step = (now) => {
      times.push(now);
      grid.scrollTop += 90;
      for (let i = 0; i < ${extraWork}; i += 1) globalThis.waste = Math.sqrt((globalThis.waste ?? 2) + i);
      const box = grid.getBoundingClientRect();
      if (!document.elementFromPoint(box.left + 200, box.top + box.height / 2)?.closest('[role=row]')) isEmpty += 1;
      if (times.length < ${frames}) requestAnimationFrame(step);
      else resolve({ frames: times.length, fps: (times.length - 1) / ((now - times[0]) / 1000), isEmpty, rows: grid.querySelectorAll('[role=row]').length, top: grid.scrollTop });
    };
    requestAnimationFrame(step);
  })`;
}

interface Scroll {
  /** By the clock on the wall: a machine that is shared and draws in software misses frames that are none of ours. */
  fps: number;
  /** Frames a second that the work of the page leaves time for: processor time of its main thread, for each frame. */
  possibleFps: number;
  isEmpty: number;
  rows: number;
  top: number;
}

async function scroll(wish: Scrolling): Promise<Scroll> {
  const { page } = await openPage(browser, `${server.url}/kit`);
  await page.getByRole('grid', { name: 'Steps' }).scrollIntoViewIfNeeded();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const before = await spent();
  const result = (await page.evaluate(measure(wish))) as Omit<Scroll, 'possibleFps'> & { frames: number };
  const each = ((await spent()) - before) / result.frames;
  await page.context().close();
  return { ...result, possibleFps: 1 / each };
}

describe('table of 2,000 rows', () => {
  it('leaves time for 55 frames a second or more while it scrolls, and holds only the rows in sight', async () => {
    const { fps, possibleFps, rows, top, isEmpty } = await scroll({ frames: 120, extraWork: 0 });
    process.stdout.write(
      `table of 2,000 rows: time for ${possibleFps.toFixed(0)} frames/s, ${fps.toFixed(0)} seen, ${rows} rows in the page, ${isEmpty} frames empty\n`,
    );
    expect(possibleFps).toBeGreaterThanOrEqual(55);
    expect(isEmpty).toBe(0);
    expect(rows).toBeLessThan(80);
    expect(top).toBeGreaterThan(1_000);
  });

  it('sees a table that is slow (negative control)', async () => {
    expect((await scroll({ frames: 8, extraWork: 8_000_000 })).possibleFps).toBeLessThan(30);
  });
});
