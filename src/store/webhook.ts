import { sql } from 'kysely';
import type { Selectable } from 'kysely';

import type { JsonObject } from '@tminus/verify';

import type { WebhookRow } from './api-tables.ts';
import type { Store } from './open-store.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';

/** Where events are sent, as it was kept. */
export interface StoredWebhook {
  id: string;
  url: string;
  /** Names the secret in a provider; never a value. */
  secret: JsonObject;
  /** Null for all. */
  launches: readonly string[] | null;
  /** Types or families of events; null for all. */
  types: readonly string[] | null;
  /** Every event up to this cursor was enqueued or was not wanted. */
  position: number;
  epoch: number;
  givenUp: number;
  /** Why nothing is sent; null where it is. */
  offReason: string | null;
  /** RFC 3339. */
  offAt: string | null;
  sentAt: string | null;
  createdBy: string;
  createdAt: string;
}

/** A webhook that somebody wants. */
export type NewWebhook = Pick<StoredWebhook, 'id' | 'url' | 'secret' | 'launches' | 'types' | 'createdBy'>;

/** Keeps a webhook that begins with what happens next. Returns null where its name is taken. */
export async function insertWebhook(store: Store, wish: NewWebhook): Promise<StoredWebhook | null> {
  const { createdBy, secret, launches, types, ...columns } = wish;
  const row = await store.tables
    .insertInto('webhook')
    .values({
      ...columns,
      secret: JSON.stringify(secret),
      launches: launches === null ? null : [...launches],
      types: types === null ? null : [...types],
      position: sql<string>`(select cursor from tminus.event_head)`,
      created_by: createdBy,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returningAll()
    .executeTakeFirst();
  return row ? toWebhook(row) : null;
}

/** Returns all webhooks by name. */
export async function listWebhooks(store: Store): Promise<StoredWebhook[]> {
  return (await store.tables.selectFrom('webhook').selectAll().orderBy('id').execute()).map(toWebhook);
}

/** Returns a webhook, or null. */
export async function readWebhook(store: Store, id: string): Promise<StoredWebhook | null> {
  const row = await store.tables.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toWebhook(row) : null;
}

/** Holds a webhook that is on until the transaction ends; null where it is off, gone, or held by another process, which then does the work. */
export async function takeWebhook(tx: StoreTransaction, id: string): Promise<StoredWebhook | null> {
  const row = await tx
    .selectFrom('webhook')
    .selectAll()
    .where('id', '=', id)
    .where('off_reason', 'is', null)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row ? toWebhook(row) : null;
}

/** Notes up to where events were enqueued, with the deliveries themselves. */
export async function moveWebhook(tx: StoreTransaction, id: string, position: number): Promise<void> {
  await tx
    .updateTable('webhook')
    .set({ position: String(position) })
    .where('id', '=', id)
    .execute();
}

/** Sends everything after a cursor again, and switches the webhook on. Returns null where there is none. */
export async function rewindWebhook(store: Store, id: string, position: number): Promise<StoredWebhook | null> {
  const row = await store.tables
    .updateTable('webhook')
    .set({
      position: String(position),
      epoch: sql`epoch + 1`,
      given_up: 0,
      given_up_from: null,
      off_reason: null,
      off_at: null,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row ? toWebhook(row) : null;
}

/** Notes that a delivery arrived; once a second, because many arrive side by side and all of them would wait for this row. */
export async function noteSent(tx: StoreTransaction, id: string): Promise<void> {
  await tx
    .updateTable('webhook')
    .set({ given_up: 0, given_up_from: null, sent_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', id)
    .where(sql<boolean>`(given_up > 0 or sent_at is null or sent_at < clock_timestamp() - interval '1 second')`)
    .execute();
}

/** A delivery that was given up. */
export interface GivenUp {
  /** Null where it was no event of the store. */
  cursor: number | null;
  /** So many in a row switch the webhook off. */
  atMost: number;
  reason: string;
}

/**
 * Counts a delivery that was given up, and switches the webhook off where too many were in a row: it then stands before the first of them, so that all are sent again
 * when it is switched on. Returns whether this switched it off.
 */
export async function noteGivenUp(
  tx: StoreTransaction,
  id: string,
  { cursor, atMost, reason }: GivenUp,
): Promise<boolean> {
  const row = await tx
    .updateTable('webhook')
    .set({ given_up: sql`given_up + 1`, given_up_from: sql`least(given_up_from, ${cursor}::bigint)` })
    .where('id', '=', id)
    .where('off_reason', 'is', null)
    .returning('given_up')
    .executeTakeFirst();
  if (row === undefined || row.given_up < atMost) return false;
  const position = sql<string>`least(position, given_up_from - 1)`;
  const off = { off_reason: reason, off_at: sql<Date>`clock_timestamp()`, position };
  await tx.updateTable('webhook').set(off).where('id', '=', id).execute();
  return true;
}

/** Takes the position of a webhook that is off back before an event that was enqueued and not sent; false where it is on, or gone. */
export async function holdBack(tx: StoreTransaction, id: string, cursor: number): Promise<boolean> {
  const row = await tx
    .updateTable('webhook')
    .set({ position: sql`least(position, ${cursor - 1}::bigint)` })
    .where('id', '=', id)
    .where('off_reason', 'is not', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Removes a webhook; false where there was none. */
export async function deleteWebhook(store: Store, id: string, tx?: StoreTransaction): Promise<boolean> {
  const gone = await pickTables(store, tx)
    .deleteFrom('webhook')
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return gone !== undefined;
}

function toWebhook(row: Selectable<WebhookRow>): StoredWebhook {
  return {
    id: row.id,
    url: row.url,
    secret: row.secret,
    launches: row.launches,
    types: row.types,
    position: Number(row.position),
    epoch: row.epoch,
    givenUp: row.given_up,
    offReason: row.off_reason,
    offAt: row.off_at?.toISOString() ?? null,
    sentAt: row.sent_at?.toISOString() ?? null,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
  };
}
