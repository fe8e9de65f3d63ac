import type { CanonRow } from '../../core/dataset/canon.ts';
import type { DatastoreTransaction, RowChange, WriteTarget } from '../../core/dataset/datastore-kind.ts';

const atOnce = 500;

export interface ChangeMeans {
  lockRows: DatastoreTransaction['lockRows'];
  /** Makes a change whose guard holds; false where no row, or more than one, was touched. */
  make: (change: RowChange) => Promise<boolean>;
}

/**
 * Makes guarded changes in order; returns the indexes of those whose guard did not hold. Rows are locked and read before they are compared, so that nothing can come
 * between the look and the change, and they are compared by their canonical text, which is exact for every type.
 */
export async function changeGuarded(
  target: WriteTarget,
  changes: readonly RowChange[],
  means: ChangeMeans,
): Promise<number[]> {
  const refused: number[] = [];
  for (const batch of toBatches(changes)) {
    const keys = batch.filter(({ change }) => change.operation !== 'insert').map(({ change }) => change.key);
    const query = { ...target, where: [], order: 'any' as const, after: null };
    const found = new Map<string, CanonRow>();
    const locked = keys.length === 0 ? [] : await means.lockRows(query, keys);
    for (const row of locked) found.set(nameOf(keyOf(row, target)), row);
    for (const { change, index } of batch) {
      const holds = change.operation === 'insert' || isSame(found.get(nameOf(change.key)), change.before);
      if (!holds || !(await means.make(change))) refused.push(index);
    }
  }
  return refused;
}

interface Placed {
  change: RowChange;
  index: number;
}

/** No key stands twice in a batch: the second change has to see what the first one left. */
function toBatches(changes: readonly RowChange[]): Placed[][] {
  const batches: Placed[][] = [];
  let seen = new Set<string>();
  for (const [index, change] of changes.entries()) {
    const name = nameOf(change.key);
    if (batches.length === 0 || seen.has(name) || (batches.at(-1)?.length ?? 0) >= atOnce) {
      batches.push([]);
      seen = new Set();
    }
    seen.add(name);
    batches.at(-1)?.push({ change, index });
  }
  return batches;
}

function keyOf(row: CanonRow, { columns, key }: WriteTarget): CanonRow {
  return key.map((name) => row[columns.findIndex((column) => column.name === name)] ?? null);
}

function nameOf(key: CanonRow): string {
  return JSON.stringify(key);
}

function isSame(row: CanonRow | undefined, before: CanonRow | null): boolean {
  return row !== undefined && before !== null && nameOf(row) === nameOf(before);
}
