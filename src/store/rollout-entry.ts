import { canonicalize, sha256Hex } from '@tminus/verify';
import type { JsonObject } from '@tminus/verify';

import type { Store } from './open-store.ts';
import type { Shift } from './rollout.ts';

/** Something that was seen, decided or set, on its way into the journal of a shift. */
export interface NewShiftEntry {
  kind: string;
  body: JsonObject;
}

/** An entry of the journal as it stands. */
export interface ShiftEntry extends NewShiftEntry {
  number: number;
  /** RFC 3339, by the clock of the store. */
  at: string;
  sha256: string;
}

/** Returns the rows of entries, chained to the last one that the shift has. */
export function toChained(
  { id: shift, entries, head }: Pick<Shift, 'id' | 'entries' | 'head'>,
  fresh: readonly NewShiftEntry[],
  nowMs: number,
): { shift: string; number: string; kind: string; at: Date; body: Buffer; sha256: Buffer }[] {
  const at = new Date(nowMs);
  let previous = head;
  return fresh.map(({ kind, body }, place) => {
    const number = entries + place + 1;
    const text = canonicalize({ shift, number, kind, at: at.toISOString(), previous, body });
    previous = sha256Hex(text);
    return { shift, number: String(number), kind, at, body: Buffer.from(text), sha256: Buffer.from(previous, 'hex') };
  });
}

/** Returns entries of a journal after a number, in their order; of some kinds only, or of all besides some, where they are named. */
export async function readShiftEntries(
  store: Store,
  shift: string,
  {
    after = 0,
    kinds,
    besides = [],
    limit = 1_000,
  }: { after?: number; kinds?: readonly string[]; besides?: readonly string[]; limit?: number } = {},
): Promise<ShiftEntry[]> {
  let query = store.tables
    .selectFrom('rollout_entry')
    .select(['number', 'kind', 'at', 'body', 'sha256'])
    .where('shift', '=', shift)
    .where('number', '>', String(after));
  if (kinds !== undefined) query = query.where('kind', 'in', [...kinds]);
  if (besides.length > 0) query = query.where('kind', 'not in', [...besides]);
  const rows = await query.orderBy('number').limit(limit).execute();
  return rows.map((row) => ({
    number: Number(row.number),
    kind: row.kind,
    at: row.at.toISOString(),
    body: (JSON.parse(row.body.toString('utf8')) as { body: JsonObject }).body,
    sha256: row.sha256.toString('hex'),
  }));
}
