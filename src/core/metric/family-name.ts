import { metricDefinitions } from './metric-definitions.ts';
import type { MetricId } from './metric-definitions.ts';

const endings = { percent: '_ratio', seconds: '_seconds', count: '' } as const;

/** Returns the name under which a metric is scraped: percentages as shares of 1, times in seconds. */
export function familyName(id: MetricId): string {
  return `tminus_${id.replaceAll('-', '_')}${endings[metricDefinitions[id].unit]}`;
}
