import { sql } from 'kysely';
import type { Kysely } from 'kysely';

import { ProductError } from '../../core/error/product-error.ts';
import type { IdentityTables } from './identity-tables.ts';

/** How many guesses within the window are let through under a key. */
export interface TryLimit {
  key: string;
  most: number;
}

/** For how long a guess counts. */
export const windowSeconds = 15 * 60;

const windowStart = sql<Date>`clock_timestamp() - make_interval(secs => ${windowSeconds})`;

/** Refused because there were too many guesses. */
export interface Throttled {
  retryAfterSeconds: number;
}

/**
 * Counts a guess under each key and returns null where none has too many, else how long to wait. The guess is written before it is judged, so that of a
 * hundred at once no more get through than one after the other would. Refused ones count, too: whoever goes on guessing goes on waiting.
 */
export async function takeTry(tables: Kysely<IdentityTables>, limits: readonly TryLimit[]): Promise<Throttled | null> {
  await tables.deleteFrom('try').where('at', '<', windowStart).execute();
  await tables
    .insertInto('try')
    .values(limits.map(({ key }) => ({ key })))
    .execute();
  const counted = await tables
    .selectFrom('try')
    .select(({ fn }) => ['key', fn.countAll<string>().as('count')])
    .where(
      'key',
      'in',
      limits.map(({ key }) => key),
    )
    .where('at', '>', windowStart)
    .groupBy('key')
    .execute();
  const isOver = limits.some(({ key, most }) => counted.some((row) => row.key === key && Number(row.count) > most));
  return isOver ? { retryAfterSeconds: windowSeconds } : null;
}

/** Forgets the guesses under a key, after a right one. */
export async function forgetTries(tables: Kysely<IdentityTables>, key: string): Promise<void> {
  await tables.deleteFrom('try').where('key', '=', key).execute();
}

/** Forgets one guess under a key: the one that was right. */
export async function forgetOneTry(tables: Kysely<IdentityTables>, key: string): Promise<void> {
  const one = sql`(select ctid from identity.try where key = ${key} order by at desc limit 1)`;
  await sql`delete from identity.try where ctid = ${one}`.execute(tables);
}

/** Throws `too_many_requests` where there were. */
export async function demandTry(tables: Kysely<IdentityTables>, limits: readonly TryLimit[]): Promise<void> {
  const throttled = await takeTry(tables, limits);
  if (throttled === null) return;
  const minutes = Math.ceil(throttled.retryAfterSeconds / 60);
  throw new ProductError('too_many_requests', `guesses: expected at most a few in ${minutes} minutes, got more`, {
    hint: `wait ${minutes} minutes; each further try begins the wait again`,
  });
}
