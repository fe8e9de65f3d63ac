import { z } from 'zod';

import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { repeatBroken, toControlReport } from '../control-report.ts';
import { refuseFence } from '../no-fence.ts';
import { readNamed, readReport } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { atLeast, fileKeys, refuseFewer } from '../report-spec.ts';
import { firstNames } from '../unreadable.ts';
import { parseJunit } from './parse-junit.ts';

const schema = z.strictObject({ ...fileKeys, minTests: atLeast('tests') });

/** Test results in JUnit XML, as almost every test runner writes them. */
export const junitReader: CheckReader = {
  kind: 'junit',
  summary: 'Counts the cases of JUnit XML reports again and compares them with every total that the reports declare.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['failures == 0', 'errors == 0', 'tests > 0', 'passed > 0'],
  parse: (spec, sources) => readReport(spec, sources, (files) => toFacts(spec, files)),
  negativeControl: (spec) =>
    toControlReport(spec, { name: 'control.xml', mediaType: 'application/xml', text: toBroken(spec) }),
};

function toBroken(spec: JsonObject): string {
  const cases = repeatBroken(
    spec['minTests'],
    (index) => `<testcase name="control ${index}" time="0"><failure message="made to fail"/></testcase>`,
  );
  const totals = `tests="${cases.length}" failures="${cases.length}"`;
  return `<testsuites ${totals}><testsuite name="control" ${totals}>${cases.join('\n')}</testsuite></testsuites>`;
}

function toFacts(spec: JsonObject, files: readonly ObservedSource[]): JsonObject {
  const reports = files.map((file) => readNamed(file, parseJunit));
  const sum = (end: keyof (typeof reports)[number]['total']['counts']): number =>
    reports.reduce((total, report) => total + report.total.counts[end].ends, 0);
  const tests = reports.reduce((total, report) => total + report.total.tests, 0);
  refuseFewer(spec['minTests'], tests, 'tests');
  const times = reports.map((report) => report.timeMs);
  return {
    tests,
    passed: sum('passed'),
    failures: sum('failures'),
    errors: sum('errors'),
    skipped: sum('skipped'),
    disabled: sum('disabled'),
    flaky: sum('flaky'),
    suites: reports.reduce((total, report) => total + report.suites, 0),
    ...(times.includes(null) ? {} : { durationMs: Math.round(times.reduce<number>((a, b) => a + (b ?? 0), 0)) }),
    failed: firstNames(reports.flatMap((report) => report.failed)),
  };
}
