import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { productionHosts } from '../../../core/procedure/rehearsal-faults.ts';
import type { ProbeOutcome, StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import { toFailed, toStopped } from '../../../kinds/steps/step-outcome.ts';
import type { Store } from '../../../store/open-store.ts';
import type { Scene } from '../../scene.ts';
import { openDataAccess } from '../open-data-access.ts';

/** What deeds stand on: the store, the launch as the run has it, and the account that the run works for. */
export interface DeedGround {
  store: Store;
  scene: Scene;
  executor: string;
}

/** Opens the data of the launch for an attempt: under its secrets, and without the hosts that it must not touch. Where nothing is production, none of production is touched. */
export function openDataFor(
  scene: Scene,
  { forbidden, openSecret, now }: Pick<StepContext, 'forbidden' | 'openSecret' | 'now'>,
): ReturnType<typeof openDataAccess> {
  const others = scene.environment.production ? [] : productionHosts(scene.launch);
  return openDataAccess({
    scene,
    forbidden: [...new Set([...forbidden, ...others])],
    openSecret: (name) => openSecret(name),
    now: () => now(),
  });
}

/** Carries a deed out; what the product or a datastore refuses is its failed outcome, and what was cut short is stopped. A rehearsal touches no environment of production (C07). */
export async function carryOut(
  { scene }: DeedGround,
  { signal, mode }: StepContext,
  deed: () => Promise<StepOutcome>,
): Promise<StepOutcome> {
  if (signal.aborted) return toStopped('stopped before it began');
  if (mode === 'rehearsal' && scene.environment.production)
    return toFailed(`${scene.environment.id} is production, which a rehearsal must not touch`);
  try {
    const end = await deed();
    return signal.aborted && end.outcome === 'failed' ? toStopped(end.detail, end.facts) : end;
  } catch (error) {
    if (signal.aborted) return toStopped('stopped; what was finished stays, and the same step goes on from there');
    if (error instanceof ProductError) return toFailed(`${error.message}; ${error.hint}`, { trouble: error.code });
    if (error instanceof DatastoreTrouble) return toFailed(`${error.code}: ${error.message}`, { trouble: error.code });
    throw error;
  }
}

/** Looks whether a deed took effect; what cannot be looked at is not known. */
export async function lookAfter(probe: () => Promise<ProbeOutcome>): Promise<ProbeOutcome> {
  try {
    return await probe();
  } catch (error) {
    if (error instanceof ProductError || error instanceof DatastoreTrouble)
      return { result: 'unknown', detail: `${error.code}: ${error.message}` };
    throw error;
  }
}
