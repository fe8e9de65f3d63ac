import type { JsonObject } from '@tminus/verify';
import { z } from 'zod';

import { Unreadable } from '../unreadable.ts';

/** The source `probes.json`: every request of a probe, as the observer measured it. */
export const probesSchema = z.strictObject({
  /** RFC 3339 UTC, when the first request was sent. */
  from: z.iso.datetime(),
  /** Of each request: milliseconds after `from`, milliseconds that it took, and its status or the trouble that it ended in. */
  asked: z
    .array(z.tuple([z.number().nonnegative(), z.number().nonnegative(), z.union([z.int(), z.string().max(60)])]))
    .min(1)
    .max(100_000),
});

export type Probes = z.output<typeof probesSchema>;

/** How long and how often a probe asks, in milliseconds. */
export interface ProbeWish {
  for: number;
  every: number;
}

/** What may lie between two requests beyond the wish, before nobody knows what was in between. */
const mostGapMs = 2_000;

/**
 * Returns what a probe saw, added up from its requests. Failed is what had no answer, or one that says so itself (4xx, 5xx). Throws `Unreadable` where it did not ask all
 * the time: an outage may lie in any gap.
 */
export function toProbeFacts({ from, asked }: Probes, wish: ProbeWish): JsonObject {
  const endMs = assertWhole(asked, wish);
  const failures: { [what: string]: number } = {};
  let [failed, longestMs, outageMs, brokenSinceMs] = [0, 0, 0, Number.NaN];
  for (const [atMs, tookMs, end] of asked) {
    longestMs = Math.max(longestMs, tookMs);
    if (isAnswer(end)) brokenSinceMs = Number.NaN;
    else {
      failed += 1;
      failures[String(end)] = (failures[String(end)] ?? 0) + 1;
      if (Number.isNaN(brokenSinceMs)) brokenSinceMs = atMs;
      outageMs = Math.max(outageMs, atMs + tookMs - brokenSinceMs);
    }
  }
  const until = new Date(Date.parse(from) + endMs).toISOString();
  return { sent: asked.length, failed, share: failed / asked.length, longestMs, outageMs, from, until, failures };
}

function isAnswer(end: number | string): boolean {
  return typeof end === 'number' && end < 400;
}

/** Returns when the last request had ended. */
function assertWhole(asked: Probes['asked'], wish: ProbeWish): number {
  let endMs = 0;
  for (const [atMs, tookMs] of asked) {
    const gapMs = Math.round(atMs - endMs);
    if (gapMs > wish.every + mostGapMs)
      throw new Unreadable('partial', `expected a request every ${wish.every} ms, got none for ${gapMs} ms`);
    if (atMs < endMs) throw new Unreadable('malformed', 'probes.json: expected one request after the other');
    endMs = atMs + tookMs;
  }
  if (endMs + wish.every + mostGapMs < wish.for)
    throw new Unreadable('partial', `expected requests for ${wish.for} ms, got them for ${Math.round(endMs)} ms`);
  return endMs;
}
