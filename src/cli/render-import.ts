import { importReportFaults } from '../core/dataset/import/import-report.ts';
import type { ImportReport } from '../core/dataset/import/import-report.ts';
import type { ImportCounts } from '../core/dataset/import/tally-import.ts';
import type { ImportProgress } from '../engine/data/import/progress.ts';
import type { ImportBatch, ImportMove } from '../store/import-batch.ts';
import { formatDuration } from './format-duration.ts';

/** A dry run for a person: what would be written, what would not and why, what has to be answered first. */
export function describeReport({ id, mode, report, reportSha256 }: ImportBatch): string {
  const { source, target, counts, questions, notes } = report;
  const faults = importReportFaults(report);
  return [
    `import ${id}: ${report.dataset}, ${mode}, ${report.environment}`,
    `  ${source.on} ${source.table}  ->  ${target.on} ${target.table}`,
    ...describeCounts(counts, { inserted: 'would insert', updated: 'would update' }),
    ...describeGone(report),
    ...questions.map(({ column, message }) => `  ? column ${column} ${message}`),
    ...notes.map(({ column, message }) => `  note: column ${column} ${message}`),
    `  ${report.account.reason}; nothing was changed; dry run ${reportSha256.slice(0, 12)}`,
    ...faults.map((fault) => `  not to be approved: ${fault}`),
    '',
  ].join('\n');
}

function describeGone({ deletions, gone }: ImportReport): string[] {
  if (deletions === null) return ['  a delta: nobody looked for records that are gone from the source'];
  if (!gone) return deletions === 0 ? [] : [`  ${deletions} gone from the source; they stay in the target`];
  const { deleted, edited, absent } = gone.counts;
  const more = deleted > gone.keys.length ? ', ...' : '';
  return [
    `  ${deletions} gone from the source: would delete ${deleted}; ${edited} stay since people have edited them, ${absent} are not there`,
    ...(deleted === 0 ? [] : [`  would delete ${gone.keys.join(', ')}${more}`]),
  ];
}

/** An import for a person: where it stands, what it did, who moved it. */
export function describeBatch(batch: ImportBatch, moves: readonly ImportMove[]): string {
  const result: { counts?: ImportCounts; verification?: { reason: string } | null } | null = batch.result;
  const counts = result?.counts ?? null;
  return [
    `import ${batch.id}: ${batch.dataset}, ${batch.mode}, ${batch.environment}: ${batch.state}`,
    ...(counts === null ? [] : describeCounts(counts, { inserted: 'inserted', updated: 'updated' })),
    ...(result?.verification ? [`  ${result.verification.reason}`] : []),
    ...moves.map(({ at, to, person, detail }) => `  ${at} ${to}${person === null ? '' : ` by ${person}`}: ${detail}`),
    '',
  ].join('\n');
}

function describeCounts(counts: ImportCounts, words: { inserted: string; updated: string }): string[] {
  const reasons = (['skipped', 'invalid', 'conflict'] as const).flatMap((outcome) =>
    Object.entries(counts[outcome]).map(([reason, count]) => `${count} ${outcome}: ${reason}`),
  );
  return [
    `${counts.source} records in the source`,
    `${counts.inserted} ${words.inserted}`,
    `${counts.updated} ${words.updated}`,
    `${counts.recovered} there already`,
    `${counts.unchanged} unchanged`,
    ...reasons,
  ].map((line) => `  ${line}`);
}

/** Returns what a line of progress says: share, rate, time left, lag. */
export function describeProgress(startedAt: number): (progress: ImportProgress) => string {
  let phase = '';
  let since = startedAt;
  let last = startedAt;
  return (progress) => {
    if (progress.phase !== phase) {
      phase = progress.phase;
      // What is told first of a phase was done since the last word of the one before.
      since = last;
    }
    last = performance.now();
    const seconds = Math.max((last - since) / 1000, 0.001);
    const rate = progress.done / seconds;
    const share = progress.total === 0 ? 100 : (100 * progress.done) / progress.total;
    const left =
      rate === 0
        ? 'unknown'
        : formatDuration(Math.max(0, Math.round((1000 * (progress.total - progress.done)) / rate)));
    const lag = progress.lagMs === null ? '' : `, lag ${(progress.lagMs / 1000).toFixed(1)} s`;
    return `${phase}: ${share.toFixed(1)} %, ${Math.round(rate)} rows/s, ${left} left${lag}`;
  };
}
