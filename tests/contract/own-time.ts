import { setTimeout as pause } from 'node:timers/promises';

const stepMs = 50;

/** Resolves after so much time in which this process had its turn: a machine that stands still for a while counts as one step. */
export async function ownTime(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) await pause(Math.min(left, stepMs), undefined, { ref: false });
}

/** Rejects after so much of it: what waits for nothing but this process is never late because of others. */
export async function refuseAfterOwnTime(ms: number, what: string): Promise<never> {
  await ownTime(ms);
  throw new Error(`${what}: expected within ${ms} ms, got more`);
}
