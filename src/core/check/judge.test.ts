import type { JsonObject, JsonValue, Outcome } from '@tminus/verify';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Expectation, Reading } from './check.ts';
import { judge, worstOutcome } from './judge.ts';
import { readExpectation } from './read-expectation.ts';

function read(text: string): Expectation {
  const result = readExpectation(text);
  if (!result.ok) throw new Error(`${text}: ${JSON.stringify(result.fault)}`);
  return result.expectation;
}

const readable = (facts: JsonObject): Reading => ({ state: 'readable', facts });
const unreadable: Reading = { state: 'unreadable', trouble: { code: 'refused', message: 'connection refused' } };
const outcomeOf = (text: string, facts: JsonObject): Outcome => judge([read(text)], readable(facts)).outcome;

describe('how facts are held against expectations', () => {
  it.each<[string, JsonObject, Outcome]>([
    ['status == 200', { status: 200 }, 'pass'],
    ['status == 200', { status: 503 }, 'fail'],
    ['status == 200', { status: '200' }, 'pass'],
    ['status == 200', { status: '0200' }, 'unknown'],
    ['status == 200', { status: '200 ' }, 'unknown'],
    ['status == 200', { status: '' }, 'unknown'],
    ['status == 0', { status: '' }, 'unknown'],
    ['status == 0', { status: false }, 'unknown'],
    ['status == 0', { status: null }, 'fail'],
    ['status == 0', { status: [] }, 'unknown'],
    ['status == 200', {}, 'unknown'],
    ['commit == "1234567"', { commit: 1_234_567 }, 'pass'],
    ['version == 1.8', { version: '1.80' }, 'unknown'],
    ['id == "9007199254740992"', { id: 9_007_199_254_740_992 }, 'unknown'],
    ['ok == true', { ok: 'true' }, 'unknown'],
    ['ok == true', { ok: 1 }, 'unknown'],
    ['status != 500', { status: 200 }, 'pass'],
    ['status != 500', { status: 'five hundred' }, 'unknown'],
    ['status != 500', {}, 'unknown'],
    ['error != null', { error: 'boom' }, 'pass'],
    ['error == null', { error: null }, 'pass'],
    ['error == null', {}, 'unknown'],
    ['latency < 500ms', { latency: 499.9 }, 'pass'],
    ['latency < 500ms', { latency: 500 }, 'fail'],
    ['latency < 500ms', { latency: '12' }, 'unknown'],
    ['latency < 500ms', { latency: null }, 'unknown'],
    ['latency < 500ms', {}, 'unknown'],
    ['count <= 0', {}, 'unknown'],
    ['count <= 0', { count: [] }, 'unknown'],
    ['body contains ok', { body: 'all ok' }, 'pass'],
    ['body contains ok', { body: '' }, 'fail'],
    ['body contains ok', { body: { ok: true } }, 'unknown'],
    ['tags contains v1', { tags: ['v1', 'v2'] }, 'pass'],
    ['tags contains v1', { tags: [] }, 'fail'],
    ['tags contains v1', { tags: [{ name: 'v1' }] }, 'unknown'],
    ['status in [200, 204]', { status: 204 }, 'pass'],
    ['status in [200, 204]', { status: 500 }, 'fail'],
    ['status in [200, 204]', { status: [204] }, 'unknown'],
    ['body matches /^v1\\.\\d+$/', { body: 'v1.8' }, 'pass'],
    ['body matches /^v1\\./', { body: 'v2.0' }, 'fail'],
    ['body matches /1/', { body: 1 }, 'unknown'],
    ['answers == [a, b]', { answers: ['a', 'b'] }, 'pass'],
    ['answers == [a, b]', { answers: ['b', 'a'] }, 'fail'],
    ['answers == []', { answers: ['a'] }, 'fail'],
    ['items.length >= 1', { items: [1] }, 'pass'],
    ['items.length >= 1', { items: [] }, 'fail'],
    ['id exists', { id: 0 }, 'pass'],
    ['id exists', { id: null }, 'fail'],
    ['id exists', {}, 'fail'],
    ['json.id exists', {}, 'unknown'],
    ['json.error missing', { json: {} }, 'pass'],
    ['json.error missing', { json: { error: null } }, 'pass'],
    ['json.error missing', { json: { error: 'x' } }, 'fail'],
    ['json.error missing', {}, 'unknown'],
    ['json.error missing', { json: 'not an object' }, 'unknown'],
    ['__proto__ exists', {}, 'fail'],
    ['constructor.name == Object', {}, 'unknown'],
    ['json.toString exists', { json: {} }, 'fail'],
    ['body.length > 0', { body: 'text' }, 'unknown'],
    ['items["0"] == 1', { items: [1] }, 'unknown'],
    ['json[0] == 1', { json: { '0': 1 } }, 'unknown'],
    ['version == {{ candidate.version }}', { version: '{{ candidate.version }}' }, 'unknown'],
  ])('%s on %j is %s', (text, facts, outcome) => {
    expect(outcomeOf(text, facts)).toBe(outcome);
  });

  it('F13 says what was wanted and what was there, in one short visible line', () => {
    const { findings } = judge(
      [read('body == x')],
      readable({ body: `line\nbreak\u001b[31m\u202e${'y'.repeat(5000)}` }),
    );
    expect(findings[0]).toMatchObject({ rule: 'body == x', outcome: 'fail', expected: '== "x"' });
    expect(findings[0]!.got).toMatch(/^"line\\nbreak\\u001b\[31m\\u\{202e\}y+… \(\d+ characters\)$/);
    expect(findings[0]!.got.length).toBeLessThanOrEqual(200);
  });

  it('F13 names the trouble where nothing could be read', () => {
    expect(judge([read('status == 200')], unreadable)).toEqual({
      outcome: 'unknown',
      findings: [{ rule: 'status == 200', outcome: 'unknown', expected: '== 200', got: 'refused: connection refused' }],
    });
  });

  it('decides hostile patterns in linear time', () => {
    const startedAt = performance.now();
    expect(outcomeOf('body matches /^(a+)+$/', { body: `${'a'.repeat(50_000)}!` })).toBe('fail');
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});

const anyFacts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.jsonValue()).map((facts) => facts as JsonObject);
const anyExpectation = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c', 'a.b', 'a[0]', 'b.c.d', 'zz'),
    fc.constantFrom(
      '== 0',
      '== ""',
      '!= 0',
      '< 1',
      '>= 0',
      '<= 0',
      'contains x',
      'in [0, ""]',
      'exists',
      'missing',
      '== null',
      '!= null',
      '== []',
    ),
  )
  .map(([path, rest]) => read(`${path} ${rest}`));

type Judge = (expectations: readonly Expectation[], reading: Reading) => { outcome: Outcome };

/** Law 1 as one property over any judge: only what was seen to hold passes. */
function laws(judged: Judge): void {
  fc.assert(
    fc.property(fc.array(anyExpectation, { maxLength: 4 }), anyFacts, (expectations, facts) => {
      const { outcome } = judged(expectations, readable(facts));
      const isPass = outcome === 'pass';
      expect(isPass && expectations.length === 0).toBe(false);
      for (const expectation of expectations.filter(({ operator }) => operator !== 'missing'))
        expect(isPass && !isSeen(facts, expectation.path)).toBe(false);
      expect(judged(expectations, unreadable).outcome).toBe('unknown');
    }),
    { numRuns: 2000 },
  );
}

/** Written without the product's own walk, so that a fault there does not excuse itself. */
function isSeen(facts: JsonObject, path: readonly (string | number)[]): boolean {
  let value: JsonValue | undefined = facts;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step];
    else if (
      value !== null &&
      typeof value === 'object' &&
      !Array.isArray(value) &&
      Object.getOwnPropertyNames(value).includes(String(step))
    )
      value = value[step];
    else return false;
  }
  return value !== undefined;
}

