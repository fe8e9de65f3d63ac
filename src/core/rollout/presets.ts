import type { RolloutPhase } from './rollout.ts';

const minute = 60_000;
const hour = 60 * minute;

const toPhase = (weight: number, minTimeMs: number, minRequests: number): RolloutPhase => ({
  id: `at-${weight}`,
  weight,
  minTimeMs,
  maxTimeMs: 4 * minTimeMs,
  minRequests,
  warmupMs: minute,
  bakeMs: weight === 100 ? 24 * hour : 0,
  conditions: [],
  note: null,
});

/** Phases that a document takes by name instead of writing them out. */
export const rolloutPresets: { readonly [name: string]: readonly RolloutPhase[] } = {
  default: [
    toPhase(5, 30 * minute, 1_000),
    toPhase(10, hour, 5_000),
    toPhase(25, 2 * hour, 10_000),
    toPhase(50, 4 * hour, 20_000),
    toPhase(100, 4 * hour, 50_000),
  ],
};
