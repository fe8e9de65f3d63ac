import type { Bound, MetricDefinition } from './metric-definitions.ts';
import type { Reading } from './reading.ts';

export type MetricVerdict = 'ok' | 'warn' | 'alert' | 'unknown';

/** Whether a metric is well: `ok` within its target, `alert` beyond its alert, `warn` between the two, `unknown` where it was not read. */
export function judgeMetric(
  { target, alert }: Pick<MetricDefinition, 'target' | 'alert'>,
  reading: Reading,
): MetricVerdict {
  if (reading.state === 'unknown' || Number.isNaN(reading.value)) return 'unknown';
  if (holds(alert, reading.value)) return 'alert';
  return holds(target, reading.value) ? 'ok' : 'warn';
}

function holds({ is, value }: Bound, got: number): boolean {
  if (is === '<') return got < value;
  return is === '>' ? got > value : got >= value;
}
