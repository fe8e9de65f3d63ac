import type { RolloutState } from './rollout-state.ts';

/** While a weight is not read back yet, it is looked at again so soon. */
const movingMs = 500;
/** Part of an interval after which suspicion is looked at again. */
const suspectShare = 0.75;

/**
 * Returns how long after a look the next one is due. Where the evidence against a canary is there and only the separate looks are missing that a FAIL takes, it comes
 * sooner: they need not lie a whole interval apart. That the evidence may be looked at at any time follows from what it is (an e-process), not from the spacing.
 */
export function nextLookIn({
  stands,
  rollout,
  verdicts,
  hold,
  routers,
  weight,
}: Pick<RolloutState, 'stands' | 'rollout' | 'verdicts' | 'hold' | 'routers' | 'weight'>): number {
  const { intervalMs } = rollout;
  // Whoever goes back step by step waits until every router says so.
  if (
    hold?.cause === 'lowered' &&
    routers.some((one) => one.weight === null || Math.abs(one.weight - weight.asked) > 0.5)
  )
    return Math.min(movingMs, intervalMs);
  if (stands === 'moving' || stands === 'going-back' || stands === 'waiting') return Math.min(movingMs, intervalMs);
  const isSuspect = verdicts.some(
    ({ gating, verdict, logAgainst, limit }) => gating && verdict !== 'FAIL' && logAgainst >= Math.log(limit),
  );
  return isSuspect ? suspectIntervalMs(intervalMs) : intervalMs;
}

/** The time between two looks at a canary that is suspected. */
export function suspectIntervalMs(intervalMs: number): number {
  return Math.round(intervalMs * suspectShare);
}
