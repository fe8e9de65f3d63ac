import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';

import type { Demo } from '../tests/web/open-demo.ts';

/** How many times slower the processor of a phone is taken to be. */
export const slowdown = 4;

/** A page in a browser that has never been here, as a person of the demo. */
export interface BenchPage {
  page: Page;
  context: BrowserContext;
  session: CDPSession;
}

/** Opens one, with a processor as slow as wanted; it goes nowhere yet. */
export async function openBenchPage(
  { browser, demo }: { browser: Browser; demo: Demo },
  person: string,
  { rate = slowdown }: { rate?: number } = {},
): Promise<BenchPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  const cookies = (await demo.cookieOf(person)).split('; ').map((pair) => {
    const at = pair.indexOf('=');
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url: demo.url, httpOnly: true };
  });
  await context.addCookies(cookies);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
  return { page, context, session };
}
