/** A launch document with one of everything that the format names. */
export const kiosk = `---
tminus: launch
id: kiosk-cutover
title: Kiosk, from the old till to the new one
owner: dana
t0: 2026-12-05T14:00:00-05:00
environment: production
candidate: { commit: "{{ git.head }}", url: "{{ environment.url }}", build: 17 }
people:
  alice: { name: Alice, key: "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" }
  bob: Bob
  carol: Carol
roles: { lead: [alice], second: [bob], operator: [carol] }
environments:
  production: { url: "https://kiosk.example", allow: ["127.0.0.1:8080"] }
secrets:
  dns/key: { env: DNS_KEY }
routers:
  edge: { kind: haproxy, socket: { production: "/run/haproxy.sock" }, backend: app, stable: stable, canary: canary }
metrics:
  prom: { kind: prometheus, url: "http://127.0.0.1:9090" }
datastores:
  old: { url: "sqlite:old.db", zone: UTC }
  till: { url: { production: "postgres://till@db.kiosk.example/till" }, password: dns/key }
depends: { "7": done, "30": open }
---

# Kiosk

## Gate: ready for T-0 {#ready quorum=2 fresh=1d}

- [x] The API answers {#api-health fresh=15m}

  \`\`\`http
  GET {{ candidate.url }}/api/health

  expect status == 200
  \`\`\`

- [ ] Old sales are in the new database {#sales fresh=1h by=T+1h}

  \`\`\`yaml check
  kind: sql
  url: "sqlite:shop.db"
  query: select 1 as holds
  expect:
    - holds == true
  \`\`\`

- [ ] [HUMAN] The shop manager can
  run a day's work {role=operator proof=comment}
- [ ] Two of these {need=2}
  - [ ] a
  - [ ] b {owner=dana}
  - [ ] c

## Runbook

### T-7d: Announce and freeze

1. Lower the TTL {role=lead undo=raise-ttl}

   \`\`\`sh timeout=1m
   nsupdate x
   \`\`\`
2. [HUMAN] Post it {role=lead proof=url}

### T–0 Switch

1. Import the last delta {#delta needs=sales}
2. Shift traffic {#shift needs=delta reversible=no}

> **Point of no return:** first sale on the new side
>
> \`\`\`sql url=sqlite:shop.db every=1m
> select count(*) > 0 from sales
> \`\`\`

> **Stop if:** errors above 1 %

## Rollback

1. Raise the TTL {#raise-ttl}

## Scope

| Item | Class | State | Owner | Follow-up | Risk | High risk | Undo | User sees |
|---|---|---|---|---|---|---|---|---|
| Billing | launch-critical | closed | dana | | | yes | api-health | |
| Reports | post-launch | deferred | dana | #12 | low | | | |
| Vouchers | post-launch | open | dana | #13 | | | | |
| Cheques | unsupported | closed | dana | | | | | a note to pay by card |

## Risks

| Risk | Likelihood | Impact | Mitigation | Proof |
|---|---|---|---|---|
| Data loss | 2 | 5 | reconcile | sales |

## Scenarios

Scenario: A sale survives

Given: a sale in the old till
When: the delta is imported
Then: it stands in the new one, as [health](#api-health) shows

\`\`\`yaml rollout
id: tills
routers: [edge]
preset: default
measures:
  errors: { source: prom, total: 'http_requests_total{arm="$arm"}', bad: 'http_requests_total{arm="$arm",code=~"5.."}', by: route, cap: "0.5%" }
  slow: { source: prom, buckets: 'http_seconds_bucket{arm="$arm"}', quantile: 0.9, gating: no }
\`\`\`

\`\`\`yaml dataset
id: sales
source: { on: old, table: sales }
target: { on: till, table: sales }
key: [shop, id]
map:
  id: id
  shop: shop
  total_cents: { from: total, do: [{ multiply: 100 }, { null-if: "" }], as: integer }
  channel: { value: old till }
omit: { note: stays in the archive }
skip: { test-sale: "cashier matches ^test", voided: ["state in void, none", "paid_at missing"] }
where: channel is old till
tolerance: { weight: { ulp: 1 }, name: [trim, case] }
personal: { customer: name }
redact: [customer]
residency: eu
retention: 7y
rules: { one-till: { unique: [shop, id] } }
fixes: { spaces: { repairs: space, does: copy, column: name, safe: yes } }
fixPolicy: "1"
import:
  export: api-health
  restore: sales
  rollback: rollback
  backup: s3://tills/today
  changed: changed_at
  delta: { column: sold_at, overlap: 30m }
  throttle: { on: till, ask: select 0, above: 5s }
\`\`\`

| Metric | Target | Alert |
|---|---|---|
| error rate | < 0.1 % | > 1 % |
`;
