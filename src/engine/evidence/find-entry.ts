import { ProductError } from '../../core/error/product-error.ts';
import type { StoredEntry } from '../../store/evidence-log.ts';

/** The entry that an id, or the beginning of one, stands for; `ev-` may stand before it. Throws `evidence_unknown` where that is none, or several. */
export function findEntry(entries: readonly StoredEntry[], written: string): StoredEntry {
  const prefix = written.replace(/^ev-/u, '').toLowerCase();
  const found = prefix.length >= 4 ? entries.filter(({ id }) => id.startsWith(prefix)) : [];
  if (found.length === 1 && found[0]) return found[0];
  throw new ProductError(
    'evidence_unknown',
    `entry ${written}: expected one entry that begins so, got ${found.length}`,
    { hint: 'list the entries with "tminus evidence list" and give at least four digits of one' },
  );
}
