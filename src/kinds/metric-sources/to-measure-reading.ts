import type { CounterSample, MeasureReading } from '../../core/rollout/measure-reading.ts';
import type { Arm, Measure } from '../../core/rollout/rollout.ts';
import { createCounterMemory } from './counter-memory.ts';
import type { CountedSeries, CounterMemory, CountSum } from './counter-memory.ts';
import { arms, boundOf } from './counter-series.ts';
import type { ArmSeries, CounterAnswer, CounterSeries, Sampling } from './counter-series.ts';
import { findDoubt } from './find-doubt.ts';
import { selectorsOf } from './measure-selectors.ts';

/** Turns answers of a source into readings, and remembers what each measure had before. */
export interface MeasureMeter {
  take(measure: Measure, answer: CounterAnswer): MeasureReading;
  /** Lets the counts of a measure begin again at 0. */
  forget(measure: Measure): void;
}

/** Returns a meter that has seen nothing: one for each session. */
export function createMeasureMeter(sampling: Sampling): MeasureMeter {
  const memories = new Map<string, CounterMemory>();
  return {
    forget: ({ id }) => void memories.delete(id),
    take(measure, answer) {
      const doubt = findDoubt({ measure, selectors: selectorsOf(measure), answer, sampling });
      if (doubt !== null) return doubt;
      const memory = memories.get(measure.id) ?? createCounterMemory();
      memories.set(measure.id, memory);
      return toReading(measure, answer, memory);
    },
  };
}

function toReading(measure: Measure, answer: CounterAnswer, memory: CounterMemory): MeasureReading {
  const samples: CounterSample[] = [];
  for (const arm of arms) {
    const all = answer.arms[arm];
    const counted = countedOf(measure, all);
    const sums = memory.accept(arm, counted);
    const atMs = Math.min(...all.total.map((series) => series.atMs));
    const bounds = boundsOf(counted);
    for (const [stratum, sum] of sums) {
      const wrong = findContradiction({ arm, stratum }, sum, bounds);
      if (wrong !== null) return wrong;
      samples.push({ arm, stratum, atMs, ...toCounts(measure, sum, bounds) });
    }
  }
  return { state: 'read', samples };
}

function countedOf(measure: Measure, { total, bad }: ArmSeries): CountedSeries[] {
  const stratumOf = ({ labels }: CounterSeries): string => (measure.by === null ? '' : (labels[measure.by] ?? ''));
  if (measure.counts.kind === 'histogram')
    return total.map((series) => ({ series, stratum: stratumOf(series), part: { le: boundOf(series) } }));
  const of = (all: readonly CounterSeries[], part: 'total' | 'bad'): CountedSeries[] =>
    all.map((series) => ({ series, stratum: stratumOf(series), part }));
  return [...of(total, 'total'), ...of(bad, 'bad')];
}

function boundsOf(counted: readonly CountedSeries[]): number[] {
  const bounds = counted.flatMap(({ part }) => (typeof part === 'string' ? [] : [part.le]));
  return [...new Set(bounds)].toSorted((a, b) => a - b);
}

/** The bucket without a bound is the total and stands there alone: JSON has no infinity. */
function toCounts(measure: Measure, sum: CountSum, bounds: readonly number[]): Pick<CounterSample, 'total' | 'bad'> {
  if (measure.counts.kind === 'events') return { total: sum.total, bad: sum.bad };
  const bad = bounds.filter(Number.isFinite).map((le) => ({ le, count: sum.buckets.get(le) ?? 0 }));
  return { total: sum.buckets.get(Infinity) ?? 0, bad };
}

/** More bad events than events, or a bucket that holds less than one inside it: then the texts do not count what they say. */
function findContradiction(
  { arm, stratum }: { arm: Arm; stratum: string },
  sum: CountSum,
  bounds: readonly number[],
): MeasureReading | null {
  const where = `${arm}${stratum === '' ? '' : ` ${stratum}`}`;
  if (sum.bad > sum.total)
    return {
      state: 'error',
      reason: `${where}: expected at most as many bad events as events, got ${sum.bad} of ${sum.total}`,
    };
  const counts = bounds.map((le) => sum.buckets.get(le) ?? 0);
  const falls = counts.findIndex((count, index) => index > 0 && count < counts[index - 1]!);
  if (falls === -1) return null;
  return {
    state: 'error',
    reason: `${where}: expected buckets that hold all below them, got fewer up to ${bounds[falls]}`,
  };
}
