import type { Run } from '../core/procedure/run.ts';

/** 0 where every step is done, or all is taken back as asked; 4 for every other end; 5 while people are waited for. */
export function toRunExit({ state }: Pick<Run, 'state'>): number {
  if (state === 'completed' || state === 'rolled_back') return 0;
  const isOver = ['partial', 'failed', 'timed_out', 'cancelled', 'rejected'].includes(state);
  return isOver ? 4 : 5;
}
