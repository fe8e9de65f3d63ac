import { findBrokenEntry } from '../../store/rollout-broken-entry.ts';
import type { HeldPrefix } from '../../store/rollout-broken-entry.ts';
import type { Store } from '../../store/open-store.ts';
import type { Shift } from '../../store/rollout.ts';

/** Journals that are remembered: pages look at few at a time. */
const mostJournals = 200;

/** What this process has read of the journals of a store and found to hold, the one that was looked at last at the end. */
const known = new WeakMap<Store, Map<string, HeldPrefix>>();

/**
 * Returns the number of the first entry of a journal that does not hold, or null, for pages that ask every few seconds: what this process has read once is not read again, so
 * that a look costs what is new. What somebody changes in it afterwards is found by the next process, and by `tminus doctor`, which reads everything.
 */
export async function examineJournal(
  store: Store,
  shift: Pick<Shift, 'id' | 'entries' | 'head'>,
): Promise<number | null> {
  const prefixes = known.get(store) ?? new Map<string, HeldPrefix>();
  known.set(store, prefixes);
  const held = prefixes.get(shift.id);
  const isBefore = held !== undefined && held.number <= shift.entries;
  const found = await findBrokenEntry(store, shift, isBefore ? held : undefined);
  prefixes.delete(shift.id);
  // Where something is wrong the whole is read, so that the first entry is the one that is named.
  if (found !== null) return isBefore ? findBrokenEntry(store, shift) : found;
  prefixes.set(shift.id, { number: shift.entries, head: shift.head });
  const [oldest] = prefixes.keys();
  if (prefixes.size > mostJournals && oldest !== undefined) prefixes.delete(oldest);
  return null;
}
