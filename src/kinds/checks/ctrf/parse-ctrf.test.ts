import type { JsonObject, JsonValue } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import { ctrfReader } from './reader.ts';

const passed = { name: 'a', status: 'passed' };
const summary = { tests: 1, passed: 1, failed: 0, skipped: 0, pending: 0, other: 0 };
const report = (more: JsonObject): JsonObject => ({
  results: { tool: { name: 't' }, summary, tests: [passed], ...more },
});

function codeOf(given: JsonValue, spec: JsonObject = {}): string {
  const bytes = new TextEncoder().encode(JSON.stringify(given));
  const reading = ctrfReader.parse({ path: 'x', ...spec }, [{ name: 'x', mediaType: 'application/json', bytes }]);
  return reading.state === 'unreadable' ? reading.trouble.code : 'readable';
}

describe('parseCtrf', () => {
  it.each<[string, JsonValue, string]>([
    ['the report that all others are made from', report({}), 'readable'],
    ['more tests declared than there are', report({ summary: { ...summary, tests: 287 } }), 'totals_disagree'],
    ['a failed test counted as passed', report({ tests: [{ name: 'a', status: 'failed' }] }), 'totals_disagree'],
    ['a required total that is missing', report({ summary: { tests: 1, passed: 1 } }), 'totals_disagree'],
    ['flaky tests that are not there', report({ summary: { ...summary, flaky: 1 } }), 'totals_disagree'],
    ['an unknown status', report({ tests: [{ name: 'a', status: 'ok' }] }), 'unknown_status'],
    ['no test', report({ tests: [], summary: { ...summary, tests: 0, passed: 0 } }), 'no_tests'],
    ['no summary', report({ summary: null }), 'wrong_format'],
    ['other JSON', { tests: [] }, 'wrong_format'],
  ])('T24 O23 %s: %j is %s', (_what, given, code) => {
    expect(codeOf(given)).toBe(code);
  });

  it('U6 fewer tests than minTests is not the whole report', () => {
    expect(codeOf(report({}), { minTests: 2 })).toBe('partial');
  });
});
