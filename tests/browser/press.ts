import type { Locator } from 'playwright-core';

/** Playwright's own `press` goes ahead where a button cannot be pressed yet, and the key is lost. */
const enabled = ':not(:disabled, [aria-disabled="true"])';

/** Presses Enter on a button or a link as soon as it takes a key; throws where it never does. */
export function press(target: Locator, options?: { timeout: number }): Promise<void> {
  return target.and(target.page().locator(enabled)).press('Enter', options);
}
