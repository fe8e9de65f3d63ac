import { ProductError } from '../core/error/product-error.ts';
import { openDataOf } from '../engine/data/data-desk.ts';
import { standardChunk } from '../engine/data/import/open-ground.ts';
import type { ImportSetting } from '../engine/data/import/open-ground.ts';
import { listBatches } from '../store/import-batch.ts';
import type { ImportBatch } from '../store/import-batch.ts';
import type { Shell } from './shell.ts';
import type { Session } from './with-session.ts';

/** Returns what imports of several datasets share, for a person. */
export async function openImportData(
  { signal }: Shell,
  { scene, store }: Session,
  asked: { by: string | null; purpose: string },
): Promise<Omit<ImportSetting, 'dataset' | 'terms'>> {
  const { open } = await openDataOf(store, scene, asked);
  return { scene, openDatastore: open, chunkRecords: standardChunk, signal };
}

/** Returns the newest import of a dataset that suits; throws `import_unknown` where there is none. */
export async function findImportBatch(
  { scene, store }: Session,
  dataset: string,
  id: string | null,
  suits: (batch: ImportBatch) => boolean = () => true,
): Promise<ImportBatch> {
  const about = { launch: scene.launch.id, environment: scene.environment.id, dataset };
  const found = (await listBatches(store, about)).find((batch) => (id === null || batch.id === id) && suits(batch));
  if (found) return found;
  throw new ProductError(
    'import_unknown',
    `import of ${dataset}: expected ${id ?? 'one'} in ${scene.environment.id}, got none`,
    { hint: 'plan it first, or look at "tminus import status"' },
  );
}
