import type { Place } from '../launch/place.ts';
import type { Objective } from '../slo/objective.ts';
import type { ShadowDeclaration } from './shadow/shadow-declaration.ts';

/** The two sides that requests go to. */
export type Arm = 'stable' | 'canary';

/** A shift of traffic as a launch declares it: one fence of the language `rollout`. */
export interface Rollout {
  id: string;
  title: string;
  /** Ids of routers; those of a rollout are moved by one decision. */
  routers: readonly string[];
  /** In order; weights rise, the first may be 0 (dark), the last is 100. */
  phases: readonly RolloutPhase[];
  /** What is judged; at least one of them gates. */
  measures: readonly Measure[];
  /** What copies requests to the canary while its weight is 0; null where nothing does. Its measure and its source are among the others. */
  shadow: ShadowDeclaration | null;
  /** Time between two looks. */
  intervalMs: number;
  onFail: 'rollback' | 'hold';
  /** What a failed candidate needs to be tried again. */
  retry: 'new-candidate' | 'person';
  /** Id of the procedure that takes it back; null where only the weight goes back. */
  wayBack: string | null;
  at: Place;
}

/** One weight, held until what it asks for was seen. */
export interface RolloutPhase {
  id: string;
  /** Percent of traffic of the canary, 0 to 100. */
  weight: number;
  minTimeMs: number;
  /** After it, what has not passed is held for a person. */
  maxTimeMs: number;
  /** Requests of the canary, at least; of the shadow where the weight is 0. */
  minRequests: number;
  /** After each change of weight, nothing is counted for so long: cold caches are nobody's fault. */
  warmupMs: number;
  /** How long the last phase stays under watch before the stable arm may go; 0 elsewhere. */
  bakeMs: number;
  /** Ids of conditions of a conditional GO that have to be met before this phase. */
  conditions: readonly string[];
  /** What a person has to note before it may end; null where nobody is asked. */
  note: string | null;
}

/** A ratio of bad events to all, counted on both arms. */
export interface Measure {
  id: string;
  title: string;
  /** Id of a metric source. */
  source: string;
  counts: MeasureCounts;
  /** Label by which requests are stratified, such as `route`; null where they are not. */
  by: string | null;
  /** The tolerated ratio of canary to stable: it fails where it is provably worse (1.5 for errors, 1.15 for slow requests). */
  margin: number;
  /** It passes where this ratio is excluded (3 for errors, 1.5 for slow requests). Greater than `margin`. */
  exclude: number;
  /** Whether a phase waits for it; a measure that is only watched stands in the report. */
  gating: boolean;
  /** Largest share of bad events in the canary, 0 to 1, judged from 200 requests on and only while the stable arm keeps it; null where there is none. */
  cap: number | null;
  /** Ids of the phases that it is judged in; null for all. */
  phases: readonly string[] | null;
}

/** `$arm` in a text stands for the arm. */
export type MeasureCounts =
  | { kind: 'events'; total: string; bad: string }
  /** Slow is what is beyond this quantile of the stable arm, by the buckets of a histogram. */
  | { kind: 'histogram'; buckets: string; quantile: number };

/** A place that metrics are read from, as the front matter declares it under `metrics`. */
export interface MetricSource {
  id: string;
  kind: string;
  options: OptionsByEnvironment;
  /** Name of the secret that the connection asks for; null where it asks for none. */
  secret: string | null;
  at: Place;
}

/** What splits traffic, as the front matter declares it under `routers`. */
export interface Router {
  id: string;
  kind: string;
  options: OptionsByEnvironment;
  /** Name of the secret that the connection asks for; null where it asks for none. */
  secret: string | null;
  at: Place;
}

/** Options as a document declares them: the text of each for an environment, or for all under `*`. */
export interface OptionsByEnvironment {
  readonly [key: string]: { readonly [environment: string]: string };
}

/** Returns the options that hold in an environment; one that is declared for others only is missing. */
export function optionsIn(options: OptionsByEnvironment, environment: string): { [key: string]: string } {
  return Object.fromEntries(
    Object.entries(options).flatMap(([key, values]) => {
      const value = values[environment] ?? values['*'];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** What a launch declares of the shift of its traffic. */
export interface TrafficDeclarations {
  routers: Router[];
  metricSources: MetricSource[];
  /** What `declarations` of the launch says of rollouts, read. */
  rollouts: Rollout[];
  /** How good a service has to be; what is left of its error budgets gates a deploy. */
  objectives: Objective[];
}
