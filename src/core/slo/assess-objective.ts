import { countEvents } from './count-events.ts';
import type { CounterHistory, EventCount } from './count-events.ts';
import { burnPairs, levelOf } from './objective.ts';
import type { BudgetLevel, BurnPair, Objective } from './objective.ts';

/** Burn rate of a pair: in its two windows, and whether both are beyond its factor. */
export interface PairAssessment {
  pair: BurnPair;
  long: number;
  short: number;
  isBurning: boolean;
}

/** How an objective stands, or why nobody can tell. What is not known blocks: silence looks like no errors. */
export type ObjectiveAssessment =
  | {
      state: 'known';
      /** Over the window of the objective, as far back as there are counts. */
      counted: EventCount;
      /** Share of the budget that is left; below 0 where more than all of it is used. */
      left: number;
      level: BudgetLevel;
      pairs: PairAssessment[];
      /** Since when there are counts, within the window. */
      sinceMs: number;
    }
  | { state: 'unknown'; reason: string };

/** Less history than the slow pair looks at tells of no trend. */
const leastHistoryMs = 6 * 3_600_000;
/** Share of all events by which good ones may exceed them, where a counter began again between two steps. */
const mostBeyond = 0.001;
const oldestSampleMs = 5 * 60_000;

/** Returns how an objective stands by its counters. Pure: the same history gives the same answer. */
export function assessObjective(
  { goal, windowMs }: Pick<Objective, 'goal' | 'windowMs'>,
  history: CounterHistory,
): ObjectiveAssessment {
  const { askedAtMs } = history;
  const first = Math.min(...history.total.map(({ points }) => points[0]?.atMs ?? Infinity));
  if (!Number.isFinite(first)) return unknown('nothing counts the events; a mistyped name looks the same');
  if (!history.isBadKnown)
    return unknown(
      history.good === undefined
        ? 'nothing counts the bad events; let their counter begin at 0, or correct the name'
        : 'nothing counts the good events; correct the name, or name a limit that the histogram has',
    );
  const ageMs = askedAtMs - history.sampledAtMs;
  if (!(ageMs <= oldestSampleMs))
    return unknown(
      `the newest sample is ${Math.round(ageMs / 1000)} s old, expected at most ${oldestSampleMs / 1000} s`,
    );
  const covered = askedAtMs - first;
  const wanted = Math.min(leastHistoryMs, windowMs);
  if (covered < wanted * 0.98)
    return unknown(
      `there are counts of ${Math.round(covered / 60_000)} min, expected at least ${Math.round(wanted / 60_000)} min`,
    );
  const counted = countEvents(history, windowMs);
  if (counted.total === 0) return unknown('there was no event in the window');
  // Counters of one histogram are read at once; what exceeds them is another one, and would hide every bad event.
  if (counted.bad < -Math.max(1, counted.total * mostBeyond))
    return unknown('there are more good events than events: good counts something else than total');
  const left = leftOf(counted, goal);
  const pairs = burnPairs.map((pair) => assessPair(pair, history, goal));
  return {
    state: 'known',
    counted: { ...counted, bad: Math.max(0, counted.bad) },
    left,
    level: levelOf(left),
    pairs,
    sinceMs: Math.max(first, askedAtMs - windowMs),
  };
}

function unknown(reason: string): ObjectiveAssessment {
  return { state: 'unknown', reason };
}

/** Of an objective of 100 % nothing may be bad: one event and the budget is overdrawn. */
function leftOf({ total, bad: found }: EventCount, goal: number): number {
  const bad = Math.max(0, found);
  if (goal === 1) return bad === 0 ? 1 : -bad;
  return 1 - bad / total / (1 - goal);
}

function assessPair(pair: BurnPair, history: CounterHistory, goal: number): PairAssessment {
  const [long, short] = [pair.longMs, pair.shortMs].map((ms) => burnOf(countEvents(history, ms), goal));
  return { pair, long: long!, short: short!, isBurning: long! > pair.factor && short! > pair.factor };
}

/** Where nothing came, nothing burns. Capped, since JSON has no infinity. */
function burnOf({ total, bad }: EventCount, goal: number): number {
  if (total === 0 || bad <= 0) return 0;
  return Math.min(1e9, bad / total / Math.max(1 - goal, 1e-9));
}
