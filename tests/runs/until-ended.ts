import { setTimeout as pause } from 'node:timers/promises';

import { isFinal } from '../../src/core/procedure/run.ts';
import type { Run } from '../../src/core/procedure/run.ts';
import type { EngineUnderTest } from './start-engine.ts';

/** Waits until a run has ended, for as long as a claim that nobody could end takes to be taken over, and whatever reading it runs into. */
export async function untilEnded(engine: EngineUnderTest, run: string, seconds = 150): Promise<Run> {
  const giveUp = performance.now() + seconds * 1000;
  for (;;) {
    const now = await engine.read(run).catch(() => null);
    if (now !== null && isFinal(now)) return now;
    if (performance.now() > giveUp) throw new Error(`run ${run}: expected an end, got ${JSON.stringify(now?.steps)}`);
    await pause(50);
  }
}

/** The keys of the effects of runs that their target let through, in their order. */
export async function appliedKeys(engine: EngineUnderTest): Promise<string[]> {
  const effects = await engine.ledger.effects();
  return effects.filter(({ applied }) => applied).map(({ key }) => key);
}
