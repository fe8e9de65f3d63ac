import { sha256Hex } from '@tminus/verify';

import type { Store } from './open-store.ts';
import { readShift } from './rollout.ts';
import type { Shift } from './rollout.ts';

/** Whether the journal of a shift holds. */
export interface ExaminedShift extends Pick<Shift, 'id' | 'launch' | 'rollout' | 'entries'> {
  /** Number of the first entry that does not hold; null where all do. */
  broken: number | null;
}

/** Returns every shift of the store, the oldest first, with whether its journal holds; reads all of them from their first entry. */
export async function examineShifts(store: Store): Promise<ExaminedShift[]> {
  const rows = await store.tables
    .selectFrom('rollout_shift')
    .select('id')
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const examined: ExaminedShift[] = [];
  for (const { id: one } of rows) {
    const shift = await readShift(store, one);
    if (shift === null) continue;
    const { id, launch, rollout, entries } = shift;
    examined.push({ id, launch, rollout, entries, broken: await findBrokenEntry(store, shift) });
  }
  return examined;
}

/** A part of a journal that was read from its beginning and holds: how many entries, and the digest of the last. */
export interface HeldPrefix {
  number: number;
  head: string;
}

/** The prefix of a journal of which nothing was read. */
const unread: HeldPrefix = { number: 0, head: '0'.repeat(64) };

/**
 * Returns the number of the first entry that does not follow from the one before it, or null where the whole journal holds and ends where the shift says. What was
 * written since the shift was read has to follow, too, and to end where the shift says by now: a shift under way is no broken one. Only what follows `held` is read.
 */
export async function findBrokenEntry(
  store: Store,
  shift: Pick<Shift, 'id' | 'entries' | 'head'>,
  held: HeldPrefix = unread,
): Promise<number | null> {
  const seen = { ...held };
  let headThen = shift.entries === seen.number ? seen.head : null;
  for (;;) {
    const rows = await readBodies(store, shift.id, seen.number);
    for (const body of rows) {
      const entry = toEntry(body);
      seen.number += 1;
      if (entry?.shift !== shift.id || entry.number !== seen.number || entry.previous !== seen.head) return seen.number;
      seen.head = sha256Hex(body);
      if (seen.number === shift.entries) headThen = seen.head;
    }
    if (rows.length > 0) continue;
    if (headThen !== shift.head) return Math.min(seen.number + 1, Math.max(shift.entries, 1));
    if (seen.number === shift.entries || (await endsAt(store, shift.id, seen))) return null;
    return shift.entries + 1;
  }
}

/** Null for what is no entry at all: somebody wrote over it. */
function toEntry(body: Buffer): { shift: string; number: number; previous: string } | null {
  try {
    return JSON.parse(body.toString('utf8')) as ReturnType<typeof toEntry>;
  } catch {
    return null;
  }
}

async function readBodies(store: Store, shift: string, after: number): Promise<Buffer[]> {
  const rows = await store.tables
    .selectFrom('rollout_entry')
    .select('body')
    .where('shift', '=', shift)
    .where('number', '>', String(after))
    .orderBy('number')
    .limit(1_000)
    .execute();
  return rows.map(({ body }) => body);
}

/** Whether a shift goes on from at least what was seen: its row is written together with its entries. */
async function endsAt(store: Store, id: string, seen: { number: number; head: string }): Promise<boolean> {
  const now = await readShift(store, id);
  if (now === null || now.entries < seen.number) return false;
  return now.entries > seen.number || now.head === seen.head;
}
