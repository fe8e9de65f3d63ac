import type { CanonRow } from '../../../core/dataset/canon.ts';
import { nameOfKey } from '../../../core/dataset/fix/decide-changes.ts';
import type { Comparison } from '../../../kinds/checks/reconcile/comparison.ts';

const rowsAtOnce = 1_000;

/** Returns the rows of one side with these keys as rows of the target, by `nameOfKey`: records of the source as they would be carried over. */
export async function readSide(
  comparison: Comparison,
  side: 'source' | 'target',
  keys: readonly CanonRow[],
): Promise<Map<string, CanonRow>> {
  const { session, query } = comparison[side];
  const mapRow = side === 'source' ? comparison.mapRow : null;
  const found = new Map<string, CanonRow>();
  for (let from = 0; from < keys.length; from += rowsAtOnce)
    for (const read of await session.rows({ ...query, order: 'any' }, keys.slice(from, from + rowsAtOnce))) {
      const row = mapRow === null ? read : mapRow(read);
      if (row !== null) found.set(nameOfKey(row.slice(0, comparison.keyLength)), row);
    }
  return found;
}

/** Closes both sides of a comparison. */
export async function closeSides({ source, target }: Comparison): Promise<void> {
  await Promise.all([source.session.close(), target.session.close()]);
}
