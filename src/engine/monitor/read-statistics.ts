import { groupSteps } from '../../core/metric/run-statistics.ts';
import type { RunSample, StepGroup } from '../../core/metric/run-statistics.ts';
import { summarize } from '../../core/metric/summarize.ts';
import type { Summary } from '../../core/metric/summarize.ts';
import { countRuns, readRunSamples, readStepMoves, readStepSamples } from '../../store/metric.ts';
import type { Store } from '../../store/open-store.ts';

/** How many runs there are of a mode in a state. */
export interface RunCount {
  mode: string;
  state: string;
  count: number;
}

/** What runs and their steps came to within a time (O16). Lengths in milliseconds; null where there was nothing to count. */
export interface Statistics {
  /** All runs there are. */
  runs: RunCount[];
  /** Runs that ended within the time. */
  endedRuns: RunCount[];
  /** Live runs that ended within the time, from begin to end. */
  runLengths: Summary | null;
  queueTimes: Summary | null;
  /** Live machine steps, by kind and by action class. */
  kinds: StepGroup[];
  classes: StepGroup[];
}

/** Reads the statistics. Throws where the database does. */
export async function readStatistics(store: Store, withinMs: number): Promise<Statistics> {
  const [runs, ended, steps, moves] = await Promise.all([
    countRuns(store),
    readRunSamples(store, withinMs),
    readStepSamples(store, withinMs),
    readStepMoves(store, withinMs),
  ]);
  const live = steps.filter(({ mode }) => mode === 'live');
  return {
    runs,
    endedRuns: countByState(ended),
    runLengths: summarize(ended.flatMap(toLength)),
    queueTimes: summarize(moves.queuedMs),
    kinds: groupSteps(live, 'kind'),
    classes: groupSteps(live, 'actionClass'),
  };
}

function toLength({ mode, lengthMs }: RunSample): number[] {
  return mode === 'live' && lengthMs !== null ? [lengthMs] : [];
}

function countByState(runs: readonly RunSample[]): RunCount[] {
  const counts = new Map<string, RunCount>();
  for (const { mode, state } of runs) {
    const one = counts.get(`${mode} ${state}`) ?? { mode, state, count: 0 };
    counts.set(`${mode} ${state}`, { ...one, count: one.count + 1 });
  }
  return [...counts.values()];
}
