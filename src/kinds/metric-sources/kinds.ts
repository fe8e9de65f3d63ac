import type { MetricSourceKind } from '../../core/rollout/metric-source-kind.ts';
import { haproxyStatsSource } from './haproxy-stats/kind.ts';
import { metricsTextSource } from './metrics-text/kind.ts';
import { otlpSource } from './otlp/kind.ts';
import { prometheusSource } from './prometheus/kind.ts';
import { shadowSource } from './shadow/kind.ts';
import { sqlSource } from './sql/kind.ts';
import { statsdSource } from './statsd/kind.ts';

/** Every kind of metric source. A kind adds one line here. */
export const metricSourceKinds: readonly MetricSourceKind[] = [
  haproxyStatsSource,
  metricsTextSource,
  otlpSource,
  prometheusSource,
  shadowSource,
  sqlSource,
  statsdSource,
];
