import type { StepAction } from '../launch/launch.ts';

/** Checks that show how much there is. Others say the same words whatever was lost. */
const counting: readonly unknown[] = ['sql', 'prometheus'];

/** Whether what a step says when it is done holds a number that was read: only then do two looks that say the same mean that as much is there (O30). */
export function isCounting(action: StepAction | null): boolean {
  if (action?.kind !== 'check') return false;
  const check = action.spec?.['check'];
  return typeof check === 'object' && check !== null && !Array.isArray(check) && counting.includes(check['kind']);
}
