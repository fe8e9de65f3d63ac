import type { Locator } from 'playwright-core';

/** Resolves when an element has the focus: a key that is pressed before that goes elsewhere. */
export function untilFocused(target: Locator): Promise<void> {
  return target.and(target.page().locator(':focus')).waitFor();
}
