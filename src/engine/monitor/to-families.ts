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
  const ending = { percent: '_ratio', seconds: '_seconds', count: '' }[unit];
  const value = unit === 'percent' ? reading.value / 100 : reading.value;
  const name = `tminus_${id.replaceAll('-', '_')}${ending}`;
  return [{ name, type: 'gauge', help: counts, samples: [{ suffix: '', labels: {}, value }] }];
}

function ofStatistics({ runs, kinds }: Statistics): MetricFamily[] {
  return [
    {
      name: 'tminus_runs',
      type: 'gauge',
      help: 'Runs by mode and state.',
      samples: runs.map(({ mode, state, count }) => ({ suffix: '', labels: { mode, state }, value: count })),
    },
    {
      name: 'tminus_step_length_seconds',
      type: 'summary',
      help: 'Lengths of live machine steps that were done, by kind.',
      samples: kinds.flatMap(({ name: kind, lengths }): Sample[] =>
        lengths === null
          ? []
          : [
              ...(['0.5', '0.95', '0.99'] as const).map((quantile): Sample => {
                const value = { '0.5': lengths.p50, '0.95': lengths.p95, '0.99': lengths.p99 }[quantile] / 1_000;
                return { suffix: '', labels: { kind, quantile }, value };
              }),
              { suffix: '_sum', labels: { kind }, value: lengths.sum / 1_000 },
              { suffix: '_count', labels: { kind }, value: lengths.count },
            ],
      ),
    },
  ];
}
