import type { MeasureReading } from './measure-reading.ts';
import type { RouterReading } from './router-kind.ts';

/** Who acts, as whoever hands it in has verified. */
export interface RolloutActor {
  person: string;
  automation: boolean;
}

/** What a look brought: one answer of every router and measure, and what else decides. A router or measure that is missing here was not read. */
export interface Look {
  routers: { readonly [router: string]: RouterReading | { trouble: string } };
  measures: { readonly [measure: string]: MeasureReading };
  /** Ids of conditions of the GO that do not hold now; what nobody can tell is one of them. */
  unmetConditions: readonly string[];
  /** Why nothing that writes may begin now (`windowFault`); null where it may. */
  outsideWindow: { reason: string; opensAtMs: number | null } | null;
  /** Critical incidents that are open; `onCanary` where a person, or an alert of the canary, blames it. */
  incidents: readonly { id: string; title: string; onCanary: boolean }[];
  returnPoint: 'ahead' | 'crossed' | 'unknown';
}

/** What can happen to a rollout. */
export type RolloutInput = { atMs: number } & (
  | ({ kind: 'tick' } & Look)
  /** A router refused a weight, or could not be told. What it has instead is read at the next look. */
  | { kind: 'router_failed'; router: string; reason: string }
  | { kind: 'note'; by: RolloutActor; text: string }
  | { kind: 'hold' | 'resume' | 'promote' | 'abort'; by: RolloutActor; reason: string }
  | { kind: 'lower'; weight: number; by: RolloutActor; reason: string }
);

/** Work for whoever asked, to be journaled before it is done; numbers rise by one. Doing one of them twice is once. */
export type RolloutAction = { number: number } & (
  | { kind: 'set_weight'; router: string; weight: number; before: number | null }
  | { kind: 'drain'; router: string; arm: 'stable' | 'canary' }
  | { kind: 'notify'; urgency: 'tell' | 'page'; text: string }
  /** What a phase came to becomes evidence: the report of this index. */
  | { kind: 'record_phase'; phase: string; report: number }
  /** A run of the procedure may begin by itself. */
  | { kind: 'begin_way_back'; procedure: string; reason: string }
  /** A run of the procedure is prepared, and waits for a person. */
  | { kind: 'prepare_way_back'; procedure: string | null; reason: string }
);

/** Why an input was refused, and what to do next. */
export const rolloutRefusals = {
  rollout_ended: 'start another rollout',
  not_begun: 'wait until its first phase has begun',
  going_back: 'wait until every router has weight 0',
  automation: 'ask a human',
  reason_missing: 'say why',
  not_lower: 'name a weight below the one that it has',
  not_held: 'nothing to do: it is not held',
  moving: 'wait until every router has the weight',
  barred: 'see what keeps it from its next phase',
  verdict_fail: 'abort it, and try again with a new candidate',
  router_unknown: 'name a router of this rollout',
  time_unreadable: 'hand in the instant of the database',
} as const;

export type RolloutRefusal = keyof typeof rolloutRefusals;

/** What happened, for the journal. */
export type RolloutEvent = { atMs: number } & (
  | { kind: 'refused'; code: RolloutRefusal; reason: string }
  | { kind: 'weight_asked'; weight: number; before: number; reason: string }
  | { kind: 'weight_reached'; weight: number; phase: string | null }
  | { kind: 'weight_drifted'; router: string; expected: number; got: number }
  | { kind: 'router_trouble'; router: string; reason: string }
  | { kind: 'verdict_changed'; measure: string; from: string | null; to: string; text: string }
  | { kind: 'share_mismatch'; measure: string; text: string }
  | { kind: 'barred'; reasons: string[] }
  | { kind: 'phase_ended'; phase: string; how: 'passed' | 'promoted' | 'left'; by: string | null; reason: string }
  | { kind: 'held'; cause: string; reason: string; by: string | null }
  | { kind: 'resumed'; by: string; reason: string }
  | { kind: 'noted'; by: string; text: string }
  | { kind: 'going_back'; cause: string; reason: string; by: string | null }
  | { kind: 'ended'; stands: 'completed' | 'rolled-back' | 'aborted'; reason: string }
);

/** What an input amounts to. */
export interface RolloutDecision<State> {
  state: State;
  actions: RolloutAction[];
  events: RolloutEvent[];
}
