/** A metric of the watched shop: what it shows, how it is asked for, and what is well and what is not. */
interface ShopMetric {
  shows: string;
  query?: string;
  target?: string;
  alert?: string;
  well: number;
  broken?: number;
}

/** One metric for everything that boards show. Gauges bear the name of what they show; errors are counted from requests. */
export const shopMetrics: readonly ShopMetric[] = [
  { shows: 'volume', query: 'sum(rate(http_requests_total[10s]))', well: 0 },
  { shows: 'success', target: '> 99%', alert: '< 95%', well: 0.999 },
  { shows: 'sla', target: '> 99%', alert: '< 95%', well: 0.995, broken: 0.9 },
  {
    shows: 'errors',
    query: 'sum(rate(http_requests_total{code=~"5.."}[10s])) / sum(rate(http_requests_total[10s]))',
    target: '< 1%',
    alert: '> 5%',
    well: 0,
  },
  { shows: 'active', well: 12 },
  { shows: 'queue', target: '< 1000', alert: '> 5000', well: 40, broken: 9_000 },
  { shows: 'workers', target: '100%', alert: '< 100%', well: 1, broken: 0.5 },
  { shows: 'db-pool', target: '< 80%', alert: '> 90%', well: 0.4, broken: 0.97 },
  { shows: 'dlq', target: '< 100', alert: '> 500', well: 3, broken: 800 },
  { shows: 'duration', target: '< 60s', alert: '> 120s', well: 4 },
  { shows: 'retries', target: '< 5%', alert: '> 20%', well: 0.01 },
  { shows: 'throughput', well: 50 },
  { shows: 'step-time', target: '< 30s', alert: '> 60s', well: 2 },
  { shows: 'queue-time', target: '< 10s', alert: '> 60s', well: 0.4 },
  { shows: 'db-time', target: '< 100ms', alert: '> 500ms', well: 0.02 },
  { shows: 'service-latency', target: '< 300ms', alert: '> 800ms', well: 0.1 },
  { shows: 'locks', well: 1 },
  { shows: 'memory', target: '< 80%', alert: '> 90%', well: 0.5, broken: 0.95 },
];

const nameOf = (shows: string): string => `shop_${shows.replaceAll('-', '_')}`;

/** Returns the gauges of the shop in the text format, well or with these of them broken. */
export function shopGauges(broken: readonly string[] = []): string {
  const gauges = shopMetrics.filter(({ query }) => query === undefined);
  return gauges
    .map(({ shows, well, broken: bad }) => `${nameOf(shows)} ${broken.includes(shows) ? (bad ?? well) : well}\n`)
    .join('');
}

/** Returns a launch document that declares the metrics, an objective and a gate. */
export function shopDocument(url: string): string {
  const fences = shopMetrics.map(({ shows, query = nameOf(shows), target, alert }) =>
    [
      '```yaml metric',
      `id: ${shows}`,
      `title: ${shows.replaceAll('-', ' ')}`,
      `shows: ${shows}`,
      `query: ${JSON.stringify(query)}`,
      ...(target === undefined ? [] : [`target: ${JSON.stringify(target)}`]),
      ...(alert === undefined ? [] : [`alert: ${JSON.stringify(alert)}`]),
      'for: 1s',
      '```',
    ].join('\n'),
  );
  const objective = `{ title: Requests that succeed, source: prom, total: http_requests_total, bad: 'http_requests_total{code=~"5.."}', goal: "99.9%" }`;
  return `---
tminus: launch
id: shop
title: Shop
environment: production
candidate: { commit: "4f2c91e", version: "1.8.0" }
environments: { production: { url: "http://127.0.0.1", allow: [127.0.0.1] } }
roles: { operator: [carol] }
metrics: { prom: { kind: prometheus, url: ${JSON.stringify(url)} } }
objectives:
  requests: ${objective}
---

# Shop

## Gate: ready for T-0 {#ready quorum=1 fresh=15m}

- [ ] There is budget left to deploy {#budget}

  \`\`\`yaml check
  kind: slo
  objective: requests
  \`\`\`

## Metrics

${fences.join('\n\n')}
`;
}
