import type { MetricSession } from '../../core/rollout/metric-source-kind.ts';
import type { ArmSeries, CounterSeries } from './counter-series.ts';
import { pickSeries, selectorsOf } from './measure-selectors.ts';
import type { SeriesStore } from './series-store.ts';
import type { MeasureMeter } from './to-measure-reading.ts';

/**
 * Returns the reading half of a receiver. An arm is as fresh as the newest count of its total: a counter that nothing happened to is sent by nobody. Counts
 * that were refused since the last look make this one say nothing, and the next begin at 0: what is missing may be the errors.
 */
export function readStore({
  store,
  meter,
  now,
  isSilentWhenIdle,
}: {
  store: SeriesStore;
  meter: MeasureMeter;
  now: () => number;
  /** True where a counter that nothing happened to is sent by nobody: then a stable arm that says nothing more has no requests, as in the last phase. */
  isSilentWhenIdle: boolean;
}): MetricSession['read'] {
  const lostBefore = new Map<string, number>();
  return async (measure) => {
    const lost = store.lost.count - (lostBefore.get(measure.id) ?? 0);
    lostBefore.set(measure.id, store.lost.count);
    if (lost > 0) {
      meter.forget(measure);
      return { state: 'error', reason: `${lost} counts that came could not be taken, the last: ${store.lost.last}` };
    }
    const series = store.list();
    const { stable, canary } = pickSeries(selectorsOf(measure), { stable: series, canary: series });
    const newest = newestOf(isSilentWhenIdle ? canary : stable);
    const arms = { stable: stampAt(stable, newest), canary: stampAt(canary, newestOf(canary)) };
    return meter.take(measure, { askedAtMs: now(), arms });
  };
}

function newestOf({ total }: ArmSeries): number {
  return Math.max(...total.map(({ atMs }) => atMs));
}

function stampAt({ total, bad }: ArmSeries, atMs: number): ArmSeries {
  const stamp = (series: readonly CounterSeries[]): CounterSeries[] => series.map((one) => ({ ...one, atMs }));
  return { total: stamp(total), bad: stamp(bad) };
}
