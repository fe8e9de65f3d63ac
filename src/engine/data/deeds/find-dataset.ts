import type { Dataset } from '../../../core/dataset/dataset.ts';
import { ProductError } from '../../../core/error/product-error.ts';

/** Returns the dataset of that id; throws `dataset_unknown` with those there are. */
export function findDataset(datasets: readonly Dataset[], id: string): Dataset {
  const found = datasets.find((one) => one.id === id);
  if (found) return found;
  const known = datasets.map((one) => one.id).join(', ') || 'none';
  throw new ProductError('dataset_unknown', `dataset ${id}: expected one of ${known}, got none of that name`, {
    hint: 'name datasets that the documents declare',
  });
}
