import type { Arm } from './rollout.ts';

/** Requests that both arms had between two readings of counters. */
export interface ShareWindow {
  before: { readonly [arm in Arm]: number };
  after: { readonly [arm in Arm]: number };
  /** Percent that the router said that it sends to the canary in that time. */
  weight: number;
  /** Requests of one draw: 1 where each request is split for itself, the mean requests of a user where users are. */
  perDraw: number;
}

/** What the counters say of a weight. Only `agrees` does. */
export type ShareVerdict =
  | { state: 'agrees' | 'differs'; share: number; low: number; high: number; requests: number }
  | { state: 'unknown'; reason: 'few' | 'reset' | 'unreadable'; requests: number };

/** How many standard deviations of a fair split are believed. */
const sigmas = 3;
/** A split is judged from this variance of its count on: with less, three sigma hold nearly any split. */
const leastVariance = 9;
/** Requests after which an arm that should have all of them, or none, is judged. */
const leastRequests = 100;

/**
 * Returns whether the share of requests that the canary had lies within three sigma of the weight (binomial). `low`, `high` and `share` are percent. At 0 and 100 no
 * request may go astray. Few requests, and counters that fell, are unknown: a router that says 5 and sends 50 has to be found by requests, not by its word.
 */
export function judgeShare({ before, after, weight, perDraw }: ShareWindow): ShareVerdict {
  const canary = after.canary - before.canary;
  const requests = canary + after.stable - before.stable;
  const numbers = [before.canary, before.stable, after.canary, after.stable, weight, perDraw];
  if (numbers.some((number) => !Number.isFinite(number) || number < 0) || weight > 100 || perDraw < 1)
    return { state: 'unknown', reason: 'unreadable', requests: 0 };
  if (canary < 0 || after.stable < before.stable) return { state: 'unknown', reason: 'reset', requests: 0 };
  const part = weight / 100;
  const variance = (requests / perDraw) * part * (1 - part);
  const isEnough = part === 0 || part === 1 ? requests >= leastRequests : variance >= leastVariance;
  if (!isEnough) return { state: 'unknown', reason: 'few', requests };
  const reach = (100 * sigmas * Math.sqrt(variance) * perDraw) / requests;
  const [low, high] = [Math.max(0, weight - reach), Math.min(100, weight + reach)];
  const share = (100 * canary) / requests;
  return { state: share >= low && share <= high ? 'agrees' : 'differs', share, low, high, requests };
}

/** Returns how many requests, at least, have to be counted before a share of this weight is judged. */
export function requestsToJudge(weight: number, perDraw = 1): number {
  const part = weight / 100;
  return part === 0 || part === 1 ? leastRequests : Math.ceil((leastVariance * perDraw) / (part * (1 - part)));
}
