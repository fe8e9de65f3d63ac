import type { BenchPage } from './open-cockpit-page.ts';

/** How something scrolls. */
export interface Scroll {
  frames: number;
  /** By the clock on the wall: a machine without a graphics card draws in software, and misses frames that are none of the page's. */
  wallFps: number;
  /** Frames a second that the work of the page leaves time for: processor time of its main thread, for each frame. */
  possibleFps: number;
  /** Frames in which nothing was drawn where a row should stand. */
  emptyFrames: number;
  travelledPx: number;
  frameMs: number[];
}

/** Scrolls the tallest thing of the page by 90 px in every frame for three seconds; turns round at its end. */
const scroll = `new Promise((resolve) => {
  const scroller = [document.scrollingElement, ...document.querySelectorAll('main, main *')]
    .filter((one) => one.scrollHeight > one.clientHeight + 500 && (one === document.scrollingElement || /auto|scroll/.test(getComputedStyle(one).overflowY)))
    .sort((a, b) => b.scrollHeight - a.scrollHeight)[0];
  scroller.scrollIntoView?.({ block: 'center' });
  const times = [];
  let empty = 0, travelled = 0, way = 90;
  const step = (now) => {
    times.push(now);
    const before = scroller.scrollTop;
    scroller.scrollTop += way;
    if (scroller.scrollTop === before) way = -way;
    travelled += Math.abs(scroller.scrollTop - before);
    const box = scroller.getBoundingClientRect();
    const hit = document.elementFromPoint(box.left + Math.min(200, box.width / 2), Math.min(innerHeight - 20, box.top + box.height / 2));
    if (hit === null || hit === scroller || hit.matches('ol, [role=rowgroup]')) empty += 1;
    if (now - times[0] < 3000) requestAnimationFrame(step);
    else resolve({ times, empty, travelled });
  };
  requestAnimationFrame(step);
})`;

/** Measures a page that is open. */
export async function measureScroll({ page, session }: BenchPage): Promise<Scroll> {
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const before = await spent();
  const { times, empty, travelled } = (await page.evaluate(scroll)) as {
    times: number[];
    empty: number;
    travelled: number;
  };
  const each = ((await spent()) - before) / times.length;
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  return {
    frames: times.length,
    wallFps: (times.length - 1) / ((last - first) / 1_000),
    possibleFps: 1 / each,
    emptyFrames: empty,
    travelledPx: travelled,
    frameMs: times.slice(1).map((time, at) => time - (times[at] ?? time)),
  };
}

/** A page with nothing in it but height: what this machine can do at best. */
export const emptyPage = `data:text/html,<body style="margin:0;background:%23111"><main><div style="height:60000px;color:%23888">${'text '.repeat(20)}</div></main>`;
