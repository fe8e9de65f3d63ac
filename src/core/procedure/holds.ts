import type { PlannedStep } from './plan.ts';
import type { Hold, Run } from './run.ts';

/** Scopes that hold everything in the run. */
const whole: readonly Hold['scope'][] = ['global', 'launch', 'run', 'environment'];

/** Whether a hold keeps every step back. */
export function holdsAll({ scope }: Pick<Hold, 'scope'>): boolean {
  return whole.includes(scope);
}

/** Whether a hold keeps this step back. */
export function holdsStep(hold: Hold, { id, assets }: Pick<PlannedStep, 'id' | 'assets'>): boolean {
  if (holdsAll(hold)) return true;
  if (hold.scope === 'step') return hold.subject === id;
  return hold.subject !== null && assets.includes(hold.subject);
}

/** Every hold that keeps this step back. */
export function holdsOn(run: Pick<Run, 'holds'>, step: Pick<PlannedStep, 'id' | 'assets'>): Hold[] {
  return run.holds.filter((hold) => holdsStep(hold, step));
}
