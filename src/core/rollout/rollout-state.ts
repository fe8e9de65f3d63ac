import type { DispersionSource } from './dispersion-history.ts';
import type { MeasureWatch } from './measure-watch.ts';
import type { Look } from './rollout-input.ts';
import type { Rollout } from './rollout.ts';
import type { ShadowRoute } from './shadow/shadow-tally.ts';
import type { MeasureVerdict } from './verdict.ts';

/** Where a rollout stands. `completed`, `rolled-back` and `aborted` are left by nothing. */
export type RolloutStanding =
  /** Before its first phase. */
  | 'waiting'
  /** A weight was asked for and is not yet read back from every router. */
  | 'moving'
  | 'watching'
  /** A person has to decide; what is measured is still judged, and still taken back where it fails. */
  | 'held'
  /** The weight 0 was asked for and is not yet read back from every router. */
  | 'going-back'
  | 'completed'
  | 'rolled-back'
  | 'aborted';

/** Why a rollout is held. */
export type HoldCause =
  | 'person'
  | 'inconclusive'
  | 'no_data'
  | 'error'
  | 'barred'
  | 'failed'
  | 'past_return'
  | 'stable_unhealthy'
  | 'router_failed'
  | 'weight_drifts'
  | 'aborted_past_return'
  /** A person goes back step by step. */
  | 'lowered';

/** What keeps a rollout from its next phase. */
export interface Bar {
  code:
    | 'condition_unmet'
    | 'outside_window'
    | 'incident_open'
    | 'note_missing'
    | 'too_early'
    | 'bake'
    | 'weight_not_zero'
    | 'router_unread'
    | 'weight_differs'
    | 'verdict';
  reason: string;
  /** When time alone lifts it; null where it does not. */
  untilMs: number | null;
}

/** What is known of one router. */
export interface RouterWatch {
  router: string;
  /** As last read; null before the first reading and after one that failed. */
  weight: number | null;
  /** Looks in a row in which it could not be read, or did not take the weight. */
  troubles: number;
  /** What it last said of its own trouble. */
  detail: string;
  /** Counter of requests of the canary at the last look; null where it counts none. */
  canaryRequests: number | null;
  /** Looks in a row in which it found the canary dead. */
  deadLooks: number;
  stableDead: boolean;
}

/** Requests that went to the canary. */
export interface Exposed {
  requests: number;
  /** False where a counter began anew in between, so that at least so many went there; null where no router counts. */
  exact: boolean | null;
}

/** A phase that is over, for the report. */
export interface PhaseReport {
  phase: string;
  weight: number;
  ended: 'passed' | 'promoted' | 'left';
  by: string | null;
  reason: string;
  fromMs: number;
  toMs: number;
  exposed: Exposed;
  verdicts: MeasureVerdict[];
  /** What the verdicts were judged from at the last look of the phase, so that anybody can judge again. Left out in reports of an earlier version. */
  basis?: PhaseBasis;
}

/** All that verdicts follow from, beside the rollout as it is declared. */
export interface PhaseBasis {
  /** When it was judged last; null in a phase at which nobody looked. */
  judgedAtMs: number | null;
  watches: MeasureWatch[];
  /** Dispersion of each measure; one that is missing was unknown. */
  dispersions: { readonly [measure: string]: number };
}

/** A rollout under way, as a plain value: stored as JSON and read back, it goes on as if nothing had happened. */
export interface RolloutState {
  rollout: Rollout;
  candidateSha256: string;
  /** Dispersion of each measure from history; one that is missing is unknown. */
  dispersions: { readonly [measure: string]: number };
  /** Where each dispersion comes from. Left out in what an earlier version began. */
  history?: { readonly [measure: string]: DispersionSource };
  stands: RolloutStanding;
  /** Index of the phase; -1 before the first. */
  phase: number;
  nowMs: number;
  /** The weight that was asked for, the one before it, which a move that fails goes back to, when it was asked for first and last, and how often. */
  weight: { asked: number; before: number; askedAtMs: number; againAtMs: number; asks: number };
  /** When every router had the weight of this phase; null until then. */
  phaseSinceMs: number | null;
  /** When the time of the phase is over; a person who resumes gives it the same time again. */
  deadlineMs: number | null;
  routers: RouterWatch[];
  watches: MeasureWatch[];
  verdicts: MeasureVerdict[];
  /** When the verdicts were judged; null before the first look of the phase. Left out in what an earlier version began. */
  judgedAtMs?: number | null;
  /** What a shadow last said that its answers differ in; null where none has spoken. Left out in what an earlier version began. */
  differences?: readonly ShadowRoute[] | null;
  hold: { cause: HoldCause; reason: string; by: string | null; atMs: number } | null;
  /** What keeps it from the next phase, as last said. */
  bars: Bar[];
  /** What people noted in this phase. */
  notes: { by: string; text: string; atMs: number }[];
  exposed: Exposed;
  phaseExposed: Exposed;
  /** Looks of this phase at which a router had another weight than it was told. */
  drifts: number;
  /** Since when a measure that the phase waits for has had no data without a break; null while all have. */
  blindSinceMs: number | null;
  /** What else decides, as the newest look had it; null before the first. */
  seen: Pick<Look, 'unmetConditions' | 'outsideWindow' | 'incidents'> | null;
  /** Whether the point of no return is behind; unknown counts as crossed. */
  returnPoint: 'ahead' | 'crossed' | 'unknown';
  /** Why it goes back, or went. */
  outcome: {
    cause: 'failed' | 'liveness' | 'incident' | 'person';
    reason: string;
    by: string | null;
    atMs: number;
  } | null;
  reports: PhaseReport[];
  /** Number of the last action. */
  actions: number;
}
