import { toCanonText } from '../../../core/dataset/canon/to-canon-text.ts';
import { UnreadableValue } from '../../../core/dataset/canon/unreadable-value.ts';
import type { CanonColumn, CanonRow, CanonValue } from '../../../core/dataset/canon.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';

/** Characters of one value; greater ones are refused where they stand. */
export const largestValue = 10 * 1024 ** 2;

/** Returns how texts of one record become a canonical row. Throws with the place and the name of the column, never the value; `where` says the place: `line 4`, `row 12`. */
export function createRowReader(
  table: string,
  columns: readonly CanonColumn[],
): (texts: readonly (string | null)[], where: () => string) => CanonRow {
  return (texts, where) =>
    columns.map((column, index) => toCanonValue(texts[index] ?? null, column, () => `${table}: ${where()}`));
}

/** Returns one canonical value; throws `DatastoreTrouble` where it has none as the type of the column. */
export function toCanonValue(text: string | null, column: CanonColumn, where: () => string): CanonValue {
  if (text === null) return null;
  if (text.length > largestValue)
    throw new DatastoreTrouble(
      'too_large',
      `${where()}, column ${column.name}: expected at most ${largestValue} characters, got more`,
    );
  try {
    return toCanonText(text, column);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    throw new DatastoreTrouble('value_unreadable', `${where()}, column ${column.name}: ${error.message}`);
  }
}
