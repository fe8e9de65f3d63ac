import { groupSteps } from '../../core/metric/run-statistics.ts';
import type { RunSample, StepGroup } from '../../core/metric/run-statistics.ts';
import { summarize } from '../../core/metric/summarize.ts';
import type { Summary } from '../../core/metric/summarize.ts';
import { countRuns, readRunSamples, readStepMoves, readStepSamples } from '../../store/metric.ts';
import type { Store } from '../../store/open-store.ts';

/** What runs and their steps came to within a time (O16). Lengths in milliseconds; null where there was nothing to count. */
export interface Statistics {
  /** All runs there are. */
  runs: { mode: string; state: string; count: number }[];
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
    runLengths: summarize(ended.flatMap(toLength)),
    queueTimes: summarize(moves.queuedMs),
    kinds: groupSteps(live, 'kind'),
    classes: groupSteps(live, 'actionClass'),
  };
}

function toLength({ mode, lengthMs }: RunSample): number[] {
  return mode === 'live' && lengthMs !== null ? [lengthMs] : [];
}
