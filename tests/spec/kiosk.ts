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

\`\`\`yaml dataset
id: sales
from: old
\`\`\`

| Metric | Target | Alert |
|---|---|---|
| error rate | < 0.1 % | > 1 % |
`;
