import { setTimeout as pause } from 'node:timers/promises';

import { ProductError } from '../../core/error/product-error.ts';
import type { Plan } from '../../core/procedure/plan.ts';
import { findStepWork } from '../../core/step/find-step-work.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import { readShift } from '../../store/rollout.ts';
import { beginTakeBack } from '../rollout/begin-take-back.ts';
import type { Engine } from '../runs/open-engine.ts';
import type { Scene } from '../scene.ts';
import { hasAskedWeight, raiseForDrill } from './begin-lower.ts';

/** What traffic is raised for, and lowered again. */
export interface Raising {
  engine: Engine;
  scene: Scene;
  plan: Plan;
  wish: { requester: string; kinds: readonly StepReader[]; signal: AbortSignal };
}

/** The error for a drill that was cut short. */
export function interrupted(): ProductError {
  return new ProductError('interrupted', 'drill: interrupted before it was done', {
    hint: 'run the same command again: a drill that was cut short proves nothing',
  });
}

/** Gives every canary that the way back takes traffic from all of it, and waits until the routers say so. */
export async function raiseAll(drilling: Raising): Promise<{ rollout: string; shift: string }[]> {
  const { engine, scene, wish, plan } = drilling;
  const raised: { rollout: string; shift: string }[] = [];
  try {
    for (const rollout of rolloutsOf(plan, wish.kinds)) {
      const shift = await raiseForDrill(engine.store, scene, { rollout, person: wish.requester });
      raised.push({ rollout, shift });
      await untilRaised(drilling, shift);
    }
    return raised;
  } catch (error) {
    await lowerAll(drilling, raised).catch(() => undefined);
    throw error;
  }
}

/** Takes the traffic of every canary again, whatever becomes of the others. Throws where one may have kept it: nobody shall read a drill as done and leave it there. */
export async function lowerAll(
  drilling: Raising,
  raised: readonly { rollout: string; shift: string }[],
  patienceMs = raiseMs,
): Promise<void> {
  const results = await Promise.allSettled(raised.map((one) => lowerAgain(drilling, one, patienceMs)));
  const kept = results.flatMap((result, place) => {
    if (result.status === 'fulfilled' && result.value === null) return [];
    const why = result.status === 'fulfilled' ? result.value : String(result.reason);
    return [`${raised[place]!.rollout}: ${why}`];
  });
  if (kept.length === 0) return;
  throw new ProductError(
    'rollout_refused',
    `drill: expected no traffic for the canary when it is over, got ${kept.join('; ')}`,
    { hint: 'see "tminus rollout status" and take it back with "tminus rollout abort"; this drill proves nothing' },
  );
}

/** Rollouts that steps of a plan take back. */
export function rolloutsOf({ steps }: Pick<Plan, 'steps'>, kinds: readonly StepReader[]): string[] {
  const named = steps.flatMap(({ action }) => {
    const work = action === null ? 'none' : findStepWork(kinds, action);
    return typeof work === 'string' || work.kind.kind !== 'rollout' || work.spec['do'] !== 'take-back'
      ? []
      : [work.spec['rollout'] as string];
  });
  return [...new Set(named)];
}

const raiseMs = 30_000;

async function untilRaised({ engine, wish }: Raising, id: string): Promise<void> {
  const giveUp = performance.now() + raiseMs;
  for (;;) {
    const shift = await readShift(engine.store, id);
    if (shift !== null && hasAskedWeight(shift)) return;
    if (wish.signal.aborted) throw interrupted();
    if (performance.now() > giveUp)
      throw new ProductError(
        'rollout_refused',
        `drill: expected every router at 100 % within ${raiseMs / 1_000} s, got ${shift?.state.routers.map(({ router, weight, detail }) => `${router} ${weight ?? detail}`).join(', ') ?? 'no shift'}`,
        { hint: 'see "tminus rollout status"; nothing was drilled' },
      );
    await pause(50);
  }
}

/** Null when the shift has ended, else where it stands. */
async function lowerAgain(
  { engine, scene, wish }: Raising,
  { rollout, shift: id }: { rollout: string; shift: string },
  patienceMs: number,
): Promise<string | null> {
  const giveUp = performance.now() + patienceMs;
  const shift = await readShift(engine.store, id);
  if (shift === null || shift.endedAt !== null) return null;
  await beginTakeBack(engine.store, scene, { rollout, person: wish.requester, reason: 'the drill is over' });
  for (;;) {
    const now = await readShift(engine.store, id);
    if (now === null || now.endedAt !== null) return null;
    if (performance.now() > giveUp)
      return now.state.routers.map(({ router, weight, detail }) => `${router} ${weight ?? detail}`).join(', ');
    await pause(50);
  }
}
