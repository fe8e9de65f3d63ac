import type { Run } from '../../api/client.generated.ts';
import type { StatusName } from '../../kit/status.tsx';

/** How each state of a run is shown. */
export const runLooks = {
  pending_approval: 'waiting',
  approved: 'ready',
  queued: 'ready',
  running: 'running',
  held: 'held',
  waiting_human: 'waiting',
  outcome_unknown: 'unknown',
  stopping: 'held',
  undoing: 'undoing',
  rejected: 'stopped',
  completed: 'done',
  partial: 'warning',
  failed: 'failed',
  timed_out: 'failed',
  cancelled: 'cancelled',
  rolled_back: 'undone',
} as const satisfies { [State in Run['state']]: StatusName };

/** Whether nothing can happen any more. */
export function hasEnded({ endedAtMs }: Pick<Run, 'endedAtMs'>): boolean {
  return endedAtMs !== null;
}
