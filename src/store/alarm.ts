import { sql } from 'kysely';

import type { Store } from './open-store.ts';
import type { StoreTransaction } from './transaction.ts';

/** Something that should have happened and has not. While it is open there is one of its subject and kind. */
export interface Alarm {
  subject: string;
  kind: string;
  since: Date;
  detail: string;
}

/** An alarm that was raised or is over; `until` is null while it is not. */
export interface AlarmChange extends Alarm {
  until: Date | null;
}

/**
 * Brings the alarms of some kinds to what is wrong now: raises what is new, ends what is no longer there, and returns both.
 * An alarm that is open stays as it was raised. Kinds that are not named are left alone.
 */
export async function syncAlarms(
  tx: StoreTransaction,
  { kinds, wrong }: { kinds: readonly string[]; wrong: readonly Alarm[] },
): Promise<AlarmChange[]> {
  // Two processes that see the same trouble would raise it twice.
  await sql`select pg_advisory_xact_lock(hashtext('tminus alarms'))`.execute(tx);
  const { rows } = await sql<AlarmChange>`
    with wrong as (
      select distinct on (subject, kind) * from unnest(${wrong.map(({ subject }) => subject)}::text[],
        ${wrong.map(({ kind }) => kind)}::text[], ${wrong.map(({ since }) => since)}::timestamptz[],
        ${wrong.map(({ detail }) => detail)}::text[]) as t (subject, kind, since, detail) order by subject, kind, since
    ), open as (${openAlarms}), raised as (
      insert into tminus.alarm (subject, kind, since, detail)
        select * from wrong where not exists (select from open where (open.subject, open.kind) = (wrong.subject, wrong.kind))
        on conflict (subject, kind, since) where until is null do nothing returning subject, kind, since, until, detail
    ), over as (
      insert into tminus.alarm (subject, kind, since, until, detail)
        select subject, kind, since, greatest(since, clock_timestamp()), detail from open
          where kind = any (${[...kinds]}::text[])
            and not exists (select from wrong where (wrong.subject, wrong.kind) = (open.subject, open.kind))
        returning subject, kind, since, until, detail
    ) select * from raised union all select * from over order by since, subject, kind`.execute(tx);
  return rows;
}

/** Raised, and not over. */
const openAlarms = sql<Alarm>`
  select subject, kind, since, detail from tminus.alarm as raised
    where until is null and not exists (select from tminus.alarm as ended where ended.until is not null
      and (ended.subject, ended.kind, ended.since) = (raised.subject, raised.kind, raised.since))`;

/** Returns the alarms that are not over, oldest first. */
export async function readAlarms(store: Store): Promise<Alarm[]> {
  const { rows } = await sql<Alarm>`select * from (${openAlarms}) as open order by since, subject, kind`.execute(
    store.tables,
  );
  return rows;
}
