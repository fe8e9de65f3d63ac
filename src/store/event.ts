import { sql } from 'kysely';

import type { JsonObject } from '@tminus/verify';

import type { Store } from './open-store.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';
import { failpoint } from './failpoint.ts';

/** An event that is to be kept. */
export interface NewEvent {
  /** Null for an event of the system. */
  run: string | null;
  /** Number within its run, from 1; null without a run. */
  number: number | null;
  /** One of the public types. */
  type: string;
  /** Milliseconds by the clock of the run. */
  atMs: number;
  body: object;
}

/** An event as it was kept. */
export interface StoredEvent {
  /** Rises by one from event to event over all runs, without a gap, in the order of their commits. */
  cursor: number;
  run: string | null;
  number: number | null;
  type: string;
  /** RFC 3339, by the clock of the run. */
  at: string;
  body: JsonObject;
}

/**
 * Appends events and returns the cursor of the last. Call it last in a transaction: it holds the head until the end, which is what makes
 * cursors appear in their order and without a gap, and what everybody else waits for.
 */
export async function appendEvents(tx: StoreTransaction, events: readonly NewEvent[]): Promise<number> {
  failpoint('events.before');
  const { rows } = await sql<{ cursor: string }>`
    with head as (update tminus.event_head set cursor = cursor + ${events.length} returning cursor),
    kept as (insert into tminus.event (cursor, run, number, type, at, body)
      select head.cursor - ${events.length} + t.place, t.run, t.number, t.type, to_timestamp(t.at / 1000.0), t.body
        from head, unnest(${events.map(({ run }) => run)}::text[], ${events.map(({ number }) => number)}::bigint[],
          ${events.map(({ type }) => type)}::text[], ${events.map(({ atMs }) => atMs)}::float8[],
          ${events.map(({ body }) => JSON.stringify(body))}::jsonb[]) with ordinality as t (run, number, type, at, body, place))
    select cursor from head`.execute(tx);
  return Number(rows[0]?.cursor);
}

/** Which events are wanted: of one run, of some types, or all. */
export interface EventFilter {
  run?: string;
  types?: readonly string[];
  limit?: number;
}

interface EventColumns {
  cursor: string;
  run: string | null;
  number: string | null;
  type: string;
  at: Date;
  body: JsonObject;
}

/** Returns the events after a cursor in their order; 0 begins at the first. Asked again with the last cursor, nothing is missed and nothing told twice. */
export async function readEvents(
  store: Store,
  after: number,
  filter: EventFilter = {},
  tx?: StoreTransaction,
): Promise<StoredEvent[]> {
  let query = pickTables(store, tx)
    .selectFrom('event')
    .select(['cursor', 'run', 'number', 'type', 'at', 'body'])
    .where('cursor', '>', String(after));
  if (filter.run !== undefined) query = query.where('run', '=', filter.run);
  if (filter.types !== undefined) query = query.where('type', 'in', [...filter.types]);
  const rows = (await query
    .orderBy('cursor')
    .limit(filter.limit ?? 1000)
    .execute()) as EventColumns[];
  return rows.map(toEvent);
}

function toEvent(row: EventColumns): StoredEvent {
  return {
    cursor: Number(row.cursor),
    run: row.run,
    number: row.number === null ? null : Number(row.number),
    type: row.type,
    at: row.at.toISOString(),
    body: row.body,
  };
}

/** Returns the cursor of the newest event; 0 where there is none. */
export async function readCursor(store: Store): Promise<number> {
  const row = await store.tables.selectFrom('event_head').select('cursor').executeTakeFirstOrThrow();
  return Number(row.cursor);
}
