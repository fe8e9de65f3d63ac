import { sql } from 'kysely';
import type { Selectable } from 'kysely';

import type { Store } from './open-store.ts';
import type { NoticeDeliveryRow } from './review-tables.ts';
import type { StoreTransaction } from './transaction.ts';

/** What a person chose to be told by mail; `version` 0 where they never chose. */
export interface NoticeChoice {
  mail: string[];
  version: number;
}

/** Returns the choice of a person: nothing by mail unless they said so. */
export async function readNoticeChoice(store: Store, person: string): Promise<NoticeChoice> {
  const row = await store.tables
    .selectFrom('notice_choice')
    .select(['mail', 'version'])
    .where('person', '=', person)
    .executeTakeFirst();
  return row ?? { mail: [], version: 0 };
}

/** Returns everybody who chose at least one kind. */
export async function listNoticeChoices(store: Store): Promise<({ person: string } & NoticeChoice)[]> {
  const rows = await store.tables.selectFrom('notice_choice').select(['person', 'mail', 'version']).execute();
  return rows.filter(({ mail }) => mail.length > 0);
}

/** Writes a choice over the version that was seen; false where another was faster. */
export async function writeNoticeChoice(
  store: Store,
  person: string,
  { mail, version }: { mail: readonly string[]; version: number },
): Promise<boolean> {
  const { rows } = await sql`
    insert into tminus.notice_choice (person, mail) select ${person}, ${[...mail]}::text[] where ${version} = 0
    on conflict do nothing returning person`.execute(store.tables);
  if (rows.length > 0) return true;
  const changed = await sql`
    update tminus.notice_choice set mail = ${[...mail]}::text[], version = version + 1, at = clock_timestamp()
     where person = ${person} and version = ${version} returning person`.execute(store.tables);
  return changed.rows.length > 0;
}

/** Which notice to whom. */
export interface DeliveryName {
  person: string;
  notice: string;
}

/** A notice that is to be told. */
export interface NewDelivery extends DeliveryName {
  launch: string | null;
  subject: string;
  body: string;
}

/** Writes those that were not told yet and are not on their way, and returns their names: of any number of writers one gets each. */
export async function insertDeliveries(
  tx: StoreTransaction,
  deliveries: readonly NewDelivery[],
): Promise<DeliveryName[]> {
  if (deliveries.length === 0) return [];
  return tx
    .insertInto('notice_delivery')
    .values(deliveries.map((one) => ({ ...one, channel: 'mail' as const })))
    .onConflict((conflict) => conflict.columns(['person', 'channel', 'notice']).doNothing())
    .returning(['person', 'notice'])
    .execute();
}

/** A notice to a person, as it stands. */
export type StoredDelivery = Selectable<NoticeDeliveryRow>;

/** Returns one; null where there is none. */
export async function readDelivery(store: Store, { person, notice }: DeliveryName): Promise<StoredDelivery | null> {
  const row = await store.tables
    .selectFrom('notice_delivery')
    .selectAll()
    .where('person', '=', person)
    .where('channel', '=', 'mail')
    .where('notice', '=', notice)
    .executeTakeFirst();
  return row ?? null;
}

/** Returns the newest of a person. */
export async function listDeliveries(store: Store, person: string, limit: number): Promise<StoredDelivery[]> {
  return store.tables
    .selectFrom('notice_delivery')
    .selectAll()
    .where('person', '=', person)
    .orderBy('made_at', 'desc')
    .orderBy('notice')
    .limit(limit)
    .execute();
}

/** Ends one that waits; one that has ended stays as it is. */
export async function endDelivery(
  tx: StoreTransaction,
  { person, notice }: DeliveryName,
  { state, detail }: { state: 'sent' | 'quiet' | 'failed'; detail: string },
): Promise<void> {
  await sql`
    update tminus.notice_delivery set state = ${state}, detail = ${detail}, ended_at = clock_timestamp()
     where person = ${person} and channel = 'mail' and notice = ${notice} and state = 'waiting'`.execute(tx);
}

/** Says that a worker looks after mail, with its sender. */
export async function noteMailChannel(store: Store, sender: string): Promise<void> {
  await sql`
    insert into tminus.notice_channel (channel, sender) values ('mail', ${sender})
    on conflict (channel) do update set sender = excluded.sender, looked_at = clock_timestamp()`.execute(store.tables);
}

/** Returns who sends mail and how long ago a worker last looked for notices; null where none ever did. */
export async function readMailChannel(store: Store): Promise<{ sender: string; ageMs: number } | null> {
  const { rows } = await sql<{ sender: string; age: number }>`
    select sender, extract(epoch from clock_timestamp() - looked_at)::float8 * 1000 as age
      from tminus.notice_channel where channel = 'mail'`.execute(store.tables);
  const row = rows[0];
  return row === undefined ? null : { sender: row.sender, ageMs: Math.max(0, Math.round(row.age)) };
}

/** Returns the address of the account that stands for a person; null where none does, or it is disabled. */
export async function readMailAddress(store: Store, person: string): Promise<string | null> {
  const { rows } = await sql<{ email: string }>`
    select email from identity."user" where person = ${person} and "disabledAt" is null limit 1`.execute(store.tables);
  return rows[0]?.email ?? null;
}
