import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'vitest';

/** Asks the API about the checks of a launch, as somebody who may run them. */
export type AskChecks = (method: 'GET' | 'POST', body?: object) => Promise<{ status: number; body: unknown }>;

/** A round of checks as far as whoever waits for it looks at it. */
interface Round {
  id: string;
  endedAtMs: number | null;
  done: { criterion: string; outcome: string; evidence: string }[];
}

/** Ends what hangs. */
const patienceMs = 300_000;

/** Looks that are taken before what is left is believed to stay. */
const looks = 4;

/** The newest round of checks; null where there was none. */
export async function readRound(ask: AskChecks): Promise<Round | null> {
  return ((await ask('GET')).body as { round: Round | null }).round;
}

/** Waits until a round that is another than this one is over, and returns it. */
export async function untilNextRound(ask: AskChecks, before: Round | null): Promise<Round> {
  for (const giveUp = performance.now() + patienceMs; performance.now() < giveUp; await pause(200)) {
    const round = await readRound(ask);
    if (round !== null && round.id !== before?.id && round.endedAtMs !== null) return round;
  }
  throw new Error(`round of checks: expected another than ${before?.id} that is over, got none`);
}

/** Begins a round of checks, and returns it when it is over. */
export async function runRound(ask: AskChecks, wish: object): Promise<Round> {
  const before = await readRound(ask);
  const { status, body } = await ask('POST', wish);
  if (status !== 202) throw new Error(`round of checks: expected 202, got ${status} ${JSON.stringify(body)}`);
  return untilNextRound(ask, before);
}

/**
 * Waits until so much is left of the shortest way to GO. The document wants answers of the shop within two seconds, and a machine that stands still for as long
 * makes it late: what did not pass is then looked at again, as people would.
 */
export async function untilLeft(ask: AskChecks, count: () => Promise<number>, wanted: number): Promise<void> {
  for (let look = 1; look < looks; look += 1) {
    try {
      return await expect.poll(count, { timeout: 30_000 }).toBe(wanted);
    } catch {
      const newest = await readRound(ask);
      const only = (newest?.done ?? []).filter(({ outcome }) => outcome !== 'pass').map(({ criterion }) => criterion);
      if (only.length === 0) continue;
      await runRound(ask, { only, force: true });
    }
  }
  await expect.poll(count, { timeout: 60_000 }).toBe(wanted);
}
