import { z } from 'zod';

import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { toJsonControl } from '../control-report.ts';
import { refuseFence } from '../no-fence.ts';
import { readNamed, readReport } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { fileKeys } from '../report-spec.ts';
import { firstNames } from '../unreadable.ts';
import { parseK6 } from './parse-k6.ts';
import type { K6Summary, Tally } from './parse-k6.ts';

const schema = z.strictObject({ ...fileKeys });
const brokenReport = {
  root_group: {
    name: '',
    path: '',
    id: '',
    groups: [],
    checks: [{ name: 'control', path: '::control', id: '', passes: 0, fails: 1 }],
  },
  metrics: {
    iterations: { type: 'counter', contains: 'default', values: { count: 1, rate: 1 } },
    checks: {
      type: 'rate',
      contains: 'default',
      values: { rate: 0, passes: 0, fails: 1 },
      thresholds: { 'rate>0.99': { ok: false } },
    },
    http_req_failed: { type: 'rate', contains: 'default', values: { rate: 1, passes: 1, fails: 0 } },
    http_req_duration: { type: 'trend', contains: 'time', values: { 'p(95)': 60_000 } },
  },
};

/** Load test results of k6. */
export const k6Reader: CheckReader = {
  kind: 'k6',
  summary:
    'Reads the end-of-test summary of k6: thresholds held against their own values, and the checks, which no threshold needs to cover.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['thresholds.failed == 0', 'thresholds.total > 0', 'checks.fails == 0'],
  parse: (spec, sources) => readReport(spec, sources, toFacts),
  negativeControl: (spec) => toJsonControl(spec, brokenReport),
};

/** Several summaries are added up; of latencies, which cannot be added, the worst stands. */
function toFacts(files: readonly ObservedSource[]): JsonObject {
  const summaries = files.map((file) => readNamed(file, parseK6));
  const thresholds = summaries.flatMap((summary) => summary.thresholds);
  const crossed = thresholds.filter((threshold) => !threshold.ok);
  return {
    runs: summaries.length,
    iterations: summaries.reduce((sum, summary) => sum + summary.iterations, 0),
    thresholds: {
      total: thresholds.length,
      failed: crossed.length,
      names: firstNames(crossed.map(({ name }) => name)),
    },
    ...rateFacts('checks', summaries, (summary) => summary.checks),
    failedChecks: firstNames(summaries.flatMap((summary) => summary.failedChecks)),
    ...rateFacts('http_req_failed', summaries, (summary) => summary.requestsFailed),
    ...worst(
      summaries.map((summary) => summary.durationP95),
      (p95) => ({ http_req_duration: { p95 } }),
    ),
    ...worst(
      summaries.map((summary) => summary.testRunMs),
      (longest) => ({ durationMs: Math.round(longest) }),
    ),
  };
}

/** A run that has no such metric leaves the sum unknown: what it did not measure must not look measured. */
function rateFacts(
  name: string,
  summaries: readonly K6Summary[],
  pick: (summary: K6Summary) => Tally | null,
): JsonObject {
  const tallies = summaries.map(pick);
  if (tallies.includes(null)) return {};
  const passes = tallies.reduce((sum, tally) => sum + tally!.passes, 0);
  const fails = tallies.reduce((sum, tally) => sum + tally!.fails, 0);
  if (passes + fails === 0) return {};
  return { [name]: { passes, fails, rate: passes / (passes + fails) } };
}

function worst(values: readonly (number | null)[], toFact: (greatest: number) => JsonObject): JsonObject {
  return values.includes(null) ? {} : toFact(Math.max(...values.map(Number)));
}
