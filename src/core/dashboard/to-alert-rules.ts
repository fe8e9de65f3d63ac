import type { RuleGroup } from '../slo/to-rules.ts';
import { alertSpecs } from './boards.ts';
import type { AlertSpec } from './boards.ts';
import { toGuideAnnotations } from './guide-annotations.ts';
import type { DeclaredMetric } from './declared-metric.ts';

/** Alerts of a launch, and those that no metric was declared for. */
export interface AlertRules {
  group: RuleGroup;
  missing: AlertSpec[];
}

/** Returns the alert rules of the metrics of a launch, each with the guide that helps and the command that runs it, and one for each metric that falls silent. */
export function toAlertRules(launch: string, metrics: readonly DeclaredMetric[]): AlertRules {
  const alerting = alertSpecs.map((spec) => ({
    spec,
    own: metrics.filter(({ shows, alert }) => shows === spec.shows && alert !== null),
  }));
  const rules = alerting.flatMap(({ spec, own }) => own.flatMap((metric) => toRules(launch, spec, metric)));
  const missing = alerting
    .filter(({ spec, own }) => own.length === 0 && spec.isOptional !== true)
    .map(({ spec }) => spec);
  return { group: { name: `tminus-${launch}-alerts`, rules }, missing };
}

function toRules(
  launch: string,
  { alert: name, severity, guide }: AlertSpec,
  metric: DeclaredMetric,
): RuleGroup['rules'] {
  const { id, title, query, alert, holdsFor, silent } = metric;
  const labels = { launch, metric: id, severity };
  const annotations = {
    summary: `${title} is ${alert?.is} ${alert?.value} (now {{ $value }})`,
    ...toGuideAnnotations(guide, name),
  };
  return [
    { alert: name, expr: `(${query}) ${alert?.is} ${alert?.value}`, for: holdsFor, labels, annotations },
    {
      alert: 'MetricHasNoData',
      expr: silent,
      for: holdsFor,
      labels,
      annotations: { ...annotations, summary: `${title} is not measured: nobody knows whether ${name} holds` },
    },
  ];
}
