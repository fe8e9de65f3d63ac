import { canonVersion } from '../../../core/dataset/canon.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { reconcileReportFormat } from '../../../core/dataset/reconcile/reconcile-report.ts';
import type { ReconcileReport } from '../../../core/dataset/reconcile/reconcile-report.ts';
import type { Comparison } from './comparison.ts';

/** The report of a comparison in which nothing was looked at yet: what is compared, how it is read, and what nobody looks at. */
export function emptyReport({ dataset, agreement, source, target, seed }: Comparison): ReconcileReport {
  if (dataset.target === null) throw new DatastoreTrouble('no_target', `${dataset.id}: expected a target, got none`);
  return {
    format: reconcileReportFormat,
    canon: canonVersion,
    dataset: dataset.id,
    source: { ...dataset.source, versions: source.session.versions },
    target: { ...dataset.target, versions: target.session.versions },
    startedAt: '',
    endedAt: '',
    seed,
    strategy: 'sample',
    plan: [],
    columns: agreement.columns.map(({ source: from, target: to, steps }) => ({
      source: from?.name ?? null,
      target: to.name,
      type: to.type,
      scale: to.scale,
      steps: steps.map(({ does, arguments: given }) => [does, ...given].join(' ')),
      tolerance: dataset.tolerances
        .filter(({ column }) => column === to.name)
        .map(({ kind, amount }) => [kind, amount ?? ''].join(' ').trim()),
    })),
    omitted: [...dataset.omit],
    notes: [...agreement.notes],
    counts: { source: 0, target: 0, compared: 0, skipped: {} },
    differences: { missing: 0, extra: 0, changed: 0, groups: [] },
    inFlight: 0,
    rechecks: [],
    tolerated: {},
    systematic: [],
    inconclusive: null,
    bytes: { source: 0, target: 0 },
    buckets: null,
  };
}
