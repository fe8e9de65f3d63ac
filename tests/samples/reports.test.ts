import type { JsonObject } from '@tminus/verify';
import { afterAll, describe, expect, it } from 'vitest';

import type { CheckReader, Reading } from '../../src/core/check/check.ts';
import { axeReader } from '../../src/kinds/checks/axe/reader.ts';
import { coverageReader } from '../../src/kinds/checks/coverage/reader.ts';
import { ctrfReader } from '../../src/kinds/checks/ctrf/reader.ts';
import { dbtReader } from '../../src/kinds/checks/dbt/reader.ts';
import { greatExpectationsReader } from '../../src/kinds/checks/great-expectations/reader.ts';
import { junitReader } from '../../src/kinds/checks/junit/reader.ts';
import { k6Reader } from '../../src/kinds/checks/k6/reader.ts';
import { lighthouseReader } from '../../src/kinds/checks/lighthouse/reader.ts';
import { playwrightReader } from '../../src/kinds/checks/playwright/reader.ts';
import { sarifReader } from '../../src/kinds/checks/sarif/reader.ts';
import { hasSamples, judgeByDefault, listSamples, readAs, readSample } from './sample-file.ts';

/** What a careful reader sees in one real report: facts, or the code and a word of the reason why there are none. */
type Seen = { outcome: 'pass' | 'fail' | 'unknown'; facts: JsonObject } | { code: string; reason: string };
type Family = { folder: string; reader: CheckReader; seen: { [sample: string]: Seen } };

const junit: Family['seen'] = {
  'bad-duration.xml': { code: 'totals_disagree', reason: 'tests=1, its cases add up to 2' },
  'declares-tests-without-cases.xml': { code: 'totals_disagree', reason: 'tests=6, its cases add up to 0' },
  'empty-0-bytes.xml': { code: 'empty', reason: 'zero bytes' },
  'go-035.xml': { outcome: 'pass', facts: { tests: 9, passed: 9, failures: 0, errors: 0, suites: 1 } },
  'go-104.xml': {
    outcome: 'fail',
    facts: { tests: 1, passed: 0, failures: 1, failed: ['package/name/race > TestRace'] },
  },
  'gtest-disabled.xml': {
    outcome: 'fail',
    facts: { tests: 31, passed: 6, failures: 19, errors: 1, skipped: 0, disabled: 5, suites: 2 },
  },
  'jest-huge.xml': {
    outcome: 'fail',
    facts: { tests: 4239, passed: 4207, failures: 2, errors: 0, skipped: 30, suites: 400 },
  },
  'jest-junit.xml': { outcome: 'fail', facts: { tests: 6, passed: 1, failures: 4, errors: 0, skipped: 1 } },
  'multiple-results-per-case.xml': {
    outcome: 'fail',
    facts: { tests: 4, passed: 1, failures: 1, errors: 1, skipped: 1, durationMs: 1158 },
  },
  'nested-multi-level.xml': { code: 'totals_disagree', reason: 'tests=27, its cases add up to 1' },
  'nested-testsuite.xml': { outcome: 'pass', facts: { tests: 5, passed: 5, suites: 4, durationMs: 4807 } },
  'no-attributes.xml': { outcome: 'fail', facts: { tests: 4, passed: 1, failures: 1, errors: 1, skipped: 1 } },
  'not-junit.xml': { code: 'wrong_format', reason: 'as the root of JUnit, got suites' },
  'pytest-corrupt.xml': { code: 'malformed', reason: 'unclosed tag: skipped' },
  'pytest-fail.xml': {
    outcome: 'fail',
    facts: { tests: 5, passed: 3, failures: 1, skipped: 1, failed: ['test.test_spark.SparkTests > test_rsh_events'] },
  },
  'python-unittest.xml': { outcome: 'fail', facts: { tests: 8, passed: 4, failures: 1, errors: 1, skipped: 2 } },
  'surefire-corrupt.xml': { code: 'malformed', reason: 'unclosed' },
  'surefire-failures.xml': { outcome: 'fail', facts: { tests: 5, passed: 2, failures: 2, skipped: 1 } },
  'surefire-flaky.xml': { code: 'totals_disagree', reason: 'tests=3, its cases add up to 1' },
  'unsupported-unicode.xml': {
    outcome: 'fail',
    facts: {
      tests: 7,
      passed: 1,
      failures: 2,
      errors: 2,
      skipped: 2,
      failed: ['test 4', 'test 5', 'test 6', 'test 7'],
    },
  },
  'xxe-external-entity.xml': { code: 'entities_refused', reason: 'DOCTYPE' },
};

const lcov: Family['seen'] = {
  'coverlet-lcov.info': {
    code: 'totals_disagree',
    reason: 'ClassWithExcludes.cs declares FNF=6, its records add up to 3',
  },
  'cpp-lcov.info': {
    outcome: 'unknown',
    facts: {
      files: 3,
      lines: { covered: 17, total: 19, fraction: 17 / 19 },
      functions: { covered: 3, total: 3, fraction: 1 },
    },
  },
  'istanbul-lcov.info': {
    outcome: 'fail',
    facts: {
      files: 1,
      lines: { covered: 47, total: 52, fraction: 47 / 52 },
      functions: { covered: 10, total: 10, fraction: 1 },
      branches: { covered: 9, total: 16, fraction: 9 / 16 },
    },
  },
  'reportgenerator-lcov.info': {
    outcome: 'fail',
    facts: {
      files: 5,
      lines: { covered: 75, total: 108, fraction: 75 / 108 },
      branches: { covered: 4, total: 8, fraction: 0.5 },
    },
  },
};

