import type { Outcome } from '@tminus/verify';

/** What a batch says of its source: how many records there were, and how each of them ended. */
export interface BatchCounts {
  source: number;
  imported: number;
  /** Records left out on purpose, by reason. */
  skipped: { [reason: string]: number };
}

/** Whether the counts add up, and by how much they do not. */
export interface BatchAccount {
  outcome: Outcome;
  /** Imported plus skipped; null where a count cannot be read. */
  accounted: number | null;
  /** Source minus accounted: positive where records are lost, negative where there are more than the source had. */
  missing: number | null;
  reason: string;
}

/**
 * Law 7: every source record ends in exactly one accounted outcome, so source = imported + skipped by reason, to the record.
 * One too many fails like one too few. A count that is negative, no whole number or too large to be exact is unreadable, and
 * unreadable is unknown; so is a skip without a reason, and a source of no records at all, which shows nothing.
 */
export function accountBatch({ source, imported, skipped }: BatchCounts): BatchAccount {
  const reasons = Object.entries(skipped);
  const counts: [string, number][] = [['source', source], ['imported', imported], ...reasons];
  const unreadable = counts.find(([, count]) => !Number.isSafeInteger(count) || count < 0);
  if (unreadable) return unknown(`${unreadable[0]}: expected a whole number from 0, got ${String(unreadable[1])}`);
  if (reasons.some(([reason]) => reason.trim() === '')) return unknown('skipped: expected a reason, got none');
  const accounted = counts.slice(1).reduce((sum, [, count]) => sum + count, 0);
  if (!Number.isSafeInteger(accounted)) return unknown(`accounted: expected a sum that is exact, got ${accounted}`);
  const missing = source - accounted;
  if (missing !== 0)
    return { outcome: 'fail', accounted, missing, reason: `expected ${source} accounted for, got ${accounted}` };
  if (source === 0) return { ...unknown('source: expected records, got none'), accounted, missing };
  return { outcome: 'pass', accounted, missing, reason: `${source} of ${source} accounted for` };
}

function unknown(reason: string): BatchAccount {
  return { outcome: 'unknown', accounted: null, missing: null, reason };
}
