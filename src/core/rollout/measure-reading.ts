import type { Arm } from './rollout.ts';
import type { ShadowRoute } from './shadow/shadow-tally.ts';

/** Counters of one arm and one stratum, as they stand: they only rise, and what falls was reset. */
export interface CounterSample {
  arm: Arm;
  /** Value of the label of `Measure.by`; empty where there is none. */
  stratum: string;
  /** When the source took it, by its own clock. */
  atMs: number;
  total: number;
  /** Bad events so far, or cumulative counts by upper bound of the histogram, in order. */
  bad: number | readonly { le: number; count: number }[];
}

/** What a metric source answered about one measure. An empty answer is no data: a mistyped name looks the same as silence. */
export type MeasureReading =
  /** `differences` stands beside the counters of a shadow alone: what they are made of, for people. */
  | { state: 'read'; samples: readonly CounterSample[]; differences?: readonly ShadowRoute[] }
  | { state: 'no_data'; reason: string }
  | { state: 'error'; reason: string };
