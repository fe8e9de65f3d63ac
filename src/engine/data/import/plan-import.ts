import { canonVersion } from '../../../core/dataset/canon.ts';
import { toImportReport, importReportSha256 } from '../../../core/dataset/import/import-report.ts';
import type { ImportReport } from '../../../core/dataset/import/import-report.ts';
import type { RecordOutcome } from '../../../core/dataset/import/decide-record.ts';
import { toDeltaStart } from '../../../core/dataset/import/delta-start.ts';
import { openTally } from '../../../core/dataset/import/tally-import.ts';
import { toTemplateValues } from '../../../core/check/template-values.ts';
import { insertBatch, listBatches } from '../../../store/import-batch.ts';
import type { ImportBatch } from '../../../store/import-batch.ts';
import type { Store } from '../../../store/open-store.ts';
import { planGone } from './delete-gone.ts';
import { findGone } from './find-gone.ts';
import { findUntouched } from './find-untouched.ts';
import { openGround } from './open-ground.ts';
import type { ImportGround, ImportSetting } from './open-ground.ts';
import { decideRecords, finderOf, openDigests, readChunks } from './scan.ts';
import type { SourceChunk, Untouched } from './scan.ts';
import type { ReportProgress } from './progress.ts';

/** What a dry run looked at, beside the report. */
export interface DryRun {
  report: ImportReport;
  reportSha256: string;
  /** Digest of each chunk of the source, in order: what is written later is held against it, chunk by chunk. */
  chunks: string[];
}

/**
 * Looks at every record of the source, at the ledger and at the target, and counts what an import would do. Both sides are opened to be read: no byte of
 * them can change (D32).
 */
export async function dryRun(
  setting: ImportSetting,
  { mode, since, progress }: { mode: 'full' | 'delta'; since: string | null; progress: ReportProgress },
): Promise<DryRun> {
  const ground = await openGround(setting, { access: 'read', since });
  try {
    return await lookAtAll(ground, setting, { mode, since, progress });
  } finally {
    await ground.close();
  }
}

async function lookAtAll(
  ground: ImportGround,
  setting: ImportSetting,
  { mode, since, progress }: { mode: 'full' | 'delta'; since: string | null; progress: ReportProgress },
): Promise<DryRun> {
  const { scene, dataset, signal } = setting;
  const { source, agreement, sourceQuery } = ground;
  const total = await source.count(sourceQuery);
  const untouched = await findUntouched(ground);
  const tally = openTally();
  const digests = openDigests(ground);
  if (!agreement.notes.some(({ blocks }) => blocks))
    await decideAll(ground, untouched, (chunk, ends) => {
      signal.throwIfAborted();
      digests.addSource(chunk);
      for (const { outcome, reason, records } of ends) {
        tally.add(outcome, reason, records);
        digests.addOutcomes(outcome, reason, records);
      }
      progress({ done: tally.total(), total, phase: 'dry run', lagMs: null });
    });
  const lost = await lookForGone(ground, setting, { mode, untouched });
  const values = toTemplateValues(scene);
  const url = (id: string): string => values.get(`datastore.${id}.url`) ?? '';
  const report = toImportReport({
    dataset: dataset.id,
    mode,
    since,
    environment: scene.environment.id,
    source: { ...dataset.source, url: url(dataset.source.on) },
    target: { ...dataset.target!, url: url(dataset.target!.on) },
    canon: canonVersion,
    counts: tally.counts(total),
    ...lost,
    sourceSha256: digests.sourceSha256(),
    recordsSha256: digests.recordsSha256(),
    notes: agreement.notes,
  });
  return { report, reportSha256: importReportSha256(report), chunks: digests.chunks };
}

/** How records ended that follow each other. */
interface EndedRun {
  outcome: RecordOutcome;
  reason: string;
  records: number;
}

async function decideAll(
  ground: ImportGround,
  untouched: Untouched,
  take: (chunk: SourceChunk, ends: readonly EndedRun[]) => void,
): Promise<void> {
  const { target } = ground;
  const finders = { findLedger: finderOf(target, untouched.ledger), findTarget: finderOf(target, untouched.target) };
  const isNew = untouched.ledger && untouched.target;
  for await (const chunk of readChunks(ground, (one) => one)) {
    if (isNew && chunk.plainKeys !== null)
      take(chunk, [{ outcome: 'inserted', reason: '', records: chunk.plainKeys.length }]);
    else
      take(
        chunk,
        (await decideRecords(ground, chunk.read(), finders)).map(({ decision }) => ({ ...decision, records: 1 })),
      );
  }
}

/** A delta that deletes nothing looks at what changed, and not at all that was ever imported. */
async function lookForGone(
  ground: ImportGround,
  { terms, signal }: ImportSetting,
  { mode, untouched }: { mode: 'full' | 'delta'; untouched: Untouched },
): Promise<Pick<ImportReport, 'deletions' | 'gone'>> {
  if (terms?.deletions === 'apply') {
    const gone = await planGone(ground, untouched, signal);
    const { deleted, absent, edited } = gone.counts;
    return { deletions: deleted + absent + edited, gone };
  }
  if (untouched.ledger) return { deletions: 0, gone: null };
  if (mode === 'delta') return { deletions: null, gone: null };
  let deletions = 0;
  for await (const { gone } of findGone(ground)) deletions += gone.length;
  return { deletions, gone: null };
}

/** Runs dry and keeps the report as a planned batch. A delta begins where the last import of the dataset ended, less the overlap. */
export async function planImport(
  store: Store,
  setting: ImportSetting,
  wish: { mode: 'full' | 'delta'; requester: string; progress: ReportProgress },
): Promise<ImportBatch> {
  const { scene, dataset, terms } = setting;
  const about = { launch: scene.launch.id, environment: scene.environment.id, dataset: dataset.id };
  const earlier = await listBatches(store, about);
  const last = earlier.find(({ state, watermark }) => watermark !== null && ['applied', 'verified'].includes(state));
  const since = wish.mode === 'full' ? null : toDeltaStart(terms?.delta ?? null, last?.watermark ?? null);
  const { report, reportSha256 } = await dryRun(setting, { ...wish, since });
  const { planHash, candidateSha256 } = scene;
  const { mode, requester } = wish;
  const id = await insertBatch(store, { ...about, planHash, candidateSha256, mode, requester, report, reportSha256 });
  return (await listBatches(store, about)).find((batch) => batch.id === id)!;
}
