/** Where the launch of the tests has its router and its counters. */
export interface RolloutPlaces {
  /** Line of the router under `routers`, of the name `edge`. */
  router: string;
  metrics: { stable: string; canary: string };
}

/** A launch with one rollout of seconds instead of hours, whose pages need not be of the very same moment: the machine may be busy. `rollout` are further lines of its fence, `body` further sections. */
export function rolloutLaunch(
  { router, metrics }: RolloutPlaces,
  {
    rollout = '',
    phases,
    body = '',
    front = '',
  }: { rollout?: string; phases: readonly string[]; body?: string; front?: string },
): string {
  return `---
tminus: launch
id: shop
roles: { lead: [alice], operator: [otto] }
people: { alice: Alice, bob: Bob, otto: Otto }
environments:
  production: { url: "https://shop.example" }
  staging: { production: no, allow: ["127.0.0.1"] }
environment: staging
candidate: { commit: 0123456789012345678901234567890123456789 }
routers:
  edge: ${router}
metrics:
  pages: { kind: metrics-text, stable: "${metrics.stable}", canary: "${metrics.canary}", scrape: 2s }
${front}---

# Shop

## Gate: ready for T-0 {#ready fresh=1d}

- [ ] [HUMAN] It is done {#done role=lead}

## Rollout

- New shop {#new-shop}

  \`\`\`yaml rollout
  routers: [edge]
  phases:
${phases.map((phase) => `    - ${phase}`).join('\n')}
  interval: 1s
  measures:
    errors: { source: pages, total: 'http_requests_total{arm="$arm"}', bad: 'http_requests_total{arm="$arm",code="500"}', margin: 1.5, exclude: 3 }
${rollout}  \`\`\`

${body}`;
}
