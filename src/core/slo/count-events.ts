/** One counter over time. */
export interface SeriesHistory {
  /** What counts it. */
  target: string;
  /** In order of time. */
  points: readonly { atMs: number; value: number }[];
}

/** Counters of an objective over time. */
export interface CounterHistory {
  askedAtMs: number;
  /** When the stalest counter of all events was sampled last. */
  sampledAtMs: number;
  total: readonly SeriesHistory[];
  bad: readonly SeriesHistory[];
  /** Counters of good events, where those are counted: the others are bad. */
  good?: readonly SeriesHistory[];
  /** Whether the counters of bad events exist, though none of them may have counted yet. A name that nobody knows looks like no errors. */
  isBadKnown: boolean;
}

export interface EventCount {
  total: number;
  bad: number;
}

/** Returns how many events there were in the last `windowMs`, from raw counters: what fell began again at 0, and what is new of a target that was there, too. */
export function countEvents(history: CounterHistory, windowMs: number): EventCount {
  const fromMs = history.askedAtMs - windowMs;
  const began = new Map<string, number>();
  for (const { target, points } of [...history.total, ...history.bad, ...(history.good ?? [])])
    began.set(target, Math.min(began.get(target) ?? Infinity, points[0]?.atMs ?? Infinity));
  const sum = (all: readonly SeriesHistory[]): number =>
    all.reduce((rises, one) => rises + riseOf(one, fromMs, began.get(one.target) ?? Infinity), 0);
  const total = sum(history.total);
  return { total, bad: history.good === undefined ? sum(history.bad) : total - sum(history.good) };
}

function riseOf({ points }: SeriesHistory, fromMs: number, targetBeganMs: number): number {
  let rise = 0;
  let last = (points[0]?.atMs ?? Infinity) > targetBeganMs ? 0 : null;
  for (const { atMs, value } of points) {
    if (last !== null && atMs > fromMs) rise += value < last ? value : value - last;
    last = value;
  }
  return rise;
}
