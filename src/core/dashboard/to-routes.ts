/** Where people are told: addresses of webhooks; null where somebody still has to fill the receiver in. */
export interface Receivers {
  page: string | null;
  notify: string | null;
}

/** Returns a configuration of Alertmanager: what is critical or pages goes to who is on call, the rest to the team, and a page keeps the warning of the same launch quiet. */
export function toRoutes(receivers: Receivers): object {
  return {
    route: {
      receiver: 'notify',
      group_by: ['launch', 'alertname'],
      group_wait: '10s',
      group_interval: '1m',
      repeat_interval: '4h',
      routes: [{ receiver: 'page', matchers: ['severity=~"critical|page"'], group_wait: '0s', repeat_interval: '30m' }],
    },
    inhibit_rules: [
      {
        source_matchers: ['alertname="MetricHasNoData"'],
        target_matchers: ['severity="warning"'],
        equal: ['launch', 'metric'],
      },
    ],
    receivers: [toReceiver('page', receivers.page), toReceiver('notify', receivers.notify)],
  };
}

function toReceiver(name: string, url: string | null): object {
  return url === null ? { name } : { name, webhook_configs: [{ url, send_resolved: true }] };
}
