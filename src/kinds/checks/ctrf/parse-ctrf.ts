import type { JsonObject, JsonValue } from '@tminus/verify';

import { isObject, parseJson, textOf } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';

const statuses = ['passed', 'failed', 'skipped', 'pending', 'other'] as const;
type Status = (typeof statuses)[number];

/** What one CTRF report says, counted test by test. */
export interface CtrfReport {
  tool: string;
  tests: number;
  counts: { [status in Status]: number };
  flaky: number;
  failed: string[];
}

/**
 * Returns what a report in the Common Test Report Format says. Throws `Unreadable` where it is none, holds no test, has a status that the
 * format does not know, or declares a total that its tests do not add up to.
 */
export function parseCtrf(bytes: Uint8Array): CtrfReport {
  const report = parseJson(bytes);
  const results = isObject(report) ? report['results'] : undefined;
  if (!isObject(results) || !isObject(results['summary']) || !Array.isArray(results['tests']))
    throw new Unreadable('wrong_format', 'expected a CTRF report with results, summary and tests, got other JSON');
  const tests = results['tests'].map(readTest);
  if (tests.length === 0) throw new Unreadable('no_tests', 'expected at least one test, got none');
  const counts = { passed: 0, failed: 0, skipped: 0, pending: 0, other: 0 };
  for (const { status } of tests) counts[status] += 1;
  const flaky = tests.filter((test) => test.flaky).length;
  refuseDisagreement(results['summary'], { tests: tests.length, ...counts, flaky });
  return {
    tool: isObject(results['tool']) ? textOf(results['tool']['name']) : 'unnamed tool',
    tests: tests.length,
    counts,
    flaky,
    failed: tests.filter(({ status }) => status === 'failed').map(({ name }) => name),
  };
}

function readTest(test: JsonValue): { name: string; status: Status; flaky: boolean } {
  const { name, status: said, flaky } = isObject(test) ? test : ({} as JsonObject);
  const status = statuses.find((known) => known === said);
  if (typeof name !== 'string' || status === undefined)
    throw new Unreadable(
      'unknown_status',
      `test ${textOf(name)}: expected one of ${statuses.join(', ')}, got ${textOf(said)}`,
    );
  return { name, status, flaky: flaky === true };
}

/** The format requires all totals but `flaky`. */
function refuseDisagreement(summary: JsonObject, counted: { [total: string]: number }): void {
  for (const [total, count] of Object.entries(counted)) {
    const declared = summary[total];
    if (declared === count || (declared === undefined && total === 'flaky')) continue;
    throw new Unreadable(
      'totals_disagree',
      `summary declares ${total}=${textOf(declared)}, its tests add up to ${count}`,
    );
  }
}
