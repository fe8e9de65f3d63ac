import type { JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { Reading } from '../../../core/check/check.ts';
import { evaluateThreshold } from './evaluate-threshold.ts';
import { k6Reader } from './reader.ts';

function read(summary: JsonValue): Reading {
  const bytes = new TextEncoder().encode(JSON.stringify(summary));
  return k6Reader.parse({ path: 'x' }, [{ name: 'k6.json', mediaType: 'application/json', bytes }]);
}
const codeOf = (reading: Reading): string => (reading.state === 'unreadable' ? reading.trouble.code : 'readable');
const factsOf = (reading: Reading): JsonObject =>
  reading.state === 'readable' ? reading.facts : { trouble: reading.trouble.code };
const group = (passes: number, fails: number): JsonObject => ({
  name: '',
  groups: [],
  checks: [{ name: 'up', passes, fails }],
});
const rate = (passes: number, fails: number, more: JsonObject = {}): JsonObject => ({
  values: { passes, fails, rate: passes + fails === 0 ? 0 : passes / (passes + fails) },
  ...more,
});
const summary = (metrics: JsonObject, root: JsonObject = group(3, 0)): JsonObject => ({
  root_group: root,
  metrics: { iterations: { values: { count: 3 } }, checks: rate(3, 0), ...metrics },
});

describe('parseK6', () => {
  it('T24 shows failing checks that no threshold covers', () => {
    const given = summary(
      { checks: rate(3, 2), http_reqs: { values: { count: 9 }, thresholds: { 'count>1': { ok: true } } } },
      group(3, 2),
    );
    expect(factsOf(read(given))).toMatchObject({
      thresholds: { total: 1, failed: 0 },
      checks: { fails: 2, rate: 0.6 },
      failedChecks: ['up'],
    });
    expect(k6Reader.defaultExpectations({})).toContain('checks.fails == 0');
  });

  it.each<[string, JsonValue, string]>([
    [
      'a threshold called met that its value does not meet',
      summary({ checks: rate(0, 0, { thresholds: { 'rate>=0.9': { ok: true } } }) }, { name: '' }),
      'totals_disagree',
    ],
    [
      'a threshold called crossed that its value meets',
      summary({ x: { values: { 'p(95)': 1 }, thresholds: { 'p(95)<5': { ok: false } } } }),
      'totals_disagree',
    ],
    ['checks that the groups do not add up to', summary({ checks: rate(4, 0) }), 'totals_disagree'],
    [
      'checks in the groups and none in the metrics',
      { root_group: group(3, 0), metrics: { iterations: { values: { count: 3 } } } },
      'totals_disagree',
    ],
    [
      'a rate that its counts do not give',
      summary({ checks: { values: { passes: 3, fails: 0, rate: 0.5 } } }),
      'totals_disagree',
    ],
    ['no iteration', summary({ iterations: { values: { count: 0 } } }), 'nothing_ran'],
    ['an iteration metric that is missing', { root_group: {}, metrics: {} }, 'nothing_ran'],
    ['no metrics', { root_group: {} }, 'wrong_format'],
    ['a metric that is no object', summary({ x: 3 }), 'wrong_format'],
    [
      'a threshold that does not say how it came out',
      summary({ x: { values: {}, thresholds: { 'a<1': {} } } }),
      'wrong_format',
    ],
    ['a check without counts', summary({}, { checks: [{ name: 'a' }] }), 'wrong_format'],
  ])('U6 refuses %s', (_what, given, code) => {
    expect(codeOf(read(given))).toBe(code);
  });

  it('reads --summary-export, where true means that the threshold was crossed', () => {
    const exported = {
      root_group: { name: '', checks: { up: { name: 'up', passes: 3, fails: 0 } }, groups: {} },
      metrics: {
        iterations: { count: 3, rate: 1 },
        checks: { passes: 3, fails: 0, value: 1, thresholds: { 'rate>0.9': false } },
        http_req_duration: { 'p(95)': 700, thresholds: { 'p(95)<500': true } },
      },
    };
    expect(factsOf(read(exported))).toMatchObject({
      thresholds: { total: 2, failed: 1, names: ['http_req_duration: p(95)<500'] },
      checks: { passes: 3, rate: 1 },
      http_req_duration: { p95: 700 },
    });
  });

  it('U6 leaves out what was not measured', () => {
    const facts = factsOf(read(summary({})));
    expect(facts).not.toHaveProperty('http_req_failed');
    expect(facts).not.toHaveProperty('http_req_duration');
    expect(facts).not.toHaveProperty('durationMs');
  });
});

describe('evaluateThreshold', () => {
  it.each<[string, JsonObject, boolean | null]>([
    ['p(95)<500', { 'p(95)': 499.9 }, true],
    ['p(99.9) <= 1', { 'p(99.9)': 1.1 }, false],
    ['rate>=0.9', { rate: 0 }, false],
    ['rate>0.9', { value: 0.95 }, true],
    ['count!=0', { count: 0 }, false],
    ['avg===2', { avg: 2 }, true],
    ['p(90)<500', {}, null],
    ['max<4s', { max: 1 }, null],
    ['process.exit()', {}, null],
  ])('says of %s over %j: %s', (threshold, values, expected) => {
    expect(evaluateThreshold(threshold, values)).toBe(expected);
  });
});
