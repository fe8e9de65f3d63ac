import { newestEvidence } from '../../../core/evidence/newest-evidence.ts';
import { toImportLogEntry } from '../../../core/dataset/import/import-log.ts';
import type { ImportLogEntry, LoggedCriterion } from '../../../core/dataset/import/import-log.ts';
import { listCriteria } from '../../../core/launch/find-criterion.ts';
import { listBatches, listMoves } from '../../../store/import-batch.ts';
import type { ImportBatch, ImportMove } from '../../../store/import-batch.ts';
import type { Store } from '../../../store/open-store.ts';
import { readLog } from '../../read-log.ts';
import type { Scene } from '../../scene.ts';

/** An import with its moves and its entry in the log. */
export interface LoggedBatch {
  batch: ImportBatch;
  moves: ImportMove[];
  entry: ImportLogEntry;
}

/** Returns the imports of a dataset, or of all, with their entries in the log (D37), the newest first. */
export async function readImportLog(
  store: Store,
  { launch, environment }: Scene,
  dataset: string | null,
): Promise<LoggedBatch[]> {
  const batches = await listBatches(store, { launch: launch.id, environment: environment.id, dataset });
  const evidence = (await readLog(store, launch.id)).entries.map(({ entry }) => entry);
  const logged: LoggedBatch[] = [];
  for (const batch of batches) {
    const moves = await listMoves(store, batch.id);
    const criteria = listCriteria(launch)
      .filter(({ check }) => check?.spec['dataset'] === batch.dataset)
      .map(({ id }) => toCriterion(id, evidence));
    const { production } = environment;
    const movedAt = moves.at(-1)?.at ?? batch.createdAt;
    logged.push({ batch, moves, entry: toImportLogEntry({ ...batch, production, movedAt, criteria }) });
  }
  return logged;
}

function toCriterion(criterion: string, entries: Parameters<typeof newestEvidence>[0]): LoggedCriterion {
  const record = newestEvidence(entries, criterion, ({ mode }) => mode === 'real')?.record;
  const evidence = record === undefined ? null : { outcome: record.judgement.outcome, observedAt: record.observedAt };
  return { criterion, evidence };
}
