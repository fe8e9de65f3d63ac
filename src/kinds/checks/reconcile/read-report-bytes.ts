import { z } from 'zod';

import type { ObservedSource } from '../../../core/check/check.ts';
import { canonVersion } from '../../../core/dataset/canon.ts';
import { keptRows, reconcileReportFormat } from '../../../core/dataset/reconcile/reconcile-report.ts';
import type { ReconcileReport } from '../../../core/dataset/reconcile/reconcile-report.ts';
import { parseJson } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';

export const reportName = 'reconcile.json';

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const value = z.string().nullable();
const group = z.object({
  cause: z.string(),
  column: z.string().nullable(),
  count,
  samples: z.array(z.object({ key: z.array(value), column: z.string().nullable(), source: value, target: value })),
});

/** What a verdict rests on; everything else of a report is for people, and is kept as it is. */
const shape = z.looseObject({
  format: z.literal(reconcileReportFormat),
  canon: z.literal(canonVersion),
  dataset: z.string(),
  strategy: z.enum(['native', 'bucket', 'stream', 'sample']),
  notes: z.array(z.looseObject({ column: z.string(), code: z.string(), message: z.string(), blocks: z.boolean() })),
  counts: z.object({ source: count, target: count, compared: count, skipped: z.record(z.string(), count) }),
  differences: z.object({ missing: count, extra: count, changed: count, groups: z.array(group) }),
  inFlight: count,
  rechecks: z.array(z.looseObject({ persisting: count })),
  tolerated: z.record(z.string(), count),
  systematic: z.array(z.object({ column: z.string(), differing: count, sampled: count, guess: z.string().nullable() })),
  inconclusive: z.string().nullable(),
});

/** Returns the report of a source, or throws `Unreadable`: a report whose own numbers contradict each other proves nothing. */
export function readReportBytes(sources: readonly ObservedSource[], dataset: string): ReconcileReport {
  const [source] = sources;
  if (source === undefined || sources.length !== 1 || source.name !== reportName)
    throw new Unreadable('missing', `expected the source ${reportName}, got ${sources.length} sources`);
  const read = shape.safeParse(parseJson(source.bytes));
  if (!read.success) throw new Unreadable('malformed', `expected a report of ${reconcileReportFormat}, got other JSON`);
  const report = read.data as unknown as ReconcileReport;
  if (report.dataset !== dataset)
    throw new Unreadable('other_dataset', `expected a report of ${dataset}, got one of another dataset`);
  refuseContradictions(report);
  return report;
}

function refuseContradictions(report: ReconcileReport): void {
  const { differences } = report;
  const { missing, extra, changed, groups } = differences;
  const sumOf = (isOf: (cause: string) => boolean): number =>
    groups.filter(({ cause }) => isOf(cause)).reduce((sum, { count: part }) => sum + part, 0);
  const values = sumOf((cause) => cause !== 'missing' && cause !== 'extra');
  const contradicts =
    sumOf((cause) => cause === 'missing') !== missing || sumOf((cause) => cause === 'extra') !== extra;
  // A changed row has at least one column that differs.
  if (contradicts || values < changed || (changed === 0) !== (values === 0))
    throw new Unreadable('contradiction', 'expected differences that add up, got groups that do not');
  // Rows on their way excuse counts that differ, so that there have to be looks which they were gone in.
  const { inFlight, rechecks } = report;
  const last = rechecks.at(-1)?.persisting;
  if (inFlight > 0 && (inFlight > keptRows || last !== missing + extra + changed))
    throw new Unreadable('contradiction', 'expected rows on their way that were looked at again, got others');
}
