import { z } from 'zod';

import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { repeatBroken, toJsonControl } from '../control-report.ts';
import { refuseFence } from '../no-fence.ts';
import { readNamed, readReport } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { atLeast, fileKeys, refuseFewer } from '../report-spec.ts';
import { firstNames } from '../unreadable.ts';
import { parseCtrf } from './parse-ctrf.ts';

const schema = z.strictObject({ ...fileKeys, minTests: atLeast('tests') });

/** Test results in the Common Test Report Format. */
export const ctrfReader: CheckReader = {
  kind: 'ctrf',
  summary: 'Counts the tests of CTRF reports again and compares them with the summary that the reports declare.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['failed == 0', 'other == 0', 'tests > 0', 'passed > 0'],
  parse: (spec, sources) => readReport(spec, sources, (files) => toFacts(spec, files)),
  negativeControl: (spec) => toJsonControl(spec, toBroken(spec)),
};

function toBroken(spec: JsonObject): JsonObject {
  const tests = repeatBroken(spec['minTests'], (index) => ({
    name: `control ${index}`,
    status: 'failed',
    duration: 0,
  }));
  const failed = tests.length;
  const summary = { tests: failed, passed: 0, failed, skipped: 0, pending: 0, other: 0, start: 0, stop: 0 };
  return { results: { tool: { name: 'control' }, summary, tests } };
}

function toFacts(spec: JsonObject, files: readonly ObservedSource[]): JsonObject {
  const reports = files.map((file) => readNamed(file, parseCtrf));
  const tests = reports.reduce((sum, report) => sum + report.tests, 0);
  refuseFewer(spec['minTests'], tests, 'tests');
  const sum = (status: keyof (typeof reports)[number]['counts']): number =>
    reports.reduce((total, report) => total + report.counts[status], 0);
  return {
    tests,
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    pending: sum('pending'),
    other: sum('other'),
    flaky: reports.reduce((total, report) => total + report.flaky, 0),
    tools: firstNames([...new Set(reports.map((report) => report.tool))]),
    names: firstNames(reports.flatMap((report) => report.failed)),
  };
}
