import type { PlannedStep } from '../../core/procedure/plan.ts';
import type { Run, StepRun } from '../../core/procedure/run.ts';

/** The assets that a step wants to itself, and the name that its holder goes by; what they are called in one environment is another thing in another. */
export function assetsOf({
  run,
  step,
  planned,
}: {
  run: Pick<Run, 'id' | 'plan'>;
  step: Pick<StepRun, 'id'>;
  planned: Pick<PlannedStep, 'assets'>;
}): { owner: string; keys: string[] } {
  return {
    owner: `${run.id}/${step.id}`,
    keys: planned.assets.map((asset) => `${run.plan.environment.id}/${asset}`),
  };
}
