import type { Reading } from './reading.ts';

/** A bound of our own on what an installation does, beside its metrics (O17). */
export interface AlertRule {
  title: string;
  reads: 'timeouts' | 'failures' | 'queue';
  above: number;
  unit: 'percent' | 'count';
}

/** The alerts on ourselves (O17). */
export const alertRules: readonly AlertRule[] = [
  { title: 'steps that ran out of time', reads: 'timeouts', above: 10, unit: 'percent' },
  { title: 'steps that failed', reads: 'failures', above: 20, unit: 'percent' },
  { title: 'jobs that wait', reads: 'queue', above: 100, unit: 'count' },
];

/** What the rules are asked of. */
export type AlertReadings = { [Name in AlertRule['reads']]: Reading };

/** A rule and what came of it. */
export interface AlertJudgement {
  rule: AlertRule;
  verdict: 'ok' | 'alert' | 'unknown';
  reading: Reading;
}

/** What each rule says. Exactly at its bound a rule is quiet. */
export function judgeAlerts(readings: AlertReadings): AlertJudgement[] {
  return alertRules.map((rule) => {
    const reading = readings[rule.reads];
    if (reading.state === 'unknown') return { rule, verdict: 'unknown', reading };
    return { rule, verdict: reading.value > rule.above ? 'alert' : 'ok', reading };
  });
}
