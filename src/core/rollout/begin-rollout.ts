import type { Rollout } from './rollout.ts';
import type { RolloutState, RouterWatch } from './rollout-state.ts';

/** Returns a rollout before its first phase. Nothing is moved by this: the first look that nothing bars begins it. */
export function beginRollout(
  rollout: Rollout,
  begun: Pick<RolloutState, 'candidateSha256' | 'dispersions' | 'nowMs' | 'history'>,
): RolloutState {
  const { nowMs, history = {} } = begun;
  return {
    rollout,
    candidateSha256: begun.candidateSha256,
    dispersions: begun.dispersions,
    history,
    stands: 'waiting',
    phase: -1,
    nowMs,
    weight: { asked: 0, before: 0, askedAtMs: nowMs, againAtMs: nowMs, asks: 0 },
    phaseSinceMs: null,
    deadlineMs: null,
    routers: rollout.routers.map(unread),
    watches: [],
    verdicts: [],
    judgedAtMs: null,
    differences: null,
    hold: null,
    bars: [],
    notes: [],
    exposed: { requests: 0, exact: null },
    phaseExposed: { requests: 0, exact: null },
    drifts: 0,
    blindSinceMs: null,
    seen: null,
    // Until somebody looked, going back by itself is not known to be harmless.
    returnPoint: 'unknown',
    outcome: null,
    reports: [],
    actions: 0,
  };
}

function unread(router: string): RouterWatch {
  return { router, weight: null, troubles: 0, detail: '', canaryRequests: null, deadLooks: 0, stableDead: false };
}
