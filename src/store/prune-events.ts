import { sql } from 'kysely';

import type { Store } from './open-store.ts';
import type { StoreTransaction } from './transaction.ts';

/** What may go: a cursor, and how many events lie before it. */
export interface PruneFloor {
  /** The oldest event that stays. */
  floor: number;
  events: number;
}

interface Span {
  first: string;
  last: string;
  stays: boolean;
}

/**
 * Returns the oldest event that has to stay. What goes is the oldest part of all events, so that cursors have no holes: up to the first that was recorded after
 * `before`, that is of a run which is open or ended after it, or that a webhook which is on has not enqueued. A run goes whole or not at all.
 */
export async function readPruneFloor(store: Store, before: Date, tx?: StoreTransaction): Promise<PruneFloor> {
  const tables = tx ?? store.tables;
  const { rows: bounds } = await sql<{ floor: string | null }>`
    select least(
      (select cursor + 1 from tminus.event_head),
      (select min(cursor) from tminus.event where recorded_at >= ${before}),
      (select min(position) + 1 from tminus.webhook where off_reason is null)) as floor`.execute(tables);
  const { rows: spans } = await sql<Span>`
    select min(e.cursor) as first, max(e.cursor) as last,
        bool_or(r.id is not null and (r.ended_at is null or r.ended_at >= ${before})) as stays
      from tminus.event e left join tminus.run r on r.id = e.run where e.run is not null group by e.run`.execute(
    tables,
  );
  const floor = toFloor(Number(bounds[0]?.floor ?? 0), spans);
  const { rows: counts } = await sql<{ events: string }>`
    select count(*) as events from tminus.event where cursor < ${floor}`.execute(tables);
  return { floor, events: Number(counts[0]?.events ?? 0) };
}

/** The latest ends first: each run that the floor would cut in two lowers it, and then another may lie across it. */
function toFloor(bound: number, spans: readonly Span[]): number {
  let floor = Math.min(bound, ...spans.flatMap(({ first, stays }) => (stays ? [Number(first)] : [])));
  for (const { first, last } of spans.toSorted((a, b) => Number(b.last) - Number(a.last)))
    if (Number(last) >= floor) floor = Math.min(floor, Number(first));
  return floor;
}

/** Holds off everybody else who prunes, until the transaction ends. */
export async function lockPruning(tx: StoreTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('tminus event prune'))`.execute(tx);
}

/** Writes who wants which events removed; from then on the database lets them go. */
export async function insertPrune(
  tx: StoreTransaction,
  prune: { upTo: number; before: Date; person: string; reason: string },
): Promise<void> {
  const { upTo, before, person, reason } = prune;
  await tx
    .insertInto('event_prune')
    .values({ up_to: String(upTo), recorded_before: before, person, reason })
    .execute();
}

/** Removes at most so many of the oldest events that may go, and returns how many; a prune that was interrupted is finished by the next. */
export async function removePruned(store: Store, atMost: number): Promise<number> {
  const { numAffectedRows } = await sql`
    with old as (select cursor from tminus.event where cursor <= (select max(up_to) from tminus.event_prune) order by cursor limit ${atMost})
    delete from tminus.event where cursor in (select cursor from old)`.execute(store.tables);
  return Number(numAffectedRows ?? 0);
}
