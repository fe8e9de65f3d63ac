import type { JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { Reading } from '../../../core/check/check.ts';
import { axeReader } from './reader.ts';

function read(report: JsonValue, spec: JsonObject = {}): Reading {
  const bytes = new TextEncoder().encode(JSON.stringify(report));
  return axeReader.parse({ path: 'x', ...spec }, [{ name: 'axe.json', mediaType: 'application/json', bytes }]);
}
const codeOf = (reading: Reading): string => (reading.state === 'unreadable' ? reading.trouble.code : 'readable');
const factsOf = (reading: Reading): JsonObject =>
  reading.state === 'readable' ? reading.facts : { trouble: reading.trouble.code };
const broken = (impact: JsonValue, ...nodes: JsonValue[]): JsonObject => ({
  id: 'r',
  impact,
  nodes: nodes.map((each) => ({ impact: each })),
});
const page = (more: JsonObject = {}): JsonObject => ({
  testEngine: { name: 'axe-core' },
  url: 'http://shop.invalid/',
  violations: [],
  passes: [{ id: 'p' }],
  incomplete: [],
  inapplicable: [],
  ...more,
});
const raw = (more: JsonObject = {}): JsonObject => ({
  id: 'r',
  result: 'passed',
  pageLevel: false,
  violations: [],
  passes: [{}],
  incomplete: [],
  inapplicable: [],
  ...more,
});

describe('parseAxe', () => {
  it.each<[string, JsonValue, string]>([
    ['no page', [], 'nothing_tested'],
    ['a page on which no rule passed or failed', page({ passes: [] }), 'nothing_tested'],
    ['one such page among good ones', [page(), page({ passes: [] })], 'nothing_tested'],
    ['a page of which only doubts are known', page({ passes: [], incomplete: [{ id: 'i' }] }), 'nothing_tested'],
    ['another engine', page({ testEngine: { name: 'pa11y' } }), 'wrong_format'],
    ['a page without its passes', page({ passes: null }), 'wrong_format'],
    ['a broken rule without a place', page({ violations: [{ id: 'r', impact: 'minor', nodes: [] }] }), 'wrong_format'],
    ['pages and rules in one list', [page(), raw()], 'wrong_format'],
    ['a raw rule that says passed over a broken place', [raw({ violations: [{}] })], 'totals_disagree'],
    ['a raw rule that says failed over none', [raw({ result: 'failed' })], 'totals_disagree'],
    ['raw rules that were all inapplicable', [raw({ result: 'inapplicable', passes: [] })], 'nothing_tested'],
  ])('U6 refuses %s', (_what, given, code) => {
    expect(codeOf(read(given))).toBe(code);
  });

  it('T24 counts rules by impact, the worse of rule and places, and an impact that nobody gave as unrated', () => {
    const violations = [broken('critical', 'minor'), broken('minor', 'serious', 'minor'), broken(null, null)];
    expect(factsOf(read(page({ violations })))['violations']).toEqual({
      total: 3,
      critical: 1,
      serious: 1,
      moderate: 0,
      minor: 0,
      unrated: 1,
      nodes: 4,
    });
    expect(axeReader.defaultExpectations({})).toContain('violations.unrated == 0');
  });

  it('does not misread the rules of the raw reporter as pages', () => {
    const rules = [
      raw(),
      raw({ id: 'b', result: 'failed', impact: 'serious', violations: [{ impact: 'serious' }] }),
      raw({ id: 'c', result: 'incomplete', passes: [], incomplete: [{}] }),
    ];
    expect(factsOf(read(rules))).toMatchObject({
      pages: 1,
      urls: [],
      violations: { total: 1, serious: 1 },
      passes: 1,
      incomplete: 1,
    });
  });

  it('U6 fewer pages than minPages is not the whole report', () => {
    expect(codeOf(read([page(), page()], { minPages: 3 }))).toBe('partial');
    expect(factsOf(read([page(), page()], { minPages: 2 }))['pages']).toBe(2);
  });
});
