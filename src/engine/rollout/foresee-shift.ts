import { explainDispersion, knownDispersions, learnDispersions } from '../../core/rollout/dispersion-history.ts';
import type { DispersionSource } from '../../core/rollout/dispersion-history.ts';
import { expectTraffic } from '../../core/rollout/expect-traffic.ts';
import { planVisibility } from '../../core/rollout/plan-visibility.ts';
import type { Visibility } from '../../core/rollout/plan-visibility.ts';
import type { Rollout } from '../../core/rollout/rollout.ts';
import { listShifts } from '../../store/rollout.ts';
import type { DeclaredShift } from '../../store/rollout.ts';
import type { Store } from '../../store/open-store.ts';
import type { Scene } from '../scene.ts';
import type { DeclaredLook } from './look-at-declared.ts';

/** Where the dispersion of each measure comes from. */
export interface History {
  readonly [measure: string]: DispersionSource;
}

/** What a rollout will be able to see at the traffic of now, and why it should not begin with it. */
export interface Foreseen {
  requestsPerSecond: number;
  base: { readonly [measure: string]: number };
  /** How far bad events scatter by themselves, and where that is known from. */
  dispersions: readonly { measure: string; dispersion: number; text: string }[];
  visibilities: readonly Visibility[];
  /** One sentence each; empty where every phase can prove what it is for. */
  faults: readonly string[];
}

/** Rollouts that history is made of. */
const mostShifts = 200;

/** Returns where the dispersion of each measure of a rollout is known from: what equal arms showed in this launch and environment, or nothing. */
export async function readHistory(
  store: Store,
  { launch, environment }: Pick<Scene, 'launch' | 'environment'>,
  { rollout, sources }: DeclaredShift,
  nowMs: number,
): Promise<History> {
  const place = { launch: launch.id, environment: environment.id, rollout: rollout.id };
  const shifts = await listShifts(store, place, { limit: mostShifts });
  const past = shifts.map(({ declared, candidateSha256, stands, state }) => ({
    rollout: declared.rollout,
    sources: declared.sources,
    candidateSha256,
    stands,
    reports: state.reports,
  }));
  return learnDispersions({ rollout, sources }, past, nowMs);
}

/**
 * Returns what two looks at the sources let one expect of each phase. `requestsPerSecond` takes the place of what was counted: at night there are fewer than the rollout
 * will have. Traffic that was not counted is none, and then every phase is refused.
 */
export function foreseeShift(
  rollout: Rollout,
  { measures, later }: Pick<DeclaredLook, 'measures' | 'later'>,
  { requestsPerSecond, history }: { requestsPerSecond: number | null; history: History },
): Foreseen {
  const counted = expectTraffic(rollout, measures, later ?? {});
  // What reaches a canary without weight is what a shadow compares; where none does, a dark phase sees nothing.
  const traffic = {
    requestsPerSecond: requestsPerSecond ?? counted.requestsPerSecond,
    base: counted.base,
    counted: counted.counted,
    shadowPerSecond: counted.shadowPerSecond,
    dispersions: knownDispersions(history),
  };
  const { visibilities, faults } = planVisibility(rollout, traffic);
  return {
    requestsPerSecond: traffic.requestsPerSecond,
    base: counted.base,
    dispersions: Object.entries(history).map(([measure, source]) => ({
      measure,
      dispersion: source.dispersion,
      text: explainDispersion(source),
    })),
    visibilities,
    faults: faults.map(
      ({ phase, measure, expected, got, hint }) =>
        `phase ${phase}, measure ${measure}: expected ${expected}, got ${got}; ${hint}`,
    ),
  };
}
