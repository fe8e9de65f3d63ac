import { sql } from 'kysely';

import type { Hold } from '../core/procedure/run.ts';
import type { Store } from './open-store.ts';
import { pickTables } from './transaction.ts';
import type { StoreTransaction } from './transaction.ts';

/** A hold above a single run. */
export interface StandingHold extends Pick<Hold, 'id' | 'mode' | 'count' | 'reason'> {
  scope: 'global' | 'launch' | 'environment';
  launch: string | null;
  environment: string | null;
  by: string;
}

/** Where runs are that a hold may be on. */
export interface HoldPlace {
  launch: string;
  environment: string;
}

/** Puts a hold; false where one of that id is on already. */
export async function putStandingHold(tx: StoreTransaction, { by, ...hold }: StandingHold): Promise<boolean> {
  const put = await tx
    .insertInto('standing_hold')
    .values({ ...hold, put_by: by })
    .onConflict((clash) => clash.column('id').where('lifted_at', 'is', null).doNothing())
    .returning('number')
    .executeTakeFirst();
  return put !== undefined;
}

/** Lifts a hold; null where none of that id is on. */
export async function liftStandingHold(
  tx: StoreTransaction,
  { id, by, reason }: { id: string; by: string; reason: string },
): Promise<StandingHold | null> {
  const row = await tx
    .updateTable('standing_hold')
    .set({ lifted_by: by, lift_reason: reason, lifted_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', id)
    .where('lifted_at', 'is', null)
    .returning(['id', 'scope', 'launch', 'environment', 'mode', 'count', 'reason', 'put_by'])
    .executeTakeFirst();
  return row === undefined ? null : toHold(row);
}

/** Returns the holds that are on now over a place, or all of them, the oldest first. Within a transaction none can be put before it ends. */
export async function readStandingHolds(
  store: Store,
  place: HoldPlace | null,
  tx?: StoreTransaction,
): Promise<StandingHold[]> {
  let query = pickTables(store, tx)
    .selectFrom('standing_hold')
    .select(['id', 'scope', 'launch', 'environment', 'mode', 'count', 'reason', 'put_by'])
    .where('lifted_at', 'is', null);
  if (place !== null) {
    query = query.where((is) =>
      is.and([
        is.or([is('launch', 'is', null), is('launch', '=', place.launch)]),
        is.or([is('environment', 'is', null), is('environment', '=', place.environment)]),
      ]),
    );
  }
  return (await query.orderBy('number').execute()).map(toHold);
}

/**
 * Keeps holds from being put, or runs from being made, by others until the transaction ends: a run that is made while a hold is put would be under neither.
 */
export async function lockHolds(tx: StoreTransaction, strength: 'share' | 'exclusive'): Promise<void> {
  const key = sql`${8_390_876_194_218n.toString()}::bigint`;
  await (
    strength === 'share' ? sql`select pg_advisory_xact_lock_shared(${key})` : sql`select pg_advisory_xact_lock(${key})`
  ).execute(tx);
}

/** A run that is not under a hold that is on above it, or still under one that was lifted. */
export interface LooseHold {
  run: string;
  hold: StandingHold;
  /** Who lifted it and why; null where it is on. */
  lifted: { by: string; reason: string } | null;
}

/** Returns where runs and the holds above them do not agree. */
export async function listLooseHolds(store: Store): Promise<LooseHold[]> {
  const { rows } = await sql<Columns & { run: string; lifted_by: string | null; lift_reason: string | null }>`
    select r.id as run, h.id, h.scope, h.launch, h.environment, h.mode, h.count, h.reason, h.put_by, h.lifted_by, h.lift_reason
      from tminus.run r
      join lateral (select distinct on (id) * from tminus.standing_hold
        where (launch is null or launch = r.launch) and (environment is null or environment = r.environment) order by id, number desc) h on true
      where r.ended_at is null
        and (h.lifted_at is null) <> exists (select from jsonb_array_elements(r.body->'holds') one where one->>'id' = h.id and one->>'scope' = h.scope)
      order by r.id, h.number`.execute(store.tables);
  return rows.map(({ run, lifted_by, lift_reason, ...row }) => ({
    run,
    hold: toHold(row),
    lifted: lifted_by === null ? null : { by: lifted_by, reason: lift_reason ?? '' },
  }));
}

/** How many runs that have not ended are under a hold that is put above them. */
export async function countHeldRuns(
  store: Store,
  { id, scope }: Pick<StandingHold, 'id' | 'scope'>,
  tx?: StoreTransaction,
): Promise<number> {
  const { count } = await pickTables(store, tx)
    .selectFrom('run')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('ended_at', 'is', null)
    .where(sql<boolean>`body->'holds' @> ${JSON.stringify([{ id, scope }])}::jsonb`)
    .executeTakeFirstOrThrow();
  return Number(count);
}

type Columns = Omit<StandingHold, 'by'> & { put_by: string };

function toHold({ put_by: by, ...row }: Columns): StandingHold {
  return { ...row, by };
}
