import { setTimeout as pause } from 'node:timers/promises';

import type { Browser, Page } from 'playwright-core';

import type { Demo } from '../tests/web/open-demo.ts';
import { readRun } from '../tests/web/stage-demo.ts';
import type { CrowdReport } from './listen-as-viewers.ts';
import { openBenchPage } from './open-cockpit-page.ts';
import { openCrowd } from './open-crowd.ts';

/** How long it takes until a person sees what another one did. */
export interface EventToPixel {
  /** From sending the deed to the frame after the text stood on the page: writing it, telling it, asking again and drawing are all in it. */
  samplesMs: number[];
  /** The same from the answer to the deed on, when the event was in the store. Less than nothing: it was seen before whoever did it knew. */
  fromAnswerMs: number[];
  crowd: CrowdReport;
}

/** Notes when a text is first in the page, and when the frame with it was done. */
const watch = `globalThis.seen = {};
new MutationObserver(() => {
  for (const mark of document.querySelector('main').innerText.match(/bench hold \\d+/g) || []) {
    if (seen[mark] !== undefined) continue;
    seen[mark] = 0;
    requestAnimationFrame(() => setTimeout(() => { seen[mark] = performance.timeOrigin + performance.now(); }));
  }
}).observe(document.querySelector('main'), { childList: true, subtree: true, characterData: true });`;

/** Holds a run again and again, before one page and so many other viewers. */
export async function measureEventToPixel(
  { browser, demo, run }: { browser: Browser; demo: Demo; run: string },
  { viewers, samples }: { viewers: number; samples: number },
): Promise<EventToPixel> {
  const cookies = await Promise.all(['alice', 'bob', 'carol', 'dave', 'erin'].map((person) => demo.cookieOf(person)));
  const crowd = await openCrowd({ url: `${demo.url}/api/events/stream`, cookies, viewers: viewers - 1 });
  const { page, context } = await openBenchPage({ browser, demo }, 'erin', { rate: 1 });
  const samplesMs: number[] = [];
  const fromAnswerMs: number[] = [];
  try {
    await page.goto(`${demo.url}/launches/shop-cutover/runs/${run}`);
    await page.locator('[data-phase=live]').waitFor();
    await page.waitForTimeout(1_000);
    await page.evaluate(watch);
    for (let sample = 0; sample < samples; sample += 1) {
      const { asked, answered, seen } = await holdOnce({ demo, run, page }, `bench hold ${sample}`);
      samplesMs.push(seen - asked);
      fromAnswerMs.push(seen - answered);
    }
  } finally {
    await context.close();
  }
  return { samplesMs, fromAnswerMs, crowd: await crowd.leave() };
}

/** A hold with a text of its own, until it was seen; then it is lifted, and what that draws is over. */
async function holdOnce(
  { demo, run, page }: { demo: Demo; run: string; page: Page },
  mark: string,
): Promise<{ asked: number; answered: number; seen: number }> {
  const asked = performance.timeOrigin + performance.now();
  const held = await demo.send('alice', 'POST', `/api/runs/${run}/hold`, { reason: mark, expectedVersion: null });
  const answered = performance.timeOrigin + performance.now();
  if (held.status !== 200) throw new Error(`hold: expected 200, got ${held.status} ${JSON.stringify(held.body)}`);
  const seen = await untilSeen(page, mark);
  const { holds, version } = await readRun(demo, run);
  const hold = holds[0]?.id ?? '';
  const lifted = await demo.send('alice', 'POST', `/api/runs/${run}/resume`, {
    reason: 'bench',
    expectedVersion: version,
    hold,
  });
  if (lifted.status !== 200) throw new Error(`resume: expected 200, got ${JSON.stringify(lifted.body)}`);
  // By chance, so that the samples do not beat in time with what the server does every 100 ms.
  await pause(400 + Math.random() * 300);
  return { asked, answered, seen };
}

async function untilSeen(page: Page, mark: string): Promise<number> {
  for (let tries = 0; tries < 400; tries += 1) {
    const at = (await page.evaluate(`seen[${JSON.stringify(mark)}] ?? 0`)) as number;
    if (at > 0) return at;
    await pause(25);
  }
  throw new Error(`${mark}: expected it on the page within 10 s, got nothing`);
}
