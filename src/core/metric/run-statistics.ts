import { actionClasses, isActionClass } from '../procedure/action-classes.ts';
import { summarize } from './summarize.ts';
import type { Summary } from './summarize.ts';

/** One attempt of a machine step that ended. */
export interface StepSample {
  /** Kind of its action, such as `sh` or `sql`. */
  kind: string;
  actionClass: string;
  mode: string;
  outcome: 'done' | 'failed' | 'timed_out' | 'stopped';
  lengthMs: number;
}

/** One run that ended. */
export interface RunSample {
  mode: string;
  state: string;
  /** From its begin to its end, by its own clock; null where it never began. */
  lengthMs: number | null;
}

/** Steps of one kind or class. */
export interface StepGroup {
  name: string;
  ended: number;
  done: number;
  /** Share done of those that ended, stopped ones left out, percent; null where none is left. */
  successPercent: number | null;
  /** Of those done, milliseconds. */
  lengths: Summary | null;
  /** Share that was done within the time of their action class, percent; null where none ended. */
  slaPercent: number | null;
}

/** States of runs that somebody ended on purpose: they say nothing about success. */
const calledOff: readonly string[] = ['cancelled', 'rejected'];

/** How many runs ended by themselves, and how many of them succeeded. */
export function countSuccess(runs: readonly RunSample[]): { succeeded: number; ended: number } {
  const ended = runs.filter(({ state }) => !calledOff.includes(state));
  return { succeeded: ended.filter(({ state }) => state === 'completed').length, ended: ended.length };
}

/** How many attempts there were to judge, and how many were done within the time of their class. One that was stopped on purpose says nothing. */
export function countWithinClass(steps: readonly StepSample[]): { within: number; ended: number } {
  const ended = steps.filter(({ outcome, actionClass }) => outcome !== 'stopped' && isActionClass(actionClass));
  const within = ended.filter(
    ({ outcome, actionClass, lengthMs }) =>
      outcome === 'done' && isActionClass(actionClass) && lengthMs <= actionClasses[actionClass].stepMs,
  );
  return { within: within.length, ended: ended.length };
}

/** The steps by kind or by action class, in the order of the name. */
export function groupSteps(steps: readonly StepSample[], by: 'kind' | 'actionClass'): StepGroup[] {
  const groups = [...Map.groupBy(steps, (step) => step[by])].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return groups.map(([name, all]) => {
    const done = all.filter(({ outcome }) => outcome === 'done');
    const judged = all.filter(({ outcome }) => outcome !== 'stopped');
    const { within, ended } = countWithinClass(all);
    return {
      name,
      ended: all.length,
      done: done.length,
      successPercent: percent(done.length, judged.length),
      lengths: summarize(done.map(({ lengthMs }) => lengthMs)),
      slaPercent: percent(within, ended),
    };
  });
}

function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : (100 * part) / whole;
}
