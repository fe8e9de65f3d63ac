import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'vitest';

import type { History } from './history.ts';
import { readHistory } from './place.ts';
import type { Place, Way } from './place.ts';
import { orderSteps, safeStep, seeThrough, untilCalled } from './see-through.ts';

/** A way to the database that can be cut in one direction. */
export interface CutWay {
  way: Way;
  cut: () => void;
  heal: () => void;
  /** What did not arrive because of the cut, in pieces or packets. */
  lost: () => number;
}

/**
 * Cuts a worker off in one direction while it carries out a step, until the step is with another worker and the first one has tried to write its
 * effect; then heals the way. Returns how long a new run took afterwards with nobody else at work.
 */
export async function proveTakeover(place: Place, { way, cut, heal, lost }: CutWay): Promise<{ catchUpMs: number }> {
  const worker = place.start('worker', null, way);
  expect(await worker.ready).toBe(true);
  // It lives on: what it does must come to nothing once another one has begun.
  place.frozen.push(worker.pid);
  const run = await orderSteps(place, 'cut', [safeStep('a', 'fenced overtaken slow 500'), safeStep('b', 'fenced')]);
  expect((await untilCalled(place, run.id, 'a')).pid).toBe(worker.pid);
  cut();
  const heir = place.start('worker');
  await place.engine.until(run.id, ({ steps }) => steps['a']?.attempt === 2 && steps['a'].state === 'running');
  await untilSeen(place, ({ calls }) => calls.some(({ pid, endedAtMs }) => pid === worker.pid && endedAtMs !== null));
  expect(lost()).toBeGreaterThan(0);
  heal();
  const healedAt = performance.now();
  expect((await seeThrough(place, run)).run.state).toBe('completed');
  heir.tell({ tell: 'stop' });
  await heir.exited;
  const waitedMs = performance.now() - healedAt;
  const next = await orderSteps(place, 'next', [safeStep('c', 'fenced')]);
  await place.engine.until(next.id, ({ state }) => state === 'completed');
  const catchUpMs = performance.now() - healedAt - waitedMs;
  expect((await seeThrough(place, next)).violations).toEqual([]);
  const { calls } = await readHistory(place);
  const seen = calls.map(({ step, attempt, pid, appliedAtMs }) => ({
    step,
    attempt,
    pid,
    applied: appliedAtMs !== null,
  }));
  expect(seen).toEqual([
    { step: 'a', attempt: 1, pid: worker.pid, applied: false },
    { step: 'a', attempt: 2, pid: heir.pid, applied: true },
    // Both can be reached again.
    { step: 'b', attempt: 1, pid: expect.any(Number), applied: true },
    { step: 'c', attempt: 1, pid: worker.pid, applied: true },
  ]);
  return { catchUpMs };
}

async function untilSeen(place: Place, wanted: (history: History) => boolean): Promise<void> {
  for (const giveUp = performance.now() + 60_000; !wanted(await readHistory(place)); await pause(50))
    if (performance.now() > giveUp) throw new Error('history: expected what was waited for within 60 s, got nothing');
}
