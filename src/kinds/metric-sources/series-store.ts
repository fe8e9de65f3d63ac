import { seriesKey } from './counter-series.ts';
import type { CounterSeries } from './counter-series.ts';
import type { Labels } from '../../core/rollout/selector.ts';

/** One count that was sent to a receiver. */
export interface ReceivedCount {
  name: string;
  labels: Labels;
  target: string;
  /** `more`: what is added. `all`: how much there is since the target began. */
  value: { more: number } | { all: number };
}

/** Counters of what was received, of bounded number. */
export interface SeriesStore {
  /** Returns whether it was kept; false where there are too many series already. */
  receive(count: ReceivedCount, atMs: number): boolean;
  /** Every series, with the time of its newest count. */
  list(): CounterSeries[];
  /** Counts that were refused or could not be read. While it rises, nobody knows what is missing. */
  lost: { count: number; last: string };
}

const mostSeries = 10_000;

/** Returns an empty store. */
export function createSeriesStore(): SeriesStore {
  const series = new Map<string, CounterSeries>();
  const lost = { count: 0, last: '' };
  return {
    lost,
    receive({ name, labels, target, value }, atMs) {
      const key = seriesKey(name, target, labels);
      const known = series.get(key);
      if (known === undefined && series.size >= mostSeries) {
        lost.count += 1;
        lost.last = `expected at most ${mostSeries} series, got ${name}`;
        return false;
      }
      const sum = 'all' in value ? value.all : (known?.value ?? 0) + value.more;
      series.set(key, { name, labels, target, value: sum, atMs });
      return true;
    },
    list: () => [...series.values()],
  };
}
