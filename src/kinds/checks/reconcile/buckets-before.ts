import type { ReconcileBuckets, ReconcileReport } from '../../../core/dataset/reconcile/reconcile-report.ts';

/** Returns the buckets of a run before, where its hashes mean the same as those of this one; else null. */
export function bucketsBefore(previous: ReconcileReport | null, now: ReconcileReport): ReconcileBuckets | null {
  return previous !== null && nameHashes(previous) === nameHashes(now) ? previous.buckets : null;
}

/** What a hash depends on besides the rows: another version of a server may make another one of the same record. */
function nameHashes({ dataset, canon, strategy, columns, source, target }: ReconcileReport): string {
  const versions = [source, target].map(({ versions: { engine, server } }) => [engine ?? null, server ?? null]);
  return JSON.stringify([dataset, canon, strategy, columns, strategy === 'native' ? versions : []]);
}
