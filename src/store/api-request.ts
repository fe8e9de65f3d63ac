import { sql } from 'kysely';

import type { Store } from './open-store.ts';

/** A change that somebody asked for under a key of their own. */
export interface KeyedRequest {
  account: string;
  key: string;
  /** SHA-256 of method, address and body. */
  request: Buffer;
}

/** What is kept of its answer. */
export interface StoredAnswer {
  status: number;
  body: string;
}

/** `first`: carry it out. `done`: it was carried out. `open`: it is under way. `other`: the key stands for something else. */
export type TakenRequest = { state: 'first' | 'open' | 'other' } | { state: 'done'; answer: StoredAnswer };

/** An answer is kept for 24 hours; a request whose server died while it was under way is free again after two minutes. */
export async function takeRequest(store: Store, { account, key, request }: KeyedRequest): Promise<TakenRequest> {
  const { rows: taken } = await sql`
    insert into tminus.api_request as held (account, key, request) values (${account}, ${key}, ${request})
    on conflict (account, key) do update set request = excluded.request, status = null, body = null, taken_at = clock_timestamp()
      where held.taken_at <= clock_timestamp() - interval '24 hours'
         or (held.status is null and held.request = excluded.request and held.taken_at <= clock_timestamp() - interval '2 minutes')
    returning key`.execute(store.tables);
  if (taken.length === 1) return { state: 'first' };
  const known = await store.tables
    .selectFrom('api_request')
    .select(['request', 'status', 'body'])
    .where('account', '=', account)
    .where('key', '=', key)
    .executeTakeFirst();
  if (known === undefined) return { state: 'open' };
  if (!known.request.equals(request)) return { state: 'other' };
  if (known.status === null || known.body === null) return { state: 'open' };
  return { state: 'done', answer: { status: known.status, body: known.body } };
}

/** Keeps the answer; null frees the key, because nothing was carried out. */
export async function finishRequest(
  store: Store,
  { account, key, request }: KeyedRequest,
  answer: StoredAnswer | null,
): Promise<void> {
  const own = store.tables;
  if (answer === null) {
    await own
      .deleteFrom('api_request')
      .where('account', '=', account)
      .where('key', '=', key)
      .where('request', '=', request)
      .where('status', 'is', null)
      .execute();
    return;
  }
  await own
    .updateTable('api_request')
    .set({ status: answer.status, body: answer.body })
    .where('account', '=', account)
    .where('key', '=', key)
    .where('request', '=', request)
    .execute();
}

/** Forgets at most so many answers that are older than 24 hours, and returns how many. */
export async function forgetRequests(store: Store, atMost: number): Promise<number> {
  const { numAffectedRows } = await sql`
    with old as (select account, key from tminus.api_request
      where taken_at <= clock_timestamp() - interval '24 hours' order by taken_at limit ${atMost} for update skip locked)
    delete from tminus.api_request as held using old where (held.account, held.key) = (old.account, old.key)`.execute(
    store.tables,
  );
  return Number(numAffectedRows ?? 0);
}
