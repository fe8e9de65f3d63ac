import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Launch } from '../../src/core/launch/launch.ts';
import { planHash } from '../../src/core/launch/plan-hash.ts';
import { kiosk } from './kiosk.ts';
import { problemLines, readTexts } from './problem-lines.ts';

const prose = '\nSome words that declare nothing.\n\nMore of them.\n';
const text = kiosk.replace('# Kiosk\n', `# Kiosk\n${prose}`);

function hashOf(source: string | { [path: string]: string }): string {
  const result = readTexts(typeof source === 'string' ? { 'launch.md': source } : source);
  if (!result.ok) throw new Error(problemLines(result).join('\n'));
  return result.planHash;
}

function launchOf(source: string): Launch {
  const result = readTexts({ 'launch.md': source });
  if (!result.ok) throw new Error(problemLines(result).join('\n'));
  return result.launch;
}

/** Replaces the one place where a text stands; a text that does not stand there once would prove nothing. */
function edited(from: string, to: string): string {
  expect(text.split(from)).toHaveLength(2);
  return text.replace(from, () => to);
}

const frontKeys = (/^---\n([\s\S]*?)\n---\n/.exec(text)?.[1] ?? '').split(/\n(?=\S)/);
const withFront = (keys: readonly string[]): string =>
  text.replace(/^---\n[\s\S]*?\n---\n/, () => `---\n${keys.join('\n')}\n---\n`);

