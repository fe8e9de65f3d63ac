import { setTimeout as pause } from 'node:timers/promises';

import type { Change } from '../../src/core/procedure/change.ts';
import { readEvents } from '../../src/store/event.ts';
import { ledgerPlan, ledgerStep } from '../runs/start-engine.ts';
import type { Child } from './child.ts';
import { orderRun } from './drive-run.ts';
import { openPlace } from './place.ts';
import type { FaultDatabase, Place } from './place.ts';
import { readCalls } from './call-ledger.ts';

/** A worker is killed at a random moment between two of its heartbeats, which are 5 s apart. */
const spreadMs = 5_000;
const ways = ['rerun', 'verify', 'ask'] as const;

/**
 * Seconds from SIGKILL of a worker in the middle of a step until another one has it decided what becomes of the step: again, looked at, or held for a
 * person. Heartbeats are the real ones; nobody is silenced.
 */
export async function measureStepTakeover(database: FaultDatabase, victims: number): Promise<number[]> {
  const place = await openPlace(database);
  try {
    const heir = place.start('worker');
    const dying = Array.from({ length: victims }, () => place.start('worker', { point: 'effect.after', passage: 1 }));
    await Promise.all([heir, ...dying].map(({ ready }) => ready));
    heir.tell({ tell: 'rest' });
    await killAll(place, dying);
    heir.tell({ tell: 'work' });
    const giveUp = performance.now() + 60_000;
    for (;;) {
      const seconds = await readTakeovers(place);
      if (seconds.length >= victims || performance.now() > giveUp) return seconds;
      await pause(250);
    }
  } finally {
    await place.close();
  }
}

async function killAll(place: Place, dying: readonly Child[]): Promise<void> {
  for (let nr = 0; nr < dying.length * 3 && dying.some((child) => child.ended() === null); nr += 1) {
    const step = ledgerStep('only', `plain slow ${Math.round(Math.random() * spreadMs)}`, {
      interrupted: ways[nr % 3]!,
      maxAttempts: 3,
    });
    const wishes = { holds: false, heldMs: 0, cancels: false, after: { hold: 1, cancel: 1 }, faults: {} };
    await orderRun(place, null, { ...wishes, plan: ledgerPlan([step]), key: `takeover-${nr}`, mode: 'live' });
    await pause(nr < dying.length ? 50 : 2_000);
  }
  await Promise.all(dying.map(({ exited }) => exited));
}

/** One of each process that died: that of the step at whose end it did. */
async function readTakeovers({ engine: { store }, deaths }: Place): Promise<number[]> {
  const events = await readEvents(store, 0, { limit: 1_000_000 });
  const calls = await store.tables.transaction().execute(readCalls);
  return deaths.flatMap(({ pid, atMs }) => {
    const call = calls.find((one) => one.pid === pid && one.endedAtMs !== null);
    const taken = events.find(({ run, at, body }) => {
      const change = body as unknown as Change;
      return (
        run === call?.run &&
        Date.parse(at) >= atMs &&
        change.kind === 'step_moved' &&
        ['retry', 'probe', 'lose'].includes(change.move)
      );
    });
    return taken ? [(Date.parse(taken.at) - atMs) / 1000] : [];
  });
}
