import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { canonVersion } from '../../../core/dataset/canon.ts';
import { judgeRules, rulesReportFormat } from '../../../core/dataset/rules/rules-report.ts';
import type { RulesReport } from '../../../core/dataset/rules/rules-report.ts';
import { refuseFence } from '../no-fence.ts';
import { textOf } from '../parse-json.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { toPlainText, toReading } from '../unreadable.ts';
import { readReportBytes, reportName } from './read-report-bytes.ts';
import { dataRulesSchema } from './schema.ts';

/** Whether the rows of a dataset keep its rules: read again from the numbers of the report, never from a verdict in it. */
export const dataRulesReader: CheckReader = {
  kind: 'data-rules',
  summary:
    'The rows of a dataset keep the rules that it declares: orphans, repeats, implications, values, sums, counts.',
  jsonSchema: toJsonSchema(dataRulesSchema),
  readSpec: (written) => readSchema(dataRulesSchema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['verdict == holds'],
  parse: (spec, sources) =>
    toReading(() => toFacts(readReportBytes(sources, { dataset: textOf(spec['dataset']), rules: rulesOf(spec) }))),
  negativeControl: (spec) => [toSource(toBroken(textOf(spec['dataset']), rulesOf(spec) ?? ['control']))],
};

/** The bytes of a report, as evidence keeps them. */
export function toSource(report: RulesReport): ObservedSource {
  return { name: reportName, mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(report, null, 1)) };
}

function rulesOf(spec: JsonObject): string[] | null {
  const { rules } = spec;
  return Array.isArray(rules) ? rules.map(textOf) : null;
}

function toFacts(report: RulesReport): JsonObject {
  const { verdict, reason } = judgeRules(report);
  return {
    verdict,
    reason: toPlainText(reason),
    rows: report.rows,
    asked: report.rules.length,
    violations: report.rules.reduce((sum, { violations }) => sum + (violations ?? 0), 0),
    rules: Object.fromEntries(
      report.rules
        .filter(({ violations }) => violations !== null)
        .map(({ rule, checked, applies, violations }) => [toPlainText(rule), { checked, applies, violations }]),
    ),
  };
}

/** One row of a hundred breaks each rule: whatever is expected of clean data must not hold here. */
function toBroken(dataset: string, rules: readonly string[]): RulesReport {
  return {
    format: rulesReportFormat,
    canon: canonVersion,
    dataset,
    on: 'control',
    table: 'control',
    versions: {},
    key: ['id'],
    rows: 100,
    startedAt: '2000-01-01T00:00:00.000Z',
    endedAt: '2000-01-01T00:00:01.000Z',
    rules: rules.map((rule) => ({
      rule,
      kind: 'implies' as const,
      text: 'control',
      how: 'pass' as const,
      note: null,
      checked: 100,
      applies: 100,
      violations: 1,
      samples: [['1']],
    })),
  };
}
