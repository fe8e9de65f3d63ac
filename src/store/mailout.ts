import { randomBytes } from 'node:crypto';

import { sql } from 'kysely';

import type { Store } from './open-store.ts';

/** A mailout in an environment of a launch; `test` is apart, since nobody but the tester got those. */
export interface MailoutPlace {
  launch: string;
  environment: string;
  mailout: string;
  mode: 'real' | 'test';
}

/** What became of the mail to one address, which stands here as its hash. */
export interface MailoutDelivery {
  hash: string;
  sender: string;
  state: 'claimed' | 'sent' | 'refused';
  messageId: string;
  /** When it was sent or refused; null while nobody knows. */
  settledAt: string | null;
}

/** Returns the key under which this mailout hashes addresses; made once. */
export async function takeMailoutKey(
  store: Store,
  { launch, environment, mailout: name }: MailoutPlace,
): Promise<Buffer> {
  await store.tables
    .insertInto('mailout')
    .values({ launch, environment, name, hash_key: randomBytes(32) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await store.tables
    .selectFrom('mailout')
    .select('hash_key')
    .where('launch', '=', launch)
    .where('environment', '=', environment)
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return row.hash_key;
}

/** Claims an address before its mail is handed over; false where somebody did before, whatever came of it. */
export async function claimDelivery(
  store: Store,
  { mode, ...place }: MailoutPlace,
  claim: { hash: Buffer; sender: string; messageId: string },
): Promise<boolean> {
  const { hash: address_hash, sender, messageId: message_id } = claim;
  const made = await store.tables
    .insertInto('mailout_delivery')
    .values({ ...place, mode, address_hash, sender, message_id, detail: null, settled_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return made.numInsertedOrUpdatedRows === 1n;
}

/** Writes what came of a claimed delivery; false where the claim is no longer this sender's. */
export async function settleDelivery(
  store: Store,
  place: MailoutPlace,
  { hash, sender, state, detail }: { hash: Buffer; sender: string; state: 'sent' | 'refused'; detail: string | null },
): Promise<boolean> {
  const { launch, environment, mailout, mode } = place;
  const settled = await store.tables
    .updateTable('mailout_delivery')
    .set({ state, detail, settled_at: sql<Date>`clock_timestamp()` })
    .where((where) => where.and({ launch, environment, mailout, mode, sender, state: 'claimed' }))
    .where('address_hash', '=', hash)
    .executeTakeFirst();
  return settled.numUpdatedRows === 1n;
}

/** Gives an address back whose mail was certainly not taken. */
export async function releaseDelivery(
  store: Store,
  place: MailoutPlace,
  { hash, sender }: { hash: Buffer; sender: string },
): Promise<void> {
  const { launch, environment, mailout, mode } = place;
  await store.tables
    .deleteFrom('mailout_delivery')
    .where((where) => where.and({ launch, environment, mailout, mode, sender, state: 'claimed' }))
    .where('address_hash', '=', hash)
    .execute();
}

/** Writes what a person found out of a mail that nobody knew of; false where no claimed delivery has this Message-ID. */
export async function resolveDelivery(
  store: Store,
  { launch, environment, mailout, mode }: MailoutPlace,
  { messageId: message_id, wasSent }: { messageId: string; wasSent: boolean },
): Promise<boolean> {
  const held = { launch, environment, mailout, mode, message_id, state: 'claimed' as const };
  if (!wasSent) {
    const gone = await store.tables
      .deleteFrom('mailout_delivery')
      .where((where) => where.and(held))
      .executeTakeFirst();
    return gone.numDeletedRows === 1n;
  }
  const settled = await store.tables
    .updateTable('mailout_delivery')
    .set({ state: 'sent', detail: 'a person said so', settled_at: sql<Date>`clock_timestamp()` })
    .where((where) => where.and(held))
    .executeTakeFirst();
  return settled.numUpdatedRows === 1n;
}

/** Returns every delivery of a mailout. */
export async function listDeliveries(
  store: Store,
  { launch, environment, mailout, mode }: MailoutPlace,
): Promise<MailoutDelivery[]> {
  const rows = await store.tables
    .selectFrom('mailout_delivery')
    .select(['address_hash', 'sender', 'state', 'message_id', 'settled_at'])
    .where((where) => where.and({ launch, environment, mailout, mode }))
    .orderBy('claimed_at')
    .execute();
  return rows.map((row) => ({
    hash: row.address_hash.toString('hex'),
    sender: row.sender,
    state: row.state,
    messageId: row.message_id,
    settledAt: row.settled_at?.toISOString() ?? null,
  }));
}
