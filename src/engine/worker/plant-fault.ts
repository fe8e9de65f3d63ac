import { once } from 'node:events';

import type { StepOutcome } from '../../core/step/step-kind.ts';
import type { BegunStep } from './step-scene.ts';

/** Ends a handler as the death of its worker would. */
export class PlantedCrash extends Error {}

/** Runs an action, or what a rehearsal plants in its place; only the first attempt has a fault, so that what is declared for it can be seen to work. */
export async function plantFault(
  { parts, run, step, setting, attempt, planned }: BegunStep,
  action: { signal: AbortSignal; run: () => Promise<StepOutcome> },
): Promise<StepOutcome> {
  const fault = run.mode === 'rehearsal' && attempt === 1 ? setting.faults[step.id] : undefined;
  if (fault === 'fails') return { outcome: 'failed', detail: 'planted by the rehearsal: it fails', facts: {} };
  if (fault === 'crash_before') throw new PlantedCrash('planted by the rehearsal: the worker dies before the effect');
  if (fault === 'times_out') {
    const overAtMs = (run.steps[step.id]?.startedAtMs ?? run.nowMs) + (planned.limitMs ?? 0);
    await parts.advancer.advance({ run: run.id, input: { kind: 'tick' }, leap: { toMs: overAtMs } });
    if (!action.signal.aborted) await once(action.signal, 'abort');
    return { outcome: 'stopped', detail: 'planted by the rehearsal: it runs out of time', facts: {} };
  }
  const outcome = await action.run();
  if (fault === 'crash_after')
    throw new PlantedCrash('planted by the rehearsal: the worker dies after the effect, before it could say so');
  return outcome;
}
