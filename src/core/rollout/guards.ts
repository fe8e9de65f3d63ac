import type { MeasureWatch } from './measure-watch.ts';
import type { ArmCounts } from './split.ts';

/** Requests after which a share of bad events is held against a cap. */
const leastForCap = 200;
/** How far the share of the canary may lie from what the router was told, relative to the smaller of both shares. */
const shareTolerance = 0.2;
/** Standard deviations of a fair split that are no news. */
const shareSigmas = 4;
/** Looks after which samples are old. */
const freshLooks = 3;

/** Whether a share of bad events is above the cap, as counted: null from fewer than 200 requests. */
export function isAboveCap({ total, bad }: ArmCounts, cap: number): boolean | null {
  return total < leastForCap ? null : bad / total > cap;
}

/** The share of requests that the canary really got in the newest looks, where it is not what the router was told: by a fifth or more, and by more than chance; null where nothing is wrong. */
export function shareMismatch(
  recent: MeasureWatch['recent'],
  weight: number,
  dispersion: number,
): { share: number; requests: number } | null {
  if (weight === 0) return null;
  const canary = recent.reduce((sum, look) => sum + look.canary, 0);
  const requests = recent.reduce((sum, look) => sum + look.canary + look.stable, 0);
  if (requests === 0) return null;
  const told = weight / 100;
  const share = canary / requests;
  // At 100 the stable arm may still end what it has.
  const allowed = shareTolerance * (told === 1 ? 1 : Math.min(told, 1 - told));
  const chance = shareSigmas * Math.sqrt((Math.max(told * (1 - told), 1 / requests) * dispersion) / requests);
  return Math.abs(share - told) > Math.max(allowed, chance) ? { share, requests } : null;
}

/** Why the newest samples of a watch are not of now; null where they are. */
export function stalenessOf(
  { newestMs, countedMs, sinceMs }: MeasureWatch,
  { nowMs, intervalMs, weight }: { nowMs: number; intervalMs: number; weight: number },
): string | null {
  const limitMs = freshLooks * intervalMs;
  for (const arm of weight === 100 ? (['canary'] as const) : (['canary', 'stable'] as const)) {
    const atMs = newestMs[arm];
    if (atMs === null) return `${arm} arm: expected a sample, got none`;
    const ageMs = nowMs - atMs;
    if (ageMs >= limitMs || ageMs <= -limitMs)
      return `${arm} arm: expected samples younger than ${limitMs / 1_000} s, got ${Math.round(ageMs / 1_000)} s`;
  }
  const quietMs = sinceMs === null ? 0 : nowMs - (countedMs ?? sinceMs);
  return quietMs >= limitMs ? `canary arm: expected requests, got none for ${Math.round(quietMs / 1_000)} s` : null;
}
