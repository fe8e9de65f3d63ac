import type { BrowserContext } from 'playwright-core';

/**
 * Closes a context whose requests a test changes on the way: one that is still under way then ends without an answer, which is nobody's error. Without it the
 * error of its handler belongs to no test, and the whole run is refused for it.
 */
export async function closeContext(context: BrowserContext): Promise<void> {
  const routed = [context, ...context.pages()];
  await Promise.all(routed.map((one) => one.unrouteAll({ behavior: 'ignoreErrors' })));
  await context.close();
}
