import type { Shift } from '../../api/client.generated.ts';
import type { StatusName } from '../../kit/status.tsx';

/** How the standing of a shift looks. */
export const standingLooks: Record<Shift['stands'], StatusName> = {
  waiting: 'waiting',
  moving: 'running',
  watching: 'running',
  held: 'held',
  'going-back': 'undoing',
  completed: 'done',
  'rolled-back': 'undone',
  aborted: 'stopped',
};

/** Whether a shift has come to its end: what is left to do then, such as draining, changes nothing about it. */
export function isOver({ stands }: Pick<Shift, 'stands'>): boolean {
  return stands === 'completed' || stands === 'rolled-back' || stands === 'aborted';
}

/** How a verdict looks. Only `PASS` looks like one. */
export const verdictLooks: Record<Shift['verdicts'][number]['verdict'], StatusName> = {
  PASS: 'pass',
  FAIL: 'fail',
  INCONCLUSIVE: 'waiting',
  NO_DATA: 'unknown',
  ERROR: 'error',
};
