import { ProductError } from '../../error/product-error.ts';
import type { ImportTerms } from './import-terms.ts';

/**
 * Returns the value from which a delta reads: the newest of the last import, less the overlap, since a commit may become visible behind a time that it carries.
 * Throws `import_refused` where the document does not say how changes are found, or where no import ended yet.
 */
export function toDeltaStart(delta: ImportTerms['delta'], watermark: string | null): string {
  if (delta === null)
    throw refuse(
      'a column that says when a record changed',
      'write import: { delta: { column: updated_at } } in the dataset',
    );
  if (watermark === null) throw refuse('an earlier import that ended', 'import in full first');
  const at = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(watermark) ? watermark : `${watermark}Z`);
  if (/^-?\d+$/.test(watermark)) return watermark;
  if (Number.isNaN(at))
    throw refuse(`a point in time in column ${delta.column}`, 'name a column of times, or of rising whole numbers');
  const start = new Date(at - delta.overlapMs).toISOString();
  return watermark.endsWith('Z') ? start : start.slice(0, -1);
}

function refuse(expected: string, hint: string): ProductError {
  return new ProductError('import_refused', `delta: expected ${expected}, got none`, { hint });
}
