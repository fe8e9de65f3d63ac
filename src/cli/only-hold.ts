import { ProductError } from '../core/error/product-error.ts';

/**
 * Returns the one hold of a run: of a person, of a watch, or the built-in one at which the count stands. Throws `usage` where there are several, since
 * whoever lifts one has to mean it; core refuses the name of none.
 */
export function onlyHold({
  holds,
  clock,
}: {
  holds: readonly { id: string }[];
  clock: { stops: readonly { id: string }[] } | null;
}): string {
  const ids = [...new Set([...holds, ...(clock?.stops ?? [])].map(({ id }) => id))];
  if (ids.length <= 1) return ids[0] ?? '(none)';
  throw new ProductError('usage', `resume: expected the hold that is meant, got ${ids.length}: ${ids.join(', ')}`, {
    hint: 'name it with --id',
  });
}
