import { setTimeout as pause } from 'node:timers/promises';

import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { OpenDatastore } from '../../../core/dataset/datastore-kind.ts';
import type { RowDifference } from '../../../core/dataset/reconcile/difference.ts';
import { compareKeysOf } from './compare-by-buckets.ts';
import { openComparison } from './open-comparison.ts';

export interface SecondLook {
  persisting: RowDifference[];
  /** Rows that were found on neither side: gone meanwhile, or never findable by their key, which nobody can tell apart. */
  unseen: number;
  rechecks: { afterMs: number; persisting: number }[];
}

/**
 * Looks again at rows that differ, in new sessions, after each pause: two datastores share no snapshot, so that a row which was just on its way differs
 * for a moment. What is left is what persisted every time.
 */
export async function lookAgain(
  rows: readonly RowDifference[],
  pauses: readonly number[],
  { dataset, open, signal, seed }: { dataset: Dataset; open: OpenDatastore; signal: AbortSignal; seed: number },
): Promise<SecondLook> {
  let persisting = [...rows];
  let unseen = 0;
  const rechecks: SecondLook['rechecks'] = [];
  for (const afterMs of pauses) {
    if (persisting.length === 0) break;
    await pause(afterMs, undefined, { signal });
    const keys = persisting.map(({ key }) => key);
    const look = await lookOnce(keys, { dataset, open, signal, seed });
    persisting = look.found;
    unseen += look.unseen;
    rechecks.push({ afterMs, persisting: persisting.length });
  }
  return { persisting, unseen, rechecks };
}

async function lookOnce(
  keys: readonly CanonRow[],
  { dataset, open, signal, seed }: { dataset: Dataset; open: OpenDatastore; signal: AbortSignal; seed: number },
): Promise<{ found: RowDifference[]; unseen: number }> {
  const comparison = await openComparison(dataset, open, { seed, signal });
  const found: RowDifference[] = [];
  try {
    const moved = { source: 0, target: 0 };
    const sink = { add: (difference: RowDifference): void => void found.push(difference) };
    const { unseen } = await compareKeysOf(comparison, sink, { keys, moved });
    return { found, unseen: unseen.length };
  } finally {
    await Promise.all([comparison.source.session.close(), comparison.target.session.close()]);
  }
}
