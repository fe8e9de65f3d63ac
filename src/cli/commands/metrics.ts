import { ProductError } from '../../core/error/product-error.ts';
import { metricDefinitions } from '../../core/metric/metric-definitions.ts';
import type { Bound, MetricDefinition } from '../../core/metric/metric-definitions.ts';
import { renderExposition } from '../../core/metric/render-exposition.ts';
import type { StepGroup } from '../../core/metric/run-statistics.ts';
import type { Summary } from '../../core/metric/summarize.ts';
import { attempt } from '../../engine/monitor/collect.ts';
import { openProcessorMeter } from '../../engine/monitor/measure-machine.ts';
import { readHealth } from '../../engine/monitor/read-health.ts';
import type { Health, JudgedMetric } from '../../engine/monitor/read-health.ts';
import { readStatistics } from '../../engine/monitor/read-statistics.ts';
import type { Statistics } from '../../engine/monitor/read-statistics.ts';
import { toFamilies } from '../../engine/monitor/to-families.ts';
import type { CommandResult } from '../command-result.ts';
import { formatDuration } from '../format-duration.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readLength } from '../read-length.ts';
import type { Shell } from '../shell.ts';
import type { Palette } from '../terminal.ts';
import { openStoreOf } from '../with-session.ts';

export interface MetricsOptions extends GlobalOptions {
  format?: string;
  within?: string;
}

/** Shows every metric with its target, how each part of the installation is, and what steps came to. What could not be read is unknown, never zero. */
export async function metrics(shell: Shell, options: MetricsOptions): Promise<CommandResult> {
  const { format = 'text', within = '1h' } = options;
  const withinMs = readLength('--within', within);
  if (format !== 'text' && format !== 'prometheus' && format !== 'openmetrics')
    throw new ProductError('usage', `--format: expected text, prometheus or openmetrics, got ${format}`, {
      hint: 'leave it out for text',
    });
  const processors = openProcessorMeter();
  const store = await openStoreOf(shell, options);
  try {
    const health = await readHealth({ store, processors, withinMs });
    const read = await attempt(() => readStatistics(store, withinMs));
    const statistics = read.state === 'known' ? read.facts : null;
    const text =
      format === 'text'
        ? render(health, statistics, shell.terminal.palette)
        : renderExposition(toFamilies(health, statistics), format);
    return { exit: 0, json: { withinMs, ...health, statistics }, text };
  } finally {
    await store.close();
  }
}

function render(health: Health, statistics: Statistics | null, palette: Palette): string {
  const { bold } = palette;
  return [
    bold(health.state),
    ...health.components.map(
      ({ component, state, why }) => `  ${paint(state, palette)(state.padEnd(10))} ${component.padEnd(10)} ${why}`,
    ),
    '',
    ...health.metrics.map((metric) => renderMetric(metric, palette)),
    ...(statistics === null ? ['', 'runs and steps: unknown'] : renderStatistics(statistics, palette)),
    '',
  ].join('\n');
}

function renderMetric({ id, reading, verdict }: JudgedMetric, palette: Palette): string {
  const { title, unit, target, alert } = metricDefinitions[id];
  const value = reading.state === 'known' ? toFigure(reading.value, unit) : 'unknown';
  const why = reading.state === 'known' ? reading.from : reading.reason.split('\n')[0];
  const bounds = `${toBound(target, unit)}, alert ${toBound(alert, unit)}`;
  return `  ${paint(verdict, palette)(verdict.padEnd(8))} ${title.padEnd(26)} ${value.padStart(10)}  ${palette.dim(`${bounds.padEnd(26)} ${why}`)}`;
}

function renderStatistics({ runs, runLengths, queueTimes, kinds, classes }: Statistics, { bold }: Palette): string[] {
  const counts = runs.map(({ mode, state, count }) => `${count} ${mode} ${state.replaceAll('_', ' ')}`).join(', ');
  return [
    '',
    `runs       ${counts === '' ? 'none' : counts}`,
    `run length ${toLengths(runLengths)}`,
    `queue time ${toLengths(queueTimes)}`,
    ...[...kinds.map((group) => ['kind', group] as const), ...classes.map((group) => ['class', group] as const)].map(
      ([what, group]) => `  ${what.padEnd(5)} ${bold(group.name.padEnd(14))} ${toGroup(group)}`,
    ),
  ];
}

function toGroup({ ended, done, successPercent, slaPercent, lengths }: StepGroup): string {
  return `${done} of ${ended} done, success ${toShare(successPercent)}, within class ${toShare(slaPercent)}, ${toLengths(lengths)}`;
}

function toShare(percent: number | null): string {
  return percent === null ? 'unknown' : `${percent.toFixed(1)} %`;
}

function toLengths(summary: Summary | null): string {
  if (summary === null) return 'nothing to count';
  const figures = (['average', 'min', 'max', 'p50', 'p95', 'p99'] as const).map(
    (name) => `${name} ${formatDuration(summary[name])}`,
  );
  return `${figures.join(', ')} of ${summary.count}`;
}

function toFigure(value: number, unit: MetricDefinition['unit']): string {
  if (unit === 'count') return String(value);
  return unit === 'percent' ? `${value.toFixed(1)} %` : `${value.toFixed(2)} s`;
}

function toBound({ is, value }: Bound, unit: MetricDefinition['unit']): string {
  return `${is} ${value}${{ percent: ' %', seconds: ' s', count: '' }[unit]}`;
}

function paint(state: string, { green, yellow, red }: Palette): (text: string) => string {
  if (state === 'ok' || state === 'healthy') return green;
  return state === 'alert' || state === 'unhealthy' ? red : yellow;
}
