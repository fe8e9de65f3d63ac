import { judgeHealth, overallHealth } from '../../core/metric/judge-health.ts';
import type { ComponentHealth, HealthFacts, HealthState } from '../../core/metric/judge-health.ts';
import { judgeAlerts } from '../../core/metric/alert-rules.ts';
import type { AlertJudgement } from '../../core/metric/alert-rules.ts';
import { judgeMetric } from '../../core/metric/judge-metric.ts';
import type { MetricVerdict } from '../../core/metric/judge-metric.ts';
import { metricDefinitions, metricIds } from '../../core/metric/metric-definitions.ts';
import type { MetricId } from '../../core/metric/metric-definitions.ts';
import type { Reading } from '../../core/metric/reading.ts';
import { readSilences, readStillstand } from '../../store/metric.ts';
import type { Store } from '../../store/open-store.ts';
import type { QueueHealth } from '../delivery.ts';
import { attempt } from './collect.ts';
import { collectMetrics, measureAnswer } from './collect-metrics.ts';
import type { MetricSources } from './collect-metrics.ts';
import { noQueues, readQueues } from './read-queues.ts';

/** A metric as it was read and judged. */
export interface JudgedMetric {
  id: MetricId;
  reading: Reading;
  verdict: MetricVerdict;
}

/** How an installation is. */
export interface Health {
  state: HealthState;
  components: ComponentHealth[];
  metrics: JudgedMetric[];
  alerts: AlertJudgement[];
}

/** Reads and judges everything once. What cannot be read is unknown with the reason. Never throws. */
export async function readHealth(sources: MetricSources): Promise<Health> {
  const { store } = sources;
  const { metrics: readings, alerts } = await collectMetrics(sources);
  const metrics = metricIds.map((id): JudgedMetric => {
    const reading = readings[id];
    return { id, reading, verdict: judgeMetric(metricDefinitions[id], reading) };
  });
  const connections = metrics.find(({ id }) => id === 'database-connections')!.verdict;
  const [database, engine, queue, workers] = await Promise.all([
    attempt(async () => ({ ...(await measureAnswer(store)), connections })),
    attempt(() => readStillstand(store)),
    attempt(() => readQueueFacts(store)),
    attempt(async () => ({ silentMs: await readSilences(store, 3_600_000) })),
  ]);
  const components = judgeHealth({ database, engine, queue, workers, metrics: readings });
  return { state: overallHealth(components), components, metrics, alerts: judgeAlerts(alerts) };
}

async function readQueueFacts(store: Store): Promise<Extract<HealthFacts['queue'], { state: 'known' }>['facts']> {
  const queues = await readQueues(store);
  if (queues === null) throw new Error(noQueues);
  const total = (pick: (queue: QueueHealth) => number): number => queues.reduce((sum, queue) => sum + pick(queue), 0);
  const oldest = queues.flatMap(({ oldestSeconds }) => (oldestSeconds === null ? [] : [oldestSeconds * 1_000]));
  return {
    waiting: total(({ waiting }) => waiting),
    oldestMs: oldest.length === 0 ? null : Math.max(...oldest),
    dead: total(({ dead }) => dead),
    silent: total(({ stuck }) => stuck),
  };
}
