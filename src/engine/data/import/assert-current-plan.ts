import type { Signed } from '@tminus/verify';

import { importReportFaults, importReportFormat } from '../../../core/dataset/import/import-report.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import type { ImportBatch } from '../../../store/import-batch.ts';
import type { Store } from '../../../store/open-store.ts';
import { importStatementFaults } from './approve-import.ts';
import type { ImportStatement } from './approve-import.ts';
import type { ImportSetting } from './open-ground.ts';
import { dryRun } from './plan-import.ts';
import type { ReportProgress } from './progress.ts';

/**
 * Returns the digests of the chunks of the source as they were looked at. Throws `import_refused` where a batch must not write now: the document or candidate is another one, the approval does not hold, or what would be done is not what was
 * shown. One that has written some of its chunks is held against its source alone, since the target is no longer as it was shown.
 */
export async function assertCurrentPlan(
  store: Store,
  setting: ImportSetting,
  { batch, progress }: { batch: ImportBatch; progress: ReportProgress },
): Promise<readonly string[]> {
  const { scene } = setting;
  const isFirst = batch.state === 'approved';
  const faults = [
    ...(batch.planHash === scene.planHash ? [] : ['the documents have changed since the dry run']),
    ...(batch.candidateSha256 === scene.candidateSha256 ? [] : ['the candidate has changed since the dry run']),
    ...(batch.report.format === importReportFormat ? [] : ['another version of Tminus made the dry run']),
    ...importReportFaults(batch.report),
  ];
  let chunks: readonly string[] = [];
  if (faults.length === 0) {
    const now = await dryRun(setting, { mode: batch.mode, since: batch.report.since, progress });
    ({ chunks } = now);
    if (now.report.sourceSha256 !== batch.report.sourceSha256) faults.push('the source has changed since the dry run');
    else if (isFirst && now.reportSha256 !== batch.reportSha256)
      faults.push('the target has changed since the dry run');
  }
  if (isFirst && scene.environment.production) faults.push(...(await approvalFaults(store, setting, batch)));
  if (faults.length === 0) return chunks;
  throw new ProductError(
    'import_refused',
    `import ${batch.id}: expected what was approved, got something else: ${faults.join('; ')}`,
    {
      hint: 'plan it again, look at the report, and have it approved',
    },
  );
}

async function approvalFaults(store: Store, setting: ImportSetting, batch: ImportBatch): Promise<string[]> {
  if (batch.approval === null) return ['nobody has approved it'];
  return importStatementFaults(store, setting, { batch, signed: batch.approval as Signed<ImportStatement> });
}
