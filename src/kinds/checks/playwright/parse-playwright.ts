import type { JsonObject, JsonValue } from '@tminus/verify';

import { isObject, parseJson, textOf } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';

const outcomes = ['expected', 'unexpected', 'flaky', 'skipped'] as const;
type Outcome = (typeof outcomes)[number];

/** What one JSON report of Playwright Test says, counted test by test. */
export interface PlaywrightReport {
  counts: { [outcome in Outcome]: number };
  unexpected: string[];
  /** Errors outside any test, such as a file that does not load. */
  errors: number;
  shard: { current: number; total: number } | null;
}

interface PlaywrightTest {
  title: string;
  outcome: Outcome;
}

/**
 * Returns what a JSON report of Playwright Test says. Throws `Unreadable` where it is none, holds no test, declares statistics that its
 * tests do not add up to, or calls a test expected whose runs say otherwise.
 */
export function parsePlaywright(bytes: Uint8Array): PlaywrightReport {
  const report = parseJson(bytes);
  if (!isObject(report) || !isObject(report['config']) || !Array.isArray(report['suites']))
    throw new Unreadable('wrong_format', 'expected a JSON report of Playwright with config and suites, got other JSON');
  const tests = report['suites'].flatMap(listTests);
  if (tests.length === 0) throw new Unreadable('no_tests', 'expected at least one test, got none');
  const counts = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 };
  for (const { outcome } of tests) counts[outcome] += 1;
  refuseDisagreement(report['stats'], counts);
  return {
    counts,
    unexpected: tests.filter(({ outcome }) => outcome === 'unexpected').map(({ title }) => title),
    errors: Array.isArray(report['errors']) ? report['errors'].length : 0,
    shard: readShard(report['config']['shard']),
  };
}

function listTests(suite: JsonValue): PlaywrightTest[] {
  if (!isObject(suite)) throw new Unreadable('wrong_format', 'expected suites to be objects, got another value');
  const own = listOf(suite, 'specs').flatMap((spec) =>
    listOf(spec, 'tests').map((test) => ({
      title: textOf(isObject(spec) ? spec['title'] : null),
      outcome: readOutcome(test),
    })),
  );
  return [...own, ...listOf(suite, 'suites').flatMap(listTests)];
}

function readOutcome(test: JsonValue): Outcome {
  const said = isObject(test) ? test['status'] : undefined;
  const outcome = outcomes.find((known) => known === said);
  if (!isObject(test) || outcome === undefined)
    throw new Unreadable(
      'unknown_status',
      `expected one of ${outcomes.join(', ')} as the status of a test, got ${textOf(said)}`,
    );
  const runs = listOf(test, 'results').map((result) => (isObject(result) ? result['status'] : null));
  if (outcome === 'expected' && runs.at(-1) !== (test['expectedStatus'] ?? 'passed'))
    throw new Unreadable(
      'totals_disagree',
      `a test is declared expected, its last run ended as ${textOf(runs.at(-1))}`,
    );
  return outcome;
}

function refuseDisagreement(stats: JsonValue | undefined, counts: { [outcome: string]: number }): void {
  if (!isObject(stats)) return;
  for (const [outcome, count] of Object.entries(counts))
    if (stats[outcome] !== count)
      throw new Unreadable(
        'totals_disagree',
        `stats declares ${outcome}=${textOf(stats[outcome])}, its tests add up to ${count}`,
      );
}

function readShard(shard: JsonValue | undefined): PlaywrightReport['shard'] {
  if (shard === null || shard === undefined) return null;
  const { current, total } = isObject(shard) ? shard : ({} as JsonObject);
  if (typeof current !== 'number' || typeof total !== 'number')
    throw new Unreadable('malformed', `expected a shard to say current and total, got ${textOf(shard)}`);
  return { current, total };
}

function listOf(value: JsonValue, key: string): JsonValue[] {
  const list = isObject(value) ? (value[key] ?? []) : null;
  if (!Array.isArray(list)) throw new Unreadable('wrong_format', `expected ${key} to be a list, got another value`);
  return list;
}