/** The judge with a fault planted before it: facts are changed on the way in. */
const withFacts =
  (change: (facts: JsonObject) => JsonObject): Judge =>
  (expectations, reading) =>
    judge(expectations, reading.state === 'readable' ? readable(change(reading.facts)) : reading);

describe('law 1: only pass was seen to hold', () => {
  it('D04 holds for the judge: empty, missing and unreadable never pass', () => {
    laws(judge);
  });

  it.each<[string, Judge]>([
    [
      'an empty list that passes',
      (expectations, reading) => (expectations.length === 0 ? { outcome: 'pass' } : judge(expectations, reading)),
    ],
    ['a missing value that counts as 0', withFacts((facts) => ({ a: 0, b: 0, c: 0, ...facts }))],
    ['a missing value that counts as null', withFacts((facts) => ({ a: null, b: null, c: null, zz: null, ...facts }))],
    [
      'unknown findings that are left out',
      (expectations, reading) => {
        const seen = judge(expectations, reading).findings.filter(({ outcome }) => outcome !== 'unknown');
        return { outcome: seen.every(({ outcome }) => outcome === 'pass') ? 'pass' : 'fail' };
      },
    ],
    [
      'unreadable sources read as no facts',
      (expectations, reading) => judge(expectations, reading.state === 'readable' ? reading : readable({ a: 0 })),
    ],
    [
      'one pass that is enough',
      (expectations, reading) => ({
        outcome: judge(expectations, reading).findings.some(({ outcome }) => outcome === 'pass') ? 'pass' : 'unknown',
      }),
    ],
  ])('D04 the property catches %s', (_title, planted) => {
    expect(() => laws(planted)).toThrow('Property failed');
  });

  it('worstOutcome is fail, then unknown, and unknown for nothing', () => {
    expect([
      worstOutcome([]),
      worstOutcome(['pass']),
      worstOutcome(['pass', 'unknown']),
      worstOutcome(['unknown', 'fail']),
    ]).toEqual(['unknown', 'pass', 'unknown', 'fail']);
  });
});
