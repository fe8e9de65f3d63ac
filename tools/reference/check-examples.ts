import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { CheckReader } from '../../src/core/check/check.ts';
import type { Criterion } from '../../src/core/launch/launch.ts';
import { readLaunch } from '../../src/spec/launch/read-launch.ts';

const kindsFolder = join(import.meta.dirname, '../../src/kinds/checks');

/** Kinds whose folder has another name. */
const folders: { readonly [kind: string]: string } = { json: 'document', yaml: 'document' };

/** Examples of the kinds whose README has none of its own. */
const examples: { readonly [kind: string]: string } = {
  command: `\`\`\`sh timeout=1m
./bin/count-orders --json
# expect exit == 0
# expect json.orders == 200
\`\`\``,
  ctrf: `\`\`\`yaml check
kind: ctrf
path: reports/ctrf.json
minTests: 40
\`\`\``,
  dbt: `\`\`\`yaml check
kind: dbt
path: target/run_results.json
minNodes: 120
\`\`\``,
  dns: `\`\`\`yaml check
kind: dns
name: shop.example
type: A
servers: ["192.0.2.53", "198.51.100.53"]
expect: [agree == true, answers contains 203.0.113.7, ttl <= 300]
\`\`\``,
  git: `\`\`\`yaml check
kind: git
ancestor: v1.8.0
expect: [ancestor == true, clean == true]
\`\`\``,
  'great-expectations': `\`\`\`yaml check
kind: great-expectations
path: reports/orders-validation.json
minExpectations: 12
\`\`\``,
  http: `\`\`\`http timeout=5s
GET https://shop.example/api/health
accept: application/json

expect status == 200
expect json.version == 1.8.0
expect latency < 500ms
\`\`\``,
  manual: `\`\`\`yaml check
kind: manual
role: operator
proof: comment
question: Can you run a day's work in the new shop?
\`\`\``,
  playwright: `\`\`\`yaml check
kind: playwright
path: reports/playwright/*.json
minTests: 30
\`\`\``,
  prometheus: `\`\`\`promql url=https://metrics.example range=15m step=1m
sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))
# expect max < 1%
# expect samples >= 15
\`\`\``,
  sql: `\`\`\`sql url=postgres://reader@db.example/shop passwordEnv=SHOP_READER_PASSWORD
select count(*) as orders from orders
-- expect rows[0].orders == 200
\`\`\``,
  tls: `\`\`\`yaml check
kind: tls
host: shop.example
expect: [authorized == true, daysLeft > 30]
\`\`\``,
  slo: `\`\`\`yaml check
kind: slo
url: https://metrics.shop.example
total: http_requests_total
bad: http_requests_total{code=~"5.."}
goal: 99.9%
window: 30d
\`\`\``,
  yaml: `\`\`\`yaml check
kind: yaml
path: deploy/values.yaml
expect: [yaml.image.tag == 1.8.0]
\`\`\``,
};

/** Text of the README of a kind's folder, without its title and without the example that `exampleOf` returns. */
export function proseOf(kind: string): string {
  const body = readmeOf(kind).replace(/^# .*\n/, '');
  return body.replace(firstExample, '').trim();
}

/** Markdown of a fence that declares a check of this kind. Throws for a kind that nobody wrote one for. */
export function exampleOf(kind: string): string {
  const example = examples[kind] ?? firstExample.exec(readmeOf(kind))?.[0].trim();
  if (example === undefined)
    throw new Error(
      `check kind ${kind}: expected an example, got none; write one into its README or into check-examples.ts`,
    );
  return example;
}

/** The check that an example declares, as a launch document with it is read. Throws with the first problem of the document. */
export function readExample(markdown: string, readers: readonly CheckReader[]): NonNullable<Criterion['check']> {
  const item = markdown
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
  const text = `---\ntminus: launch\nid: example\nowner: ada\npeople: { ada: { name: Ada } }\nroles: { operator: [ada] }\n---\n\n# Example\n\n## Gate: ready for T-0 {#ready fresh=1h quorum=1 roles=operator}\n\n- [ ] It holds {#it-holds}\n\n${item}\n\n## Runbook\n\n### T-0 Switch\n\n1. [HUMAN] Switch {#switch role=operator}\n`;
  const read = readLaunch([{ path: 'launch.md', bytes: new TextEncoder().encode(text) }], {
    checks: readers,
    steps: [],
  });
  const [problem] = read.problems;
  if (!read.ok || problem !== undefined)
    throw new Error(
      `${markdown}\n${problem?.message ?? 'launch'}: expected ${problem?.expected ?? ''}, got ${problem?.got ?? ''}`,
    );
  const check = read.launch.gates[0]?.criteria[0]?.check;
  if (!check) throw new Error(`${markdown}\nexpected a check, got none`);
  return check;
}

const firstExample = /^```yaml check\n[\s\S]*?^```$/m;

function readmeOf(kind: string): string {
  return readFileSync(join(kindsFolder, folders[kind] ?? kind, 'README.md'), 'utf8');
}
