import type { StepContext, StepOutcome, TakeBackDeed } from '../../../core/step/step-kind.ts';
import { toDone, toFailed, toStopped } from '../../../kinds/steps/step-outcome.ts';
import type { Shift } from '../../../store/rollout.ts';
import { beginLower, hasAskedWeight, isDrilled } from '../../rollback/begin-lower.ts';
import { beginTakeBack } from '../../rollout/begin-take-back.ts';
import { carryOut } from './deed-ground.ts';
import type { DeedGround } from './deed-ground.ts';
import { follow } from './rollout-deed.ts';

/**
 * Gives the canary of a rollout less, or nothing any more, whether its shift is under way or has ended, and waits until every router says so. In a rehearsal it does so only where a
 * drill has given the canary traffic before.
 */
export function takeBackTrafficDeed(
  ground: DeedGround,
  { rollout, to }: TakeBackDeed,
  context: StepContext,
): Promise<StepOutcome> {
  return carryOut(ground, context, async () => {
    const { store, scene, executor: person } = ground;
    if (context.mode === 'rehearsal' && !(await isDrilled(store, scene, rollout)))
      return toDone(`rollout ${rollout}: no traffic was moved in a rehearsal`);
    const reason = `step ${context.variables['TMINUS_STEP'] ?? ''} of ${context.variables['TMINUS_RUN'] ?? ''}`;
    const wish = { rollout, person, reason };
    const id = await beginLower(store, scene, { ...wish, weight: to });
    const lowered = await follow(ground, id, context, hasAskedWeight);
    if (to > 0 || lowered.endedAt !== null || !hasAskedWeight(lowered)) return toLowered(lowered, context);
    // What has no traffic any more may end, wherever the point of no return is: whoever approved this run decided that.
    return toEnded(await follow(ground, await beginTakeBack(store, scene, wish), context), context);
  });
}

function toLowered(shift: Shift, { signal }: StepContext): StepOutcome {
  const { id, stands, state, endedAt } = shift;
  const { asked } = state.weight;
  const facts = { shift: id, stands, weight: asked };
  if (endedAt !== null) return toEnded(shift, { signal });
  if (hasAskedWeight(shift)) return toDone(`${id}: every router says that the canary has ${asked} %`, facts);
  return signal.aborted
    ? toStopped(`${id} is ${stands}`, facts)
    : toFailed(`${id} is ${stands}: ${state.hold?.reason ?? ''}`, facts);
}

function toEnded({ id, stands, state, endedAt }: Shift, { signal }: Pick<StepContext, 'signal'>): StepOutcome {
  const facts = { shift: id, stands };
  if (endedAt === null && signal.aborted) return toStopped(`${id} is ${stands}`, facts);
  return endedAt !== null && state.weight.asked === 0
    ? toDone(`${id}: the canary has 0 %`, facts)
    : toFailed(`${id} is ${stands}: ${state.hold?.reason ?? ''}`, facts);
}