const cobertura: Family['seen'] = {
  'coverlet.xml': {
    outcome: 'fail',
    facts: {
      lines: { covered: 156, total: 255, fraction: 156 / 255 },
      branches: { covered: 9, total: 14, fraction: 9 / 14 },
    },
  },
  'gcovr.xml': {
    outcome: 'fail',
    facts: {
      lines: { covered: 345, total: 572, fraction: 345 / 572 },
      branches: { covered: 100, total: 252, fraction: 100 / 252 },
    },
  },
  'java-multi-source.xml': {
    outcome: 'fail',
    facts: { roots: 2, files: 7, lines: { covered: 24, total: 36, fraction: 24 / 36 } },
  },
  'lots-of-data.xml': { code: 'totals_disagree', reason: 'line-rate=0.07023176536169118, its lines add up to 0.6284' },
  'matlab.xml': { outcome: 'fail', facts: { files: 9, lines: { covered: 103, total: 278, fraction: 103 / 278 } } },
  'npe.xml': {
    outcome: 'fail',
    facts: { lines: { covered: 44, total: 53, fraction: 44 / 53 }, branches: { covered: 3, total: 4, fraction: 0.75 } },
  },
};

const sarif: Family['seen'] = {
  'codeql.sarif': {
    outcome: 'fail',
    facts: { tools: ['CodeQL'], results: 72, open: { total: 72, error: 11, warning: 4, note: 57 } },
  },
  'minimal-no-results.sarif': { outcome: 'pass', facts: { runs: 1, results: 0, open: { total: 0 } } },
  'no-runs.sarif': { code: 'nothing_scanned', reason: 'nothing was scanned' },
  'semgrep.sarif.json': {
    outcome: 'fail',
    facts: { results: 77, open: { total: 77, error: 35, warning: 42 }, toolErrors: 0 },
  },
  'suppressed.sarif': {
    outcome: 'pass',
    facts: { results: 5, suppressed: 3, open: { total: 2, warning: 2, error: 0 } },
  },
  'trivy-alpine.sarif': {
    outcome: 'pass',
    facts: { tools: ['Trivy'], results: 4, open: { total: 4, warning: 4, error: 0 } },
  },
};

const k6: Family['seen'] = {
  'handlesummary-grpc.json': {
    outcome: 'fail',
    facts: {
      thresholds: { total: 2, failed: 1, names: ['fake_rate: rate >= 0.8'] },
      checks: { passes: 9615, fails: 0, rate: 1 },
    },
  },
  'handlesummary-simple.json': {
    outcome: 'fail',
    facts: {
      thresholds: { total: 2, failed: 0, names: [] },
      checks: { passes: 529, fails: 349, rate: 529 / 878 },
      failedChecks: ['Status is ok'],
    },
  },
  'summary-passing.json': {
    outcome: 'pass',
    facts: { iterations: 54, thresholds: { total: 2, failed: 0 }, checks: { passes: 216, fails: 0 } },
  },
};

const lighthouse: Family['seen'] = {
  'lhr-3.0.0.json': {
    outcome: 'fail',
    facts: { versions: ['3.0.0'], scores: { performance: 1, pwa: 0.5, accessibility: 0.88 } },
  },
  'sample-current.json': {
    outcome: 'fail',
    facts: {
      versions: ['13.4.1'],
      scores: { performance: 0.32, 'agentic-browsing': 0.3 },
      lcpMs: 10884.681,
      cls: 0.099576,
    },
  },
};

const axe: Family['seen'] = {
  'axe-cli-array.json': {
    outcome: 'pass',
    facts: { pages: 1, urls: ['http://localhost:5176/'], violations: { total: 0 }, passes: 36 },
  },
  'reporter-raw.json': {
    outcome: 'fail',
    facts: { pages: 1, urls: [], violations: { total: 1, serious: 1, nodes: 1 }, rules: ['document-title'] },
  },
  'reporter-v1.json': { outcome: 'fail', facts: { pages: 1, violations: { total: 1, serious: 1, nodes: 1 } } },
  'reporter-v2.json': { outcome: 'fail', facts: { pages: 1, violations: { total: 1, serious: 1, nodes: 1 } } },
};

const ctrf: Family['seen'] = {
  'comprehensive.json': {
    outcome: 'fail',
    facts: { tests: 3, passed: 2, failed: 1, flaky: 1, names: ['admin dashboard loads'] },
  },
  'report.json': {
    outcome: 'fail',
    facts: { tests: 10, passed: 5, failed: 2, skipped: 1, pending: 1, other: 1, flaky: 3 },
  },
  'test.json': { outcome: 'pass', facts: { tests: 65, passed: 65, failed: 0 } },
  'with-retries.json': { outcome: 'pass', facts: { tests: 2, passed: 2, flaky: 1 } },
};

