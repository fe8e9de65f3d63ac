import type { Scatter } from './dispersion.ts';
import type { Arm } from './rollout.ts';
import type { ArmCounts, SplitEvidence } from './split.ts';

/** Counters of one arm and stratum at the last look. */
export interface Baseline extends ArmCounts {
  atMs: number;
}

/** Counters of one stratum at the last look; an arm is null that the source did not name. */
export interface StratumBaseline {
  stratum: string;
  stable: Baseline | null;
  canary: Baseline | null;
}

/** All that is remembered of one measure from look to look, as a plain value. */
export interface MeasureWatch {
  measure: string;
  /** Nothing is counted before: the warm-up of the phase. */
  countFromMs: number;
  /** Scrapes that are still left out after a change of weight. */
  skip: number;
  baselines: StratumBaseline[];
  /** Upper bounds of what is fast, by stratum; none for events. */
  bounds: { stratum: string; le: number }[];
  evidence: SplitEvidence;
  /** How bad events of both arms scattered, look by look: history for later rollouts. Left out in what an earlier version began. */
  scatter?: Scatter;
  /** Requests of both arms in the newest looks, newest last: the share that the canary really gets. */
  recent: { [arm in Arm]: number }[];
  /** When the newest samples of each arm were taken; null where there never was one. */
  newestMs: { [arm in Arm]: number | null };
  /** When a request of the canary was last counted; null before the first. */
  countedMs: number | null;
  /** When counting began; null before. */
  sinceMs: number | null;
  resets: number;
  /** What the last look brought instead of samples. */
  trouble: {
    verdict: 'NO_DATA' | 'ERROR';
    reason: 'no_samples' | 'no_bound' | 'reset' | 'unreadable';
    detail: string;
  } | null;
}
