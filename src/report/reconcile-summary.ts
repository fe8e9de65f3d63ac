import { describeSystematic, judgeReconcile } from '../core/dataset/reconcile/reconcile-report.ts';
import type { ReconcileReport } from '../core/dataset/reconcile/reconcile-report.ts';

/** A table of a report: head, rows of text, and which columns are numbers. */
export interface ReportTable {
  title: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A comparison as people read it, before it is text, Markdown or HTML. */
export interface ReconcileSummary {
  title: string;
  verdict: string;
  reason: string;
  /** One fact a line: what was compared, how, and what nobody looked at. */
  lines: readonly string[];
  tables: readonly ReportTable[];
}

const number = new Intl.NumberFormat('en');

/** Returns what a report says, in the order in which people ask: the verdict, how much, what differs and why, how it was found out, what was not looked at. */
export function summarizeReconcile(report: ReconcileReport): ReconcileSummary {
  const { verdict, reason } = judgeReconcile(report);
  const { source, target } = report;
  return {
    title: `${report.dataset}: ${source.on}.${source.table} against ${target.on}.${target.table}`,
    verdict,
    reason,
    lines: [
      countLine(report),
      ...report.systematic.map(describeSystematic),
      ...(report.inFlight > 0
        ? [
            `${number.format(report.inFlight)} rows differed for a moment and were the same when they were looked at again`,
          ]
        : []),
      ...Object.entries(report.tolerated).map(
        ([column, count]) => `${number.format(count)} values of ${column} differ within what is declared`,
      ),
      ...report.notes.map(({ column, message }) => `${column}: ${message}`),
      ...report.omitted.map(({ column, reason: why }) => `${column} was left out: ${why}`),
      ...changedLine(report),
    ],
    tables: [causesTable(report), samplesTable(report), planTable(report)].filter(({ rows }) => rows.length > 0),
  };
}

function countLine({ counts, strategy }: ReconcileReport): string {
  const skipped = Object.entries(counts.skipped).map(
    ([reason, count]) => `${number.format(count)} skipped as ${reason}`,
  );
  const parts = [`${number.format(counts.source)} records`, ...skipped, `${number.format(counts.compared)} compared`];
  return `${parts.join(', ')} with ${number.format(counts.target)} rows (${strategy})`;
}

function changedLine({ buckets }: ReconcileReport): string[] {
  if (buckets?.changed == null) return [];
  const { source, target } = buckets.changed;
  return [
    `since the run before, ${source} of ${buckets.source.length} parts of the source changed, and ${target} of the target`,
  ];
}

function causesTable({ differences }: ReconcileReport): ReportTable {
  const rows = differences.groups.map(({ cause, column, count }) => [cause, column ?? '', number.format(count)]);
  return { title: 'What differs', head: ['cause', 'column', 'rows'], rows };
}

function samplesTable({ differences }: ReconcileReport): ReportTable {
  const rows = differences.groups.flatMap(({ cause, samples }) =>
    samples.map(({ key, column, source, target }) => [
      key.map(show).join(', '),
      cause,
      column ?? '',
      column === null ? '' : show(source),
      column === null ? '' : show(target),
    ]),
  );
  return { title: 'The first of each cause', head: ['key', 'cause', 'column', 'source', 'target'], rows };
}

function planTable({ plan }: ReconcileReport): ReportTable {
  return { title: 'How it was found out', head: ['did', 'saw'], rows: plan.map(({ did, saw }) => [did, saw]) };
}

function show(value: string | null): string {
  return value === null ? 'null' : JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
}