// The notes beside these samples have the counts of the three files rotated by one; these were counted in the bytes.
const playwright: Family['seen'] = {
  'invalid.json': { code: 'wrong_format', reason: 'expected a JSON report of Playwright' },
  'nested.json': { outcome: 'pass', facts: { tests: 45, expected: 45, unexpected: 0, flaky: 0, skipped: 0 } },
  'sharded.json': { outcome: 'fail', facts: { tests: 27, expected: 22, unexpected: 1, flaky: 1, skipped: 3 } },
  'without-duration.json': { code: 'partial', reason: 'expected all 2 shards, got 1' },
};

const dbt: Family['seen'] = {
  'fail/manifest.json': { code: 'wrong_format', reason: 'got other JSON' },
  'fail/run_results.json': {
    outcome: 'fail',
    facts: { nodes: 4, passed: 2, errors: 1, skipped: 1, versions: ['0.21.0'] },
  },
  'run_results_1.12.json': { outcome: 'pass', facts: { nodes: 46, passed: 46, versions: ['1.12.0'] } },
  'run_results_v1.json': { outcome: 'pass', facts: { nodes: 8, passed: 8, versions: ['0.19.1'] } },
  'sources.json': { outcome: 'pass', facts: { nodes: 1, passed: 1, artifacts: ['sources'] } },
  'test/run_results.json': { outcome: 'fail', facts: { nodes: 14, passed: 10, failed: 4 } },
};

const greatExpectations: Family['seen'] = {
  'operator-multiple.json': { outcome: 'fail', facts: { validations: 2, evaluated: 22, unsuccessful: 4, raised: 0 } },
  'titanic-with-exceptions.json': { outcome: 'fail', facts: { evaluated: 10, unsuccessful: 4, raised: 4 } },
  'titanic.json': { outcome: 'fail', facts: { evaluated: 10, unsuccessful: 1, raised: 0 } },
  'with-exception.json': { outcome: 'fail', facts: { evaluated: 51, unsuccessful: 9, raised: 1 } },
};

const families: Family[] = [
  { folder: 'junit', reader: junitReader, seen: junit },
  { folder: 'lcov', reader: coverageReader, seen: lcov },
  { folder: 'cobertura', reader: coverageReader, seen: cobertura },
  { folder: 'sarif', reader: sarifReader, seen: sarif },
  { folder: 'k6', reader: k6Reader, seen: k6 },
  { folder: 'lighthouse', reader: lighthouseReader, seen: lighthouse },
  { folder: 'axe', reader: axeReader, seen: axe },
  { folder: 'ctrf', reader: ctrfReader, seen: ctrf },
  { folder: 'playwright', reader: playwrightReader, seen: playwright },
  { folder: 'dbt', reader: dbtReader, seen: dbt },
  { folder: 'great-expectations', reader: greatExpectationsReader, seen: greatExpectations },
];
const table: string[] = [];

function readOne({ sample, reader }: { sample: string; reader: CheckReader }): { reading: Reading; outcome: string } {
  const reading = readAs(reader, readSample(sample));
  const outcome = judgeByDefault(reader, reading);
  const read =
    reading.state === 'readable'
      ? JSON.stringify(reading.facts)
      : `${reading.trouble.code}: ${reading.trouble.message}`;
  table.push(`${sample.padEnd(40)} ${outcome.padEnd(8)} ${read.slice(0, 150)}`);
  return { reading, outcome };
}

describe.skipIf(!hasSamples)('real reports (skipped where ../shared/samples does not stand beside the project)', () => {
  it.each(families)('T24 every sample of $folder is read, none is left out', ({ folder, seen }) => {
    expect(listSamples(folder)).toEqual(
      Object.keys(seen)
        .toSorted()
        .map((name) => `${folder}/${name}`),
    );
  });

  const samples = families.flatMap(({ folder, reader, seen }) =>
    Object.entries(seen).map(([name, what]) => ({ sample: `${folder}/${name}`, reader, what })),
  );
  it.each(samples.filter(({ what }) => 'facts' in what))(
    'T24 O23 $sample says what a careful reader sees in it',
    (given) => {
      const { reading, outcome } = readOne(given);
      expect(reading).toMatchObject({ state: 'readable', facts: 'facts' in given.what && given.what.facts });
      expect(outcome).toBe('facts' in given.what && given.what.outcome);
    },
  );

  it.each(samples.filter(({ what }) => 'code' in what))(
    'T24 O23 $sample is refused for what a careful reader sees in it',
    (given) => {
      const { reading, outcome } = readOne(given);
      const { code, reason } = given.what as { code: string; reason: string };
      expect(reading).toMatchObject({
        state: 'unreadable',
        trouble: { code, message: expect.stringContaining(reason) },
      });
      expect(outcome).toBe('unknown');
    },
  );

  // Printed for people: the run of the tests is the place where what we read of real reports can be looked at.
  afterAll(() => process.stdout.write(`\nsample -> what is read of it\n${table.join('\n')}\n`));
});
