import type { CanonValue } from '../canon.ts';

/**
 * Returns the same rows with each behind the one that it refers to, where that is among them: the order of inserts; deletes go the other way. Rows that refer to each
 * other in a circle keep their order.
 */
export function orderByParents<Row>(
  rows: readonly Row[],
  { own, parent }: { own: (row: Row) => CanonValue; parent: (row: Row) => CanonValue },
): Row[] {
  const byKey = new Map(rows.map((row) => [own(row), row]));
  const placed = new Set<Row>();
  const ordered: Row[] = [];
  for (const row of rows) {
    const chain: Row[] = [];
    for (let next: Row | undefined = row; next !== undefined && !placed.has(next);) {
      chain.push(next);
      placed.add(next);
      const reference: CanonValue = parent(next);
      next = reference === null ? undefined : byKey.get(reference);
    }
    ordered.push(...chain.toReversed());
  }
  return ordered;
}
