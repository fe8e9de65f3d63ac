import { familyName } from '../../core/metric/family-name.ts';
import { metricDefinitions } from '../../core/metric/metric-definitions.ts';
import type { MetricFamily } from '../../core/metric/render-exposition.ts';
import type { Statistics } from './read-statistics.ts';
import type { Health, JudgedMetric } from './read-health.ts';

type Sample = MetricFamily['samples'][number];

const verdicts = ['ok', 'warn', 'alert', 'unknown'] as const;
const states = ['healthy', 'degraded', 'unhealthy', 'unknown'] as const;

/** Everything that was read, as families for Prometheus. A metric that is unknown has no value there, only its state. */
export function toFamilies({ metrics, components }: Health, statistics: Statistics | null): MetricFamily[] {
  return [
    ...metrics.flatMap(toFamily),
    {
      name: 'tminus_metric_state',
      type: 'gauge',
      help: 'Whether a metric is ok, between target and alert, beyond its alert, or unknown.',
      samples: metrics.flatMap(({ id, verdict }) => ofState('metric', id, [verdicts, verdict])),
    },
    {
      name: 'tminus_metric_unread',
      type: 'gauge',
      help: 'Metrics without a figure, and why: nothing to count yet, it could not be read, or there is no such part here.',
      samples: metrics.flatMap(({ id, reading }): Sample[] =>
        reading.state === 'known' ? [] : [{ suffix: '', labels: { metric: id, why: reading.why }, value: 1 }],
      ),
    },
    {
      name: 'tminus_component_state',
      type: 'gauge',
      help: 'How each part of the installation is.',
      samples: components.flatMap(({ component, state }) => ofState('component', component, [states, state])),
    },
    ...(statistics === null ? [] : ofStatistics(statistics)),
  ];
}

/** One sample for each state there is, 1 for the one that it is in. */
function ofState(label: string, of: string, [all, is]: [readonly string[], string]): Sample[] {
  return all.map((state) => ({ suffix: '', labels: { [label]: of, state }, value: state === is ? 1 : 0 }));
}

function toFamily({ id, reading }: JudgedMetric): MetricFamily[] {
  if (reading.state === 'unknown') return [];
  const { unit, counts } = metricDefinitions[id];
  const value = unit === 'percent' ? reading.value / 100 : reading.value;
  return [{ name: familyName(id), type: 'gauge', help: counts, samples: [{ suffix: '', labels: {}, value }] }];
}

function ofStatistics({ runs, endedRuns, kinds }: Statistics): MetricFamily[] {
  return [
    {
      name: 'tminus_runs',
      type: 'gauge',
      help: 'Runs by mode and state.',
      samples: runs.map(({ mode, state, count }) => ({ suffix: '', labels: { mode, state }, value: count })),
    },
    {
      name: 'tminus_window_runs',
      type: 'gauge',
      help: 'Runs that ended within the window, by mode and state.',
      samples: endedRuns.map(({ mode, state, count }) => ({ suffix: '', labels: { mode, state }, value: count })),
    },
    {
      name: 'tminus_window_steps',
      type: 'gauge',
      help: 'Live machine steps that ended within the window, by kind, and whether they were done.',
      samples: kinds.flatMap(({ name: kind, ended, done }) => [
        { suffix: '', labels: { kind, outcome: 'done' }, value: done },
        { suffix: '', labels: { kind, outcome: 'other' }, value: ended - done },
      ]),
    },
    {
      // No sum and no count: those of a window fall, and whoever reads a summary takes them for counters.
      name: 'tminus_step_length_seconds',
      type: 'summary',
      help: 'Lengths of live machine steps that were done within the window, by kind.',
      samples: kinds.flatMap(({ name: kind, lengths }): Sample[] =>
        lengths === null
          ? []
          : (['0.5', '0.95', '0.99'] as const).map((quantile): Sample => {
              const value = { '0.5': lengths.p50, '0.95': lengths.p95, '0.99': lengths.p99 }[quantile] / 1_000;
              return { suffix: '', labels: { kind, quantile }, value };
            }),
      ),
    },
  ];
}
