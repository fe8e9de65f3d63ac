import type { UnreadableValue } from '../../core/dataset/canon/unreadable-value.ts';
import type { CanonRow } from '../../core/dataset/canon.ts';
import type { RowQuery } from '../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../core/dataset/datastore-kind.ts';

/** Returns trouble with one value. The row is named where its key is a number or a uuid; a text may say something about a person. */
export function unreadableIn(
  { columns, key, table }: Pick<RowQuery, 'key' | 'columns' | 'table'>,
  row: CanonRow,
  column: string,
  { expected }: UnreadableValue,
): DatastoreTrouble {
  const parts = key.map((name) => {
    const at = columns.findIndex((one) => one.name === name);
    const isPlain = name !== column && ['integer', 'uuid'].includes(columns[at]?.type ?? '');
    return isPlain ? `${name} ${row[at] ?? 'missing'}` : null;
  });
  const where = parts.length === 0 || parts.includes(null) ? '' : `, row with ${parts.join(', ')}`;
  return new DatastoreTrouble('unreadable', `${table}.${column}${where}: expected ${expected}, got something else`);
}
