import type { JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { Reading } from '../../../core/check/check.ts';
import { playwrightReader } from './reader.ts';

const good = { status: 'expected', expectedStatus: 'passed', results: [{ status: 'passed' }] };
const report = (test: JsonValue, more: JsonObject = {}): JsonObject => ({
  config: {},
  suites: [{ suites: [{ specs: [{ title: 'deep', tests: [test] }] }] }],
  ...more,
});
const shard = (current: number, total: number): JsonObject => report(good, { config: { shard: { current, total } } });

const toSource = (given: JsonValue, index: number) => ({
  name: `${index}.json`,
  mediaType: 'application/json',
  bytes: new TextEncoder().encode(JSON.stringify(given)),
});

function read(...reports: JsonValue[]): Reading {
  return playwrightReader.parse({ path: '*' }, reports.map(toSource));
}
const codeOf = (reading: Reading): string => (reading.state === 'unreadable' ? reading.trouble.code : 'readable');

describe('parsePlaywright', () => {
  it.each<[string, JsonValue, string]>([
    ['the report that all others are made from', report(good), 'readable'],
    [
      'statistics that agree',
      report(good, { stats: { expected: 1, unexpected: 0, flaky: 0, skipped: 0 } }),
      'readable',
    ],
    [
      'statistics that do not',
      report(good, { stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0 } }),
      'totals_disagree',
    ],
    ['a failed run that is called expected', report({ ...good, results: [{ status: 'failed' }] }), 'totals_disagree'],
    ['a test that is called expected and never ran', report({ ...good, results: [] }), 'totals_disagree'],
    [
      'a test that is expected to fail and does',
      report({ status: 'expected', expectedStatus: 'failed', results: [{ status: 'failed' }] }),
      'readable',
    ],
    ['an unknown status', report({ ...good, status: 'interrupted' }), 'unknown_status'],
    ['no test', { config: {}, suites: [] }, 'no_tests'],
    ['a shard without numbers', report(good, { config: { shard: 'half' } }), 'malformed'],
  ])('T24 O23 %s: %j is %s', (_what, given, code) => {
    expect(codeOf(read(given))).toBe(code);
  });

  it('U6 wants every shard, each once, before it says anything', () => {
    expect(codeOf(read(shard(1, 2)))).toBe('partial');
    expect(codeOf(read(shard(1, 2), shard(1, 2)))).toBe('partial');
    expect(codeOf(read(shard(1, 2), shard(2, 3)))).toBe('partial');
    expect(codeOf(read(shard(1, 2), report(good)))).toBe('partial');
    expect(read(shard(2, 2), shard(1, 2))).toMatchObject({ state: 'readable', facts: { tests: 2, shards: 2 } });
  });

  it('T24 shows errors outside any test', () => {
    expect(read(report(good, { errors: [{ message: 'cannot load' }] }))).toMatchObject({ facts: { errors: 1 } });
    expect(playwrightReader.defaultExpectations({})).toContain('errors == 0');
  });
});
