import type { Change } from '../procedure/change.ts';

/**
 * Returns the steps whose planted fault left no trace in the events of a pass: what did not happen was not rehearsed, however well the pass ended. A fault
 * of a name that is not known counts as missed.
 */
export function missedFaults(log: readonly Change[], faults: { readonly [step: string]: string }): string[] {
  return Object.entries(faults)
    .filter(([step, fault]) => !log.some((change) => isTraceOf(change, step, fault)))
    .map(([step]) => step);
}

/** Moves that a step makes only after the fault: a lost attempt is looked at, run again, or left to a person. */
const traces: { readonly [fault: string]: readonly string[] } = {
  fails: ['fail', 'retry'],
  times_out: ['expire'],
  crash_before: ['probe', 'lose', 'retry'],
  crash_after: ['probe', 'lose', 'retry'],
};

function isTraceOf(change: Change, step: string, fault: string): boolean {
  if (!('step' in change) || change.step !== step) return false;
  // Nobody acted until the limit: the wait goes on, with more people in it.
  if (fault === 'owner_absent') return change.kind === 'step_set' && (change.set.wait ?? null) !== null;
  return change.kind === 'step_moved' && (traces[fault] ?? []).includes(change.move);
}
