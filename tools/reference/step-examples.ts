import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { JsonObject } from '@tminus/verify';

import type { StepReader } from '../../src/core/step/step-kind.ts';
import type { CheckReader } from '../../src/core/check/check.ts';
import { findStepWork } from '../../src/core/step/find-step-work.ts';
import { readLaunch } from '../../src/spec/launch/read-launch.ts';

const kindsFolder = join(import.meta.dirname, '../../src/kinds/steps');

/** One example for each kind; the readers of the kinds hold them true. */
const examples: { readonly [kind: string]: string } = {
  check: `\`\`\`yaml step timeout=30s
kind: check
check:
  kind: http
  url: https://shop.example/api/health
  expect: [status == 200, json.version == 2.0.0]
\`\`\``,
  command: `\`\`\`yaml step timeout=10m interrupted=rerun retries=2
kind: command
argv: [node, services/migrate-orders.ts, --to, "{{ environment.id }}"]
env: { DATABASE_PASSWORD_FILE: '{{ secret "shop/db" }}' }
network: host
\`\`\``,
  dns: `\`\`\`yaml step timeout=1m
kind: dns
server: ns1.shop.example
zone: shop.example
name: www.shop.example
type: A
from: 192.0.2.10
to: 192.0.2.20
ttl: 60
key: '{{ secret "dns/key" }}'
\`\`\``,
  export: `\`\`\`yaml step timeout=30m interrupted=verify
kind: export
datasets: [orders, customers]
file: exports/{{ candidate.version }}/shop.tar.gz.age
recipients: [age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p]
\`\`\``,
  fix: `\`\`\`yaml step timeout=10m interrupted=verify
kind: fix
dataset: orders
\`\`\``,
  mailout: `\`\`\`yaml step timeout=4h interrupted=verify
kind: mailout
file: mail/we-move.md
do: send
\`\`\``,
  snapshot: `\`\`\`yaml step timeout=1h interrupted=verify
kind: snapshot
datasets: [customers, orders]
file: copies/{{ candidate.version }}/shop.tar.gz
seed: '{{ secret "shop/seed" }}'
\`\`\``,
  import: `\`\`\`yaml step timeout=1h interrupted=verify
kind: import
dataset: orders
mode: delta
\`\`\``,
  rollout: `\`\`\`yaml step timeout=3d interrupted=verify
kind: rollout
rollout: new-shop
\`\`\``,
  'restore-drill': `\`\`\`yaml step timeout=30m
kind: restore-drill
archive: exports/{{ candidate.version }}/shop.tar.gz.age
identity: '{{ secret "shop/age" }}'
\`\`\``,
  http: `\`\`\`yaml step timeout=30s interrupted=verify
kind: http
method: PUT
url: https://legacy.example/admin/mode
headers: { Authorization: 'Bearer {{ secret "shop/token" }}' }
json: { readOnly: true }
expect: [status == 204]
probe:
  url: https://legacy.example/admin/mode
  expect: [json.readOnly == true]
\`\`\``,
  notify: `\`\`\`yaml step timeout=30s
kind: notify
subject: The shop moves
text: Orders are read-only from now on. The candidate is {{ candidate.commit }}.
webhook: { url: https://chat.example/hooks/launch, key: '{{ secret "shop/token" }}' }
\`\`\``,
  sh: `\`\`\`sh timeout=1m interrupted=verify
touch "data/{{ environment.id }}/legacy-is-read-only"
\`\`\`

\`\`\`sh probe
test -e "data/{{ environment.id }}/legacy-is-read-only"
\`\`\``,
  sql: `\`\`\`yaml step timeout=2m interrupted=verify
kind: sql
url: postgres://mover@db.example/shop
password: '{{ secret "shop/db" }}'
statements: ["update shop set mode = 'read-only' where id = 1"]
expectRows: 1
\`\`\``,
  wait: `\`\`\`yaml step timeout=20m
kind: wait
until:
  kind: http
  url: https://shop.example/api/queue
  expect: [json.waiting == 0]
every: 10s
times: 3
within: 15m
\`\`\``,
};

/** Markdown of the fences that declare a step of this kind. Throws for a kind that nobody wrote one for. */
export function stepExampleOf(kind: string): string {
  const example = examples[kind];
  if (example === undefined)
    throw new Error(`step kind ${kind}: expected an example, got none; write one into step-examples.ts`);
  return example;
}

/** Text of the README of a kind's folder without its title and without the table of its files. */
export function stepProseOf(kind: string): string {
  return readFileSync(join(kindsFolder, kind, 'README.md'), 'utf8')
    .replace(/^# .*\n/, '')
    .replace(/^\| file \|[\s\S]*?\n\n/m, '')
    .trim();
}

const head = `---
tminus: launch
id: example
owner: ada
environment: production
candidate: { commit: abc }
environments: { production: { url: "https://shop.example", production: true } }
people: { ada: { name: Ada } }
roles: { lead: [ada] }
secrets: { shop/db: { env: DB }, shop/token: { env: TOKEN }, shop/seed: { env: SEED }, dns/key: { env: DNS } }
---

# Example

## Runbook

### T-0 Switch

1. Do it {#do-it}

`;

/** The spec of the step that an example declares, as a launch document with it is read. Throws with the first problem of the document. */
export function readStepExample(
  markdown: string,
  readers: { checks: readonly CheckReader[]; steps: readonly StepReader[] },
): { kind: string; spec: JsonObject } {
  const inItem = markdown
    .split('\n')
    .map((line) => `   ${line}`.trimEnd())
    .join('\n');
  const bytes = new TextEncoder().encode(`${head}${inItem}\n`);
  const read = readLaunch([{ path: 'launch.md', bytes }], readers);
  const [problem] = read.problems;
  if (!read.ok || problem !== undefined) {
    const { message = 'launch', expected = '', got = '' } = problem ?? {};
    throw new Error(`${markdown}\n${message}: expected ${expected}, got ${got}`);
  }
  const action = read.launch.procedures[0]?.steps[0]?.action;
  if (!action) throw new Error(`${markdown}\nexpected a step with an action, got none`);
  const work = findStepWork(readers.steps, action);
  if (typeof work === 'string') throw new Error(`${markdown}\n${work}`);
  return { kind: work.kind.kind, spec: work.spec };
}
