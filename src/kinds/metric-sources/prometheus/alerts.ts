import type { Look } from '../../../core/rollout/rollout-input.ts';
import { readResponse } from '../../checks/prometheus/read-response.ts';
import { toPlainText } from '../../checks/unreadable.ts';

/** Severities of alerts that are incidents: what wakes somebody keeps traffic where it is. */
const critical = 'critical|page';

/** Returns the query for the alerts of a launch that fire: the rules that Tminus generates, and whatever other rule bears the label `launch`. */
export function toAlertQuery(launch: string): string {
  return `ALERTS{alertstate="firing",launch=${JSON.stringify(launch)},severity=~"${critical}"}`;
}

/** Returns the incidents of an answer, each once; the label `arm` of an alert blames the canary. Throws `Unreadable` where the answer says that it is none. */
export function readAlerts(body: Uint8Array): Look['incidents'] {
  const found = readResponse(body).series.map(({ labels }) => {
    const { alertname, metric, objective, arm, instance } = labels;
    const told = [alertname, metric ?? objective, instance].filter((label) => typeof label === 'string');
    const id = toPlainText(told.join(' '));
    return { id, title: `the alert ${id} fires`, onCanary: arm === 'canary' };
  });
  const blamed = found.filter(({ onCanary }) => onCanary);
  return [...new Map([...found, ...blamed].map((incident) => [incident.id, incident])).values()];
}
