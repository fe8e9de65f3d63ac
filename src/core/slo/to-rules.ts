import { toGuideAnnotations } from '../dashboard/guide-annotations.ts';
import { readSelectors, renderSelector } from '../rollout/selector.ts';
import { burnPairs } from './objective.ts';
import type { BurnPair, Objective } from './objective.ts';

/** A rule of Prometheus: `record` or `alert`. */
export interface PrometheusRule {
  record?: string;
  alert?: string;
  expr: string;
  for?: string;
  labels: { [label: string]: string };
  annotations?: { [name: string]: string };
}

/** A group of rules, as a file of rules holds them under `groups`. */
export interface RuleGroup {
  name: string;
  rules: PrometheusRule[];
}

/** Returns the rules of an objective: its error share in each window, an alert for each pair, and one for silence, which is no good news. */
export function toRules(objective: Objective, launch: string): RuleGroup {
  const windows = [...new Set(burnPairs.flatMap(({ longMs, shortMs }) => [shortMs, longMs])), objective.windowMs];
  const labels = { launch, objective: objective.id };
  return {
    name: `tminus-${launch}-${objective.id}`,
    rules: [
      ...[...new Set(windows)].map((ms) => ({ record: recordName(ms), expr: shareOver(objective, ms), labels })),
      ...burnPairs.map((pair) => toBurnAlert(objective, pair, labels)),
      toSilenceAlert(objective, labels),
    ],
  };
}

function toBurnAlert(
  { id, title, goal }: Objective,
  pair: BurnPair,
  labels: { [label: string]: string },
): PrometheusRule {
  const bound = toNumber(pair.factor * Math.max(1 - goal, 1e-9));
  const beyond = (ms: number): string => `${recordName(ms)}{launch="${labels['launch']}",objective="${id}"} > ${bound}`;
  return {
    alert: 'ErrorBudgetBurns',
    expr: `${beyond(pair.longMs)} and ${beyond(pair.shortMs)}`,
    labels: { ...labels, severity: pair.severity, pair: pair.name },
    annotations: {
      summary: `${title}: the budget burns ${pair.factor} times too fast, over ${toDuration(pair.longMs)} and ${toDuration(pair.shortMs)}`,
      ...toGuideAnnotations('high-error-rate', 'ErrorBudgetBurns'),
    },
  };
}

function toSilenceAlert({ title, total }: Objective, labels: { [label: string]: string }): PrometheusRule {
  return {
    alert: 'ObjectiveHasNoData',
    expr: `absent(${selectorsOf(total)[0] ?? 'up'})`,
    for: '5m',
    labels: { ...labels, severity: 'page' },
    annotations: {
      summary: `${title}: nothing counts its events, so that nobody knows how it stands`,
      ...toGuideAnnotations('high-error-rate', 'ObjectiveHasNoData'),
    },
  };
}

/** A counter of bad events, or of good ones, that is not there yet counts as 0 only where the events themselves are counted. */
function shareOver({ total, counted }: Objective, ms: number): string {
  const all = sumOfRates(total, ms);
  const of = (text: string): string => `(${sumOfRates(text, ms)} or 0 * ${all})`;
  return 'bad' in counted ? `${of(counted.bad)} / ${all}` : `clamp_min(${all} - ${of(counted.good)}, 0) / ${all}`;
}

function sumOfRates(text: string, ms: number): string {
  const [first = '', ...others] = selectorsOf(text).map((selector) => `sum(rate(${selector}[${toDuration(ms)}]))`);
  // A part that is not there is 0 as long as the first is: a sum with nothing would be nothing.
  return others.length === 0
    ? first
    : `(${[first, ...others.map((other) => `(${other} or 0 * ${first})`)].join(' + ')})`;
}

function selectorsOf(text: string): string[] {
  const read = readSelectors(text);
  return read.ok ? read.selectors.map(renderSelector) : [];
}

/** Returns the name under which the error share of a window is recorded. */
export function recordName(ms: number): string {
  return `tminus:error_share:rate${toDuration(ms)}`;
}

function toDuration(ms: number): string {
  const units: readonly [string, number][] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ];
  const unit = units.find(([, size]) => ms % size === 0);
  return unit === undefined ? `${Math.round(ms / 1000)}s` : `${ms / unit[1]}${unit[0]}`;
}

function toNumber(value: number): string {
  return String(Number(value.toPrecision(12)));
}
