import { metricDefinitions } from '../../core/metric/metric-definitions.ts';
import type { AlertJudgement } from '../../core/metric/alert-rules.ts';
import type { ComponentHealth } from '../../core/metric/judge-health.ts';
import type { Reading } from '../../core/metric/reading.ts';
import type { Alarm } from '../../store/alarm.ts';
import type { Health, JudgedMetric } from './read-health.ts';

/** Kinds of alarms that the monitor raises and ends; those of others are left alone. */
export const monitorAlarmKinds = ['metric_alert', 'own_alert', 'component_unhealthy'] as const;

/** What is wrong now, and what nobody can tell: an alarm about that stays as it is, neither raised nor ended. */
export interface Alarming {
  wrong: Alarm[];
  /** Subjects that could not be judged. */
  untold: Set<string>;
}

/** Where and when it was looked. */
export interface LookedAt {
  since: Date;
  /** The machine that was measured. */
  host: string;
  /** Other machines with workers: what is measured on each is told by those only. */
  others: readonly string[];
}

/** What is measured of one machine and not of the whole installation. */
const ofMachine: readonly string[] = ['memory', 'cpu'];

/** What a look says about alarms. */
export function toAlarms(
  { metrics, alerts, components }: Pick<Health, 'metrics' | 'alerts' | 'components'>,
  { since, host, others }: LookedAt,
): Alarming {
  const found = [
    ...metrics.map((metric) => metricAlarm(metric, host)),
    ...alerts.map(ownAlarm),
    ...components.map(componentAlarm),
  ];
  const elsewhere = others.flatMap((other) => ofMachine.map((id) => `metric ${id} of ${other}`));
  return {
    wrong: found.flatMap(({ verdict, ...alarm }) => (verdict === 'wrong' ? [{ ...alarm, since }] : [])),
    untold: new Set([
      ...found.flatMap(({ verdict, subject }) => (verdict === 'untold' ? [subject] : [])),
      ...elsewhere,
    ]),
  };
}

interface Found extends Omit<Alarm, 'since'> {
  verdict: 'wrong' | 'fine' | 'untold';
}

function metricAlarm({ id, reading, verdict }: JudgedMetric, host: string): Found {
  const { title, unit, alert } = metricDefinitions[id];
  const subject = `metric ${id}${ofMachine.includes(id) ? ` of ${host}` : ''}`;
  const detail = `${title}: expected not ${alert.is} ${alert.value} ${unit}, got ${figure(reading)}`;
  return { subject, kind: 'metric_alert', detail, verdict: verdictOf(verdict, 'alert') };
}

function ownAlarm({ rule, verdict, reading }: AlertJudgement): Found {
  const { title, above, unit, reads } = rule;
  const detail = `${title}: expected at most ${above} ${unit}, got ${figure(reading)}`;
  return { subject: `alert ${reads}`, kind: 'own_alert', detail, verdict: verdictOf(verdict, 'alert') };
}

function componentAlarm({ component, state, why }: ComponentHealth): Found {
  const verdict = verdictOf(state, 'unhealthy');
  return { subject: `component ${component}`, kind: 'component_unhealthy', detail: `${component}: ${why}`, verdict };
}

function verdictOf(said: string, wrong: 'alert' | 'unhealthy'): Found['verdict'] {
  if (said === 'unknown') return 'untold';
  return said === wrong ? 'wrong' : 'fine';
}

function figure(reading: Reading): string {
  return reading.state === 'known' ? `${Math.round(reading.value * 100) / 100} (${reading.from})` : reading.reason;
}
