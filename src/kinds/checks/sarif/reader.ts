import { z } from 'zod';

import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { toJsonControl } from '../control-report.ts';
import { refuseFence } from '../no-fence.ts';
import { readNamed, readReport } from '../read-report.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { fileKeys } from '../report-spec.ts';
import { firstNames } from '../unreadable.ts';
import { parseSarif } from './parse-sarif.ts';
import type { SarifResult } from './parse-sarif.ts';

const schema = z.strictObject({ ...fileKeys });
const brokenReport = {
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'control' } },
      results: [{ ruleId: 'control', level: 'error', message: { text: 'made to fail' } }],
    },
  ],
};

/** Results of static analysis and scanners in SARIF 2.1.0. */
export const sarifReader: CheckReader = {
  kind: 'sarif',
  summary:
    'Counts the open results of SARIF 2.1.0 reports by level, with levels from the rules and suppressions taken into account.',
  jsonSchema: toJsonSchema(schema),
  readSpec: (written) => readSchema(schema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['runs > 0', 'open.error == 0', 'open.undecided == 0', 'toolErrors == 0'],
  parse: (spec, sources) => readReport(spec, sources, toFacts),
  negativeControl: (spec) => toJsonControl(spec, brokenReport, 'application/sarif+json'),
};

function toFacts(files: readonly ObservedSource[]): JsonObject {
  const reports = files.map((file) => readNamed(file, parseSarif));
  const results = reports.flatMap((report) => report.results);
  const open = results.filter((result) => result.open);
  return {
    runs: reports.reduce((sum, report) => sum + report.runs, 0),
    tools: firstNames([...new Set(reports.flatMap((report) => report.tools))]),
    results: results.length,
    open: { total: open.length, ...byLevel(open), undecided: open.filter((result) => result.undecided).length },
    new: { total: open.filter((result) => !result.known).length, ...byLevel(open.filter((result) => !result.known)) },
    suppressed: results.length - open.length,
    toolErrors: reports.reduce((sum, report) => sum + report.toolErrors, 0),
    rules: firstNames([...new Set(open.filter((result) => result.level === 'error').map((result) => result.rule))]),
  };
}

function byLevel(results: readonly SarifResult[]): JsonObject {
  const counts = { error: 0, warning: 0, note: 0, none: 0 };
  for (const { level } of results) counts[level] += 1;
  return counts;
}
