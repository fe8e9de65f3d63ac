import type { Place } from '../../launch/place.ts';
import type { OptionsByEnvironment } from '../rollout.ts';

/** What copies requests to the canary while it has no traffic, as a rollout declares it under `shadow`. */
export interface ShadowDeclaration {
  /** `listen`, `stable`, `canary` and `report`, each one text for all environments or one for each. */
  options: OptionsByEnvironment;
  /** Share of the requests that are copied, above 0 and up to 1. */
  sample: number;
  /** GET and HEAD change nothing; any other is copied because the document says so. */
  methods: readonly string[];
  /** Headers of answers that are held against each other. */
  compare: readonly string[];
  /** Fields of answers that make no difference, each with all that lies inside it. */
  ignore: readonly string[];
  /** The header that a copy has from Tminus and not from the client, and the name of the secret that is in it; null where copies carry what the client sent. */
  credential: { header: string; secret: string } | null;
  at: Place;
}

/** The options of a shadow that have to be written. */
export const shadowAddresses = ['listen', 'stable', 'canary', 'report'] as const;

/** Id of the measure that a shadow adds to its rollout; phases without weight wait for it. */
export const shadowMeasure = 'shadow';

/** Returns the id of the metric source of a shadow: no document can name one so. */
export function shadowSourceOf(rollout: string): string {
  return `shadow:${rollout}`;
}

/** Names of the counters of a shadow, with the labels `arm` and `route`. */
export const shadowCounters = { total: 'shadow_answers_total', bad: 'shadow_differences_total' } as const;
