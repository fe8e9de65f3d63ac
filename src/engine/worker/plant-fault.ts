import { setTimeout as pause } from 'node:timers/promises';

import type { StepRun } from '../../core/procedure/run.ts';
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
    await runOutOfTime({ parts, run, step, setting, planned }, action.signal);
    return { outcome: 'stopped', detail: 'planted by the rehearsal: it runs out of time', facts: {} };
  }
  const outcome = await action.run();
  if (fault === 'crash_after')
    throw new PlantedCrash('planted by the rehearsal: the worker dies after the effect, before it could say so');
  return outcome;
}

const lookMs = 50;

/**
 * Waits for the limit of a step, and lets the clock jump to it as soon as nothing beside it takes real time: a neighbour that works is not made late by a
 * fault that it does not have.
 */
async function runOutOfTime(
  { parts, run, step, setting, planned }: Pick<BegunStep, 'parts' | 'run' | 'step' | 'setting' | 'planned'>,
  signal: AbortSignal,
): Promise<void> {
  const toMs = (run.steps[step.id]?.startedAtMs ?? run.nowMs) + (planned.limitMs ?? 0);
  const waits = ({ id, attempt }: StepRun): boolean =>
    (setting.faults[id] === 'times_out' && attempt === 1) || setting.faults[id] === 'owner_absent';
  while (!signal.aborted) {
    await parts.advancer.advance({ run: run.id, input: { kind: 'tick' }, leap: { toMs, waits } });
    await pause(lookMs, undefined, { signal }).catch(() => undefined);
  }
}