const neutral: fc.Arbitrary<(source: string) => string> = fc.oneof(
  fc.constant((source: string) => source.replaceAll(/\r?\n/g, '\r\n')),
  fc.constant((source: string) => (source.startsWith('\uFEFF') ? source : `\uFEFF${source}`)),
  fc.constant((source: string) => source.replaceAll('[ ]', '[x]')),
  fc.constant((source: string) => source.replaceAll('[x]', '[ ]')),
  fc.constant((source: string) => source.replaceAll('[x]', '[X]')),
  fc.constant((source: string) => source.replaceAll(/(\r?\n)(\r?\n)(?=#)/g, '$1$2$1')),
  fc.constant((source: string) => `${source}\n\n\n`),
  fc.constant((source: string) =>
    source.replace('Some words that declare nothing.', 'Some words\nthat  declare nothing *at all*.'),
  ),
  fc.constant((source: string) => source.replace(/manager can\r?\n  run/, 'manager\n  can   run')),
  fc.constant((source: string) => source.replaceAll('{role=lead proof=url}', '{proof=url   role="lead"}')),
  fc.constant((source: string) => source.replace('The API answers', '**The API** answers')),
  fc.constant((source: string) => source.replace('| error rate | < 0.1 % |', '|   error rate   | < 0.1 %|')),
);

describe('planHash', () => {
  const before = hashOf(text);
  const launch = launchOf(text);

  it('C02 stays the same whatever the white space, line ends, ticks and prose', () => {
    fc.assert(
      fc.property(fc.array(neutral, { minLength: 1, maxLength: 6 }), (changes) => {
        expect(hashOf(changes.reduce((source, change) => change(source), text))).toBe(before);
      }),
      { numRuns: 60 },
    );
  });

  it('C02 stays the same whatever the order of keys', () => {
    expect(frontKeys.length).toBeGreaterThan(8);
    fc.assert(
      fc.property(fc.shuffledSubarray(frontKeys, { minLength: frontKeys.length }), (keys) => {
        expect(hashOf(withFront(keys))).toBe(before);
      }),
      { numRuns: 30 },
    );
  });

  it('C02 stays the same whatever the order of files and rows', () => {
    const row = '| Billing | launch-critical | closed | dana | | | yes | api-health | |\n';
    expect(hashOf(edited(row, '').replace(/(\| Reports .*\n)/, `$1${row}`))).toBe(before);
    const night = '---\ntminus: runbook\nid: night\n---\n## T-1d\n1. dump\n';
    expect(hashOf({ 'launch.md': text, 'night.md': night })).toBe(hashOf({ 'night.md': night, 'launch.md': text }));
    expect(hashOf({ 'launch.md': text, 'night.md': night })).not.toBe(before);
  });

  const sensitive: [string, string][] = [
    ['The API answers', 'The API answered'],
    ["run a day's work", "run an hour's work"],
    ['status == 200', 'status == 201'],
    ['/api/health', '/api/alive'],
    ['select 1 as holds', 'select 2 as holds'],
    ['fresh=15m', 'fresh=16m'],
    ['quorum=2', 'quorum=3'],
    ['fresh=1d', 'fresh=2d'],
    ['by=T+1h', 'by=T+2h'],
    ['{role=operator proof=comment}', '{role=lead proof=comment}'],
    ['{role=operator proof=comment}', '{role=operator proof=url}'],
    ['{need=2}', '{need=any}'],
    ['b {owner=dana}', 'b {owner=bob}'],
    ['b {owner=dana}', 'b {owner=dana waivable=yes}'],
    ['  - [ ] c\n', ''],
    ['[HUMAN] Post it', 'Post it'],
    ['T-7d: Announce', 'T-8d: Announce'],
    [' undo=raise-ttl', ''],
    ['sh timeout=1m', 'sh timeout=2m'],
    ['sh timeout=1m', 'bash timeout=1m'],
    ['nsupdate x', 'nsupdate y'],
    ['needs=sales', 'needs=api-health'],
    [' reversible=no', ''],
    ['first sale', 'second sale'],
    ['count(*) > 0', 'count(*) > 1'],
    ['url=sqlite:shop.db every=1m', 'url=sqlite:old.db every=1m'],
    ['every=1m', 'every=2m'],
    ['errors above 1 %', 'errors above 2 %'],
    ['launch-critical | closed', 'launch-adjacent | closed'],
    ['a note to pay by card', 'a note to pay in cash'],
    ['| #13 |', '| #14 |'],
    ['launch-critical | closed', 'launch-critical | open'],
    ['| yes | api-health |', '| no | api-health |'],
    ['| #12 | low |', '| #13 | low |'],
    ['| 2 | 5 |', '| 2 | 4 |'],
    ['reconcile | sales', 'reconcile | api-health'],
    ['it stands in the new one', 'it stands in both'],
    ['preset: default', 'phases: [{ weight: 100 }]'],
    ['kind: haproxy', 'kind: nginx'],
    ['kind: prometheus', 'kind: metrics-text'],
    ['> 1 % |', '> 2 % |'],
    ['DNS_KEY', 'DNS_TOKEN'],
    ['build: 17', 'build: 18'],
    ['{{ git.head }}', 'main'],
    ['name: Alice', 'name: Alison'],
    ['bob: Bob', 'bob: { name: Bob, automation: true }'],
    ['second: [bob]', 'second: [bob, carol]'],
    ['127.0.0.1:8080', '127.0.0.1:8081'],
    ['https://kiosk.example', 'https://kiosk.test'],
    ['"30": open', '"30": done'],
    ['14:00:00-05:00', '15:00:00-05:00'],
    ['owner: dana', 'owner: bob'],
    ['id: kiosk-cutover', 'id: kiosk-change'],
    [
      '1. Import the last delta {#delta needs=sales}\n2. Shift traffic {#shift needs=delta reversible=no}',
      '1. Shift traffic {#shift needs=delta reversible=no}\n2. Import the last delta {#delta needs=sales}',
    ],
  ];

  it.each(sensitive)('C02 changes when %j becomes %j', (from, to) => {
    expect(hashOf(edited(from, to))).not.toBe(before);
  });

  it('C02 does not take a key named at inside a body for a place', () => {
    const rollout = '```yaml rollout';
    const hashes = ['5', '6'].map((at) =>
      hashOf(edited(rollout, `\`\`\`yaml metric\nid: load\nat: ${at}\n\`\`\`\n\n${rollout}`)),
    );
    expect(new Set(hashes).size).toBe(2);
  });

  it('C02 sees every key of the launch but places and documents', () => {
    for (const key of Object.keys(launch)) {
      const changed = planHash({ ...launch, [key]: 'changed' });
      expect([key, changed === before]).toEqual([key, key === 'documents']);
    }
  });

  it('C02 sees every value in the launch, however deep', () => {
    expect(blindSpots(launch, planHash)).toEqual([]);
  });

  it.each(['role', 'quorum', 'text', 'offsetMs', 'freshMs', 'undo', 'automation', 'value', 'env'])(
    'C02 would be caught if it left out %s',
    (key) => {
      const blind = (whole: Launch): string =>
        planHash(JSON.parse(JSON.stringify(whole, (name, value: unknown) => (name === key ? null : value))) as Launch);
      expect(blindSpots(launch, blind).length).toBeGreaterThan(0);
    },
  );
});

/** Paths of the values that may be changed without the hash changing. */
function blindSpots(launch: Launch, hash: (launch: Launch) => string): string[] {
  const before = hash(launch);
  const blind: string[] = [];
  const copy = JSON.parse(JSON.stringify(launch)) as Launch;
  const walk = (holder: { [key: string]: unknown }, path: string): void => {
    for (const [key, value] of Object.entries(holder)) {
      if (key === 'at' || key === 'documents') continue;
      if (typeof value === 'object' && value !== null) walk(value as { [key: string]: unknown }, `${path}.${key}`);
      else {
        holder[key] = typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 1 : `${String(value)}!`;
        if (hash(copy) === before) blind.push(`${path}.${key}`);
        holder[key] = value;
      }
    }
  };
  walk(copy as unknown as { [key: string]: unknown }, 'launch');
  return blind;
}
