import type { Metric } from '../launch/launch.ts';
import { readMetricBound } from './read-metric-bound.ts';
import type { MetricBound } from './read-metric-bound.ts';
import { showsWords } from './boards.ts';
import type { Shows } from './boards.ts';

/** A metric of a launch with a query, ready to be drawn and judged. */
export interface DeclaredMetric {
  id: string;
  title: string;
  shows: Shows;
  /** PromQL that gives one number or one for each line: a share of 1 where the bounds are percentages, seconds where they are times. */
  query: string;
  target: MetricBound | null;
  alert: MetricBound | null;
  /** How long it is beyond its alert before anybody is told, such as `5m`. */
  holdsFor: string;
  /** PromQL that gives something where nobody measures it. */
  silent: string;
}

/** Metrics that can be drawn, and why others cannot. */
export interface DeclaredMetrics {
  metrics: DeclaredMetric[];
  leftOut: { id: string; reason: string }[];
}

/** Returns the metrics of a launch that have a query; a table row has none, and is left out with that reason. */
export function listDeclaredMetrics(declared: readonly Metric[]): DeclaredMetrics {
  const all: DeclaredMetrics = { metrics: [], leftOut: [] };
  for (const metric of declared) {
    const read = toDeclared(metric);
    if (typeof read === 'string') all.leftOut.push({ id: metric.id, reason: read });
    else all.metrics.push(read);
  }
  return all;
}

function toDeclared({ id, title, target, alert, source }: Metric): DeclaredMetric | string {
  const [query, shows, holdsFor = '5m'] = [source?.['query'], source?.['shows'], source?.['for']];
  if (typeof query !== 'string' || query.trim() === '')
    return 'it has no query: declare it as a yaml metric with query';
  if (typeof shows !== 'string' || !showsWords.includes(shows))
    return `shows: expected one of ${showsWords.join(', ')}, got ${typeof shows === 'string' ? shows : 'none'}`;
  if (typeof holdsFor !== 'string' || !/^\d+[smhd]$/.test(holdsFor))
    return `for: expected a time such as 5m, got ${JSON.stringify(holdsFor)}`;
  const bounds = [target, alert].map((text) => (text === null ? null : readMetricBound(text)));
  const wrong = [target, alert].find((text, index) => text !== null && bounds[index] === null);
  if (wrong !== undefined) return `expected a bound such as < 5%, got ${wrong}`;
  const asked = { query: query.trim(), silent: `absent(${query.trim()})` };
  return { id, title, shows: shows as Shows, ...asked, target: bounds[0]!, alert: bounds[1]!, holdsFor };
}
