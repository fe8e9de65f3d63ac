import type { JsonObject } from '@tminus/verify';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { canonVersion } from '../../../core/dataset/canon.ts';
import { judgeReconcile, reconcileReportFormat } from '../../../core/dataset/reconcile/reconcile-report.ts';
import type { ReconcileReport } from '../../../core/dataset/reconcile/reconcile-report.ts';
import { refuseFence } from '../no-fence.ts';
import { textOf } from '../parse-json.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { toPlainText, toReading } from '../unreadable.ts';
import { readReportBytes, reportName } from './read-report-bytes.ts';
import { reconcileSchema } from './schema.ts';

/** Whether both sides of a dataset hold the same records: read again from the numbers of the report, never from a verdict in it. */
export const reconcileReader: CheckReader = {
  kind: 'reconcile',
  summary: 'Compares a dataset on both sides, record by record, and names what differs by cause.',
  jsonSchema: toJsonSchema(reconcileSchema),
  readSpec: (written) => readSchema(reconcileSchema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['verdict == equal'],
  parse: (spec, sources) => toReading(() => toFacts(readReportBytes(sources, textOf(spec['dataset'])))),
  negativeControl: (spec) => [toSource(toBroken(textOf(spec['dataset'])))],
};

/** The bytes of a report, as evidence keeps them. */
export function toSource(report: ReconcileReport): ObservedSource {
  return { name: reportName, mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(report, null, 1)) };
}

function toFacts(report: ReconcileReport): JsonObject {
  const { counts, differences, systematic } = report;
  const { verdict, reason } = judgeReconcile(report);
  const skipped = Object.values(counts.skipped).reduce((sum, count) => sum + count, 0);
  return {
    verdict,
    reason: toPlainText(reason),
    strategy: report.strategy,
    source: counts.source,
    target: counts.target,
    compared: counts.compared,
    skipped,
    missing: differences.missing,
    extra: differences.extra,
    changed: differences.changed,
    inFlight: report.inFlight,
    tolerated: Object.values(report.tolerated).reduce((sum, count) => sum + count, 0),
    systematic: systematic.length,
    causes: differences.groups.slice(0, 50).map(({ cause, column, count }) => ({
      cause: toPlainText(cause),
      column: column === null ? null : toPlainText(column),
      count,
    })),
  };
}

/** One record of a hundred is missing: whatever is expected of a clean comparison must not hold here. */
function toBroken(dataset: string): ReconcileReport {
  const group = { cause: 'missing' as const, column: null, count: 1, samples: [] };
  return {
    format: reconcileReportFormat,
    canon: canonVersion,
    dataset,
    source: { on: 'control', table: 'control', versions: {} },
    target: { on: 'control', table: 'control', versions: {} },
    startedAt: '2000-01-01T00:00:00.000Z',
    endedAt: '2000-01-01T00:00:01.000Z',
    seed: 1,
    strategy: 'stream',
    plan: [],
    columns: [],
    omitted: [],
    notes: [],
    counts: { source: 100, target: 99, compared: 100, skipped: {} },
    differences: { missing: 1, extra: 0, changed: 0, groups: [group] },
    inFlight: 0,
    rechecks: [],
    tolerated: {},
    systematic: [],
    inconclusive: null,
    bytes: { source: 0, target: 0 },
    buckets: null,
  };
}
