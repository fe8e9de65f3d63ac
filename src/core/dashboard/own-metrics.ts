import { familyName } from '../metric/family-name.ts';
import { metricDefinitions } from '../metric/metric-definitions.ts';
import type { Bound, MetricId } from '../metric/metric-definitions.ts';
import type { Shows } from './boards.ts';
import type { DeclaredMetric } from './declared-metric.ts';
import type { MetricBound } from './read-metric-bound.ts';

/** Name of the job by which a Prometheus scrapes an installation. */
export const ownJob = 'tminus';

const open = 'approved|queued|running|held|waiting_human|outcome_unknown|stopping|undoing';

/** What an installation shows of itself, with the target and alert of O31 wherever it has one. */
export const ownMetrics: readonly DeclaredMetric[] = [
  drawn('volume', 'Runs that ended', 'sum(tminus_window_runs{mode="live"}) or 0 * sum(tminus_window_seconds)'),
  judged('success', 'success'),
  judged('sla', 'sla'),
  judged('errors', 'error'),
  drawn('active', 'Runs under way', `sum(tminus_runs{mode="live",state=~"${open}"}) or 0 * sum(tminus_window_seconds)`),
  judged('queue', 'queue-depth'),
  judged('workers', 'workers'),
  judged('db-pool', 'database-connections'),
  judged('dlq', 'dead-letters'),
  judged('duration', 'p95-length'),
  judged('retries', 'retries'),
  drawn('throughput', 'Steps a second', 'sum(tminus_window_steps) / scalar(max(tminus_window_seconds))'),
  judged('step-time', 'average-length'),
  judged('queue-time', 'queue-time'),
  drawn('db-time', 'Answer of the database', 'tminus_database_answer_seconds', 'seconds'),
  drawn(
    'service-latency',
    'Answers of the API, P95',
    'histogram_quantile(0.95, sum by (le) (rate(tminus_api_answer_seconds_bucket[5m])))',
    'seconds',
  ),
  drawn('locks', 'Assets held and waited for', 'tminus_asset_locks'),
  judged('memory', 'memory'),
  judged('cpu', 'cpu'),
  // Two misses of a scrape each minute (C21): the second comes after sixty seconds, and the third is not waited for.
  pulse('liveness', 'Tminus answers', { query: `up{job="${ownJob}"}`, holdsFor: '90s' }),
  // One miss, and nothing in the first 90 seconds of a process, in which it opens its store (C21).
  pulse('readiness', 'Tminus can do its work', {
    query:
      'tminus_ready unless on (instance) (tminus_ready == 0 and on (instance) time() - process_start_time_seconds < 90)',
    holdsFor: '0s',
    silent: 'absent(tminus_ready)',
  }),
];

function judged(shows: Shows, id: MetricId): DeclaredMetric {
  const { title, target, alert } = metricDefinitions[id];
  const query = familyName(id);
  return {
    id,
    title,
    shows,
    query,
    target: toBound(id, target),
    alert: toBound(id, alert),
    holdsFor: '5m',
    // Where nothing ran there is nothing to count, which is no fault; what is not even tried to be read, or failed, is.
    silent: `absent(tminus_metric_state{metric="${id}"}) or tminus_metric_unread{metric="${id}",why="failed"} == 1`,
  };
}

function drawn(shows: Shows, title: string, query: string, unit: 'seconds' | 'number' = 'number'): DeclaredMetric {
  const target = unit === 'seconds' ? ({ is: '<', value: 1, unit } as const) : null;
  return { id: shows, title, shows, query, target, alert: null, holdsFor: '5m', silent: `absent(${query})` };
}

function pulse(
  shows: Shows,
  title: string,
  { query, holdsFor, silent }: { query: string; holdsFor: string; silent?: string },
): DeclaredMetric {
  const rest = { target: one('>='), alert: one('<'), holdsFor, silent: silent ?? `absent(${query})` };
  return { id: shows, title, shows, query, ...rest };
}

function one(is: MetricBound['is']): MetricBound {
  return { is, value: 1, unit: 'number' };
}

function toBound(id: MetricId, { is, value }: Bound): MetricBound {
  const { unit } = metricDefinitions[id];
  if (unit === 'percent') return { is, value: Number((value / 100).toPrecision(12)), unit: 'share' };
  return { is, value, unit: unit === 'seconds' ? 'seconds' : 'number' };
}
