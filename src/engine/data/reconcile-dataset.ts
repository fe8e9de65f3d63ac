import { ProductError } from '../../core/error/product-error.ts';
import type { DataAccess } from '../../core/dataset/data-access.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { compareDataset } from '../../kinds/checks/reconcile/compare-dataset.ts';
import type { CompareOptions, CompareScene, DatasetComparison } from '../../kinds/checks/reconcile/compare-dataset.ts';

/** Compares a declared dataset on both sides, as its check would, and keeps the rows that differ for a repair. Throws `dataset_unknown` with the ones there are. */
export async function reconcileDataset(
  data: DataAccess,
  id: string,
  { options, scene }: { options: CompareOptions; scene: Omit<CompareScene, 'open'> },
): Promise<DatasetComparison> {
  return await compareDataset(findComparable(data.datasets, id), options, { ...scene, open: data.open });
}

/** Returns a declared dataset that has two sides; throws `dataset_unknown` with those there are. */
export function findComparable(datasets: readonly Dataset[], id: string): Dataset {
  const found = datasets.find((one) => one.id === id);
  if (found?.target) return found;
  const known = datasets.filter(({ target }) => target !== null).map((one) => one.id);
  throw new ProductError(
    'dataset_unknown',
    `dataset ${id}: expected one of ${known.join(', ') || 'none'}, got ${found ? 'one without a target' : 'none'}`,
    { hint: 'name a dataset with source and target, as a yaml dataset fence declares it' },
  );
}
