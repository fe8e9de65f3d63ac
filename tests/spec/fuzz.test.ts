import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { readLaunch } from '../../src/spec/launch/read-launch.ts';
import { kiosk } from './kiosk.ts';

/** CPU milliseconds: the wall clock of a shared machine says little. */
const slowest = 5000;

/** Reads, and holds what must be true of any input: no throw, bounded time, every problem at a place inside its file. */
function holdsFor(bytes: Uint8Array): number {
  const start = process.cpuUsage();
  const result = readLaunch([{ path: 'launch.md', bytes }], { checks: checkReaders, steps: stepReaders });
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1000).toBeLessThan(slowest);
  const lines = new TextDecoder().decode(bytes).split(/\r\n|\r|\n/);
  for (const { file, line, column, message, expected, got, hint } of result.problems) {
    expect(file).toBe('launch.md');
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThan(0);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    for (const text of [message, expected, got, hint]) expect(text).not.toBe('');
  }
  return result.problems.length;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const front = fc.constantFrom(
  'id: a',
  'id: [a',
  'title: "x',
  't0: soon',
  'roles: { lead: [alice] }',
  'roles: [lead]',
  'people: { alice: { key: x } }',
  'environment: prod',
  'environments: { prod: }',
  'secrets: { a: b }',
  'depends: [1, { b: c }]',
  'quorum: -1',
  'fresh: 1h',
  'candidate: x',
  '<<: *a',
  '&a b: c',
  '? [x]',
  '!!set {a}',
  'tminus: doc',
  '\t',
  '- x',
  '__proto__: 1',
  'owner: 0x10',
  'a: .nan',
  'k: |\n  text',
  ': x',
  '{}',
  '"',
);
const line = fc.constantFrom(
  '# A',
  '## Gate: T-0 {#g quorum=2}',
  '## Gate: x',
  '## Gate',
  '### T-7d {#p}',
  '## Runbook {kind=rollback}',
  '## Rollback',
  '## Stage: canary',
  '## Scenario: s {proof=a}',
  '',
  '',
  '',
  '- [ ] a {#a}',
  '- [x] [HUMAN] b {role=lead}',
  '- {#c fresh=}',
  '  - [ ] d {need=9}',
  '1. s {needs=a,zz undo=s}',
  '2. [HUMAN] t',
  '   1. u {role=x}',
  '- ✅ {',
  '- a {=} {#b}',
  '  ```http',
  '  GET http://x/{{ candidate.url }}',
  '  expect status == 200',
  '  expect',
  '  ```',
  '   ```sh timeout=1m undo=',
  '   ```',
  '```yaml check',
  'kind: http',
  'kind: sql',
  'expect: [a, 1]',
  'url: [',
  '```',
  '```yaml dataset id="x',
  '  ```yaml check x=1',
  '  kind: http',
  '  url: {a: 1}',
  '| item | class | undo |',
  '|---|---|---|',
  '| a | critical | a |',
  '| | ? |',
  '| risk | likelihood |',
  '|-|-|',
  '| r | 9 |',
  '| role | person |',
  '| lead | bob, |',
  '| from | to |',
  '| metric | target |',
  '| condition |',
  '> **Point of no return:** x',
  '> **Stop if:**',
  '> ```sql on=t',
  '> select 1',
  '> ```',
  'Given a When b Then c',
  'Given: a',
  '<<<<<<< a',
  '>>>>>>> b',
  '<!--',
  '[x](#a)',
  '\u0000',
  'â€œ âœ…',
  '\t- tab',
);

describe('hostile launches', () => {
  it('A17 reads any bytes without throwing', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        (bytes) => void holdsFor(Uint8Array.from([...encode('---\ntminus: launch\n'), ...bytes])),
      ),
      { numRuns: 300 },
    );
  });

  it('A17 reads any lines of the format in any order, and names problems at real places', () => {
    let problems = 0;
    fc.assert(
      fc.property(
        fc.array(front, { maxLength: 6 }),
        fc.array(line, { maxLength: 40 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        (keys, lines, end) => {
          problems += holdsFor(encode(['---', 'tminus: launch', ...keys, '---', ...lines].join(end)));
        },
      ),
      { numRuns: 600 },
    );
    expect(problems).toBeGreaterThan(1000);
  });

  it('A17 reads a real launch with any stretch of it damaged', () => {
    const whole = encode(kiosk);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(40), fc.uint8Array({ maxLength: 12 }), (at, cut, bytes) => {
        holdsFor(Uint8Array.from([...whole.subarray(0, at), ...bytes, ...whole.subarray(at + cut)]));
      }),
      { numRuns: 400 },
    );
  });

  it('A17 reads long launches in bounded time', () => {
    const head = '---\ntminus: launch\nid: a\nroles: { lead: [al] }\n---\n\n';
    const steps = Array.from(
      { length: 4000 },
      (_, step) => `1. step ${step} {#s${step} needs=s${(step + 1) % 4000}}`,
    ).join('\n');
    const criteria = Array.from({ length: 4000 }, (_, criterion) => `- c ${criterion} {#c${criterion}}`).join('\n');
    expect(holdsFor(encode(`${head}## Gate: T-0\n\n${criteria}\n\n## Runbook\n\n${steps}\n`))).toBe(1);
    const unknown = Array.from(
      { length: 2000 },
      (_, step) => `1. step ${step} {needs=nothing-${step} role=nobody-${step}}`,
    ).join('\n');
    expect(holdsFor(encode(`${head}## Runbook\n\n${unknown}\n`))).toBe(4000);
  });
});
