import { setTimeout as pause } from 'node:timers/promises';

import type { Reading } from '../../core/metric/reading.ts';
import type { Readable } from '../../core/metric/judge-health.ts';

/** How long a collector may take. A monitor that waits for what hangs says nothing about the rest. */
const patienceMs = 5_000;

/** What a collector brings, or that it failed: it threw, or did not answer in time. Never throws. */
export async function collect(read: () => Promise<Reading>): Promise<Reading> {
  const brought = await attempt(read);
  return brought.state === 'known' ? brought.facts : { state: 'unknown', why: 'failed', reason: brought.reason };
}

/** Facts, or why they could not be read within the time. Never throws. */
export async function attempt<Facts>(read: () => Promise<Facts>, waitMs = patienceMs): Promise<Readable<Facts>> {
  const timer = new AbortController();
  const late = pause(waitMs, null, { signal: timer.signal }).then((): Readable<Facts> => ({
    state: 'unknown',
    reason: `expected an answer within ${waitMs} ms, got none`,
  }));
  // The one that loses the race still ends, and nobody listens to it then.
  late.catch(() => undefined);
  try {
    return await Promise.race([read().then((facts): Readable<Facts> => ({ state: 'known', facts })), late]);
  } catch (error) {
    return { state: 'unknown', reason: error instanceof Error ? error.message || error.name : String(error) };
  } finally {
    timer.abort();
  }
}
