import type { Baseline, StratumBaseline } from './measure-watch.ts';
import type { Split } from './split.ts';

/** What the counters rose by between two looks. */
export interface Differences {
  splits: Split[];
  /** Strata that were left out because a counter of theirs fell. */
  resets: number;
  baselines: StratumBaseline[];
}

/**
 * Returns what both arms counted since the last look, by stratum. A stratum is left out for this look where a counter fell (it was reset, and what came before is
 * lost), where more bad events than requests came, or where the last look is too long ago. An arm that is not named keeps its last counters, so that both arms
 * are always counted over the same span; without a stable arm the canary is counted alone where `alone` says so.
 */
export function takeDifferences(
  before: readonly StratumBaseline[],
  now: readonly StratumBaseline[],
  { longestMs, alone }: { longestMs: number; alone: boolean },
): Differences {
  const known = new Map(before.map((baseline) => [baseline.stratum, baseline]));
  const splits: Split[] = [];
  let resets = 0;
  for (const next of now) {
    const last = known.get(next.stratum);
    const split = last === undefined ? null : splitOf(last, next, { longestMs, alone });
    if (split === 'reset') resets += 1;
    else if (split !== null) splits.push(split);
    if (split !== null || !isWhole(last, alone)) known.set(next.stratum, next);
  }
  return { splits, resets, baselines: [...known.values()] };
}

/** Whether counters are there from which the next look can be told. */
function isWhole(last: StratumBaseline | undefined, alone: boolean): boolean {
  return last !== undefined && last.canary !== null && (alone || last.stable !== null);
}

/** Null where the look says nothing new of both arms. */
function splitOf(
  last: StratumBaseline,
  next: StratumBaseline,
  { longestMs, alone }: { longestMs: number; alone: boolean },
): Split | 'reset' | null {
  const canary = rise(last.canary, next.canary, longestMs);
  const stable = rise(last.stable, next.stable, longestMs) ?? (alone ? { total: 0, bad: 0 } : null);
  if (canary === 'reset' || stable === 'reset') return 'reset';
  return canary === null || stable === null ? null : { stable, canary };
}

function rise(last: Baseline | null, next: Baseline | null, longestMs: number): Split['stable'] | 'reset' | null {
  if (last === null || next === null || next.atMs === last.atMs) return null;
  const total = next.total - last.total;
  const bad = next.bad - last.bad;
  const isApart = next.atMs < last.atMs || next.atMs - last.atMs > longestMs;
  return isApart || total < 0 || bad < 0 || bad > total ? 'reset' : { total, bad };
}
