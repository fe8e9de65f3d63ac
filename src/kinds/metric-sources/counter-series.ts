import type { Arm } from '../../core/rollout/rollout.ts';
import type { Labels } from '../../core/rollout/selector.ts';

/** One counter as a source has it. */
export interface CounterSeries {
  name: string;
  labels: Labels;
  /** What counts it: a process that, when it begins again, begins all of its counters again. */
  target: string;
  value: number;
  /** When it was taken, by the clock of the source. */
  atMs: number;
}

/** What a source has of one arm for a measure. */
export interface ArmSeries {
  total: CounterSeries[];
  bad: CounterSeries[];
}

/** What a source answered: both arms, and when it was asked, by the same clock as the samples. */
export interface CounterAnswer {
  askedAtMs: number;
  arms: { [arm in Arm]: ArmSeries };
}

/** How a source samples: what is older than three of its rounds is nothing to judge by. */
export interface Sampling {
  /** Time between two samples of a series. */
  everyMs: number;
}

export const arms: readonly Arm[] = ['stable', 'canary'];

/** Upper bound of a bucket; NaN where the label is none. */
export function boundOf({ labels }: CounterSeries): number {
  const text = labels['le'] ?? '';
  return text === '+Inf' ? Infinity : text.trim() === '' ? Number.NaN : Number(text);
}

/** Returns a text that is the same for the same series of a target, in whatever order its labels come. */
export function seriesKey(name: string, target: string, labels: Labels): string {
  return JSON.stringify([name, target, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}
