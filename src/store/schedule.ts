import { sql } from 'kysely';
import type { Kysely } from 'kysely';

import { overdueSlots } from '../core/schedule/overdue-slots.ts';
import type { OverdueSlot, ScheduleEntry, ScheduleSlot, ScheduleState } from '../core/schedule/schedule.ts';
import { toStoreError } from './database-error.ts';
import type { Store } from './open-store.ts';
import type { Tables } from './tables.ts';
import type { StoreTransaction } from './transaction.ts';

/** One slot of a schedule. */
export interface SlotKey {
  schedule: string;
  dueMs: number;
}

/**
 * Declares the schedules of a scope: those of that name, or whose names begin with it and a space. One that is new begins now, or when it says; one that is due
 * at other times than before begins now; one that is gone is removed with its slots. Schedules of other scopes are left alone.
 */
export async function declareSchedules(store: Store, scope: string, entries: readonly ScheduleEntry[]): Promise<void> {
  try {
    await sql`
      with declared as (select value ->> 'name' as name, value as body from jsonb_array_elements(${JSON.stringify(entries)}::jsonb)),
        gone as (delete from tminus.schedule where (name = ${scope} or starts_with(name, ${`${scope} `}))
          and name not in (select name from declared))
      insert into tminus.schedule as known (name, body, seen_until)
        select name, body, coalesce(to_timestamp((body ->> 'fromMs')::float8 / 1000), clock_timestamp()) from declared order by name
        on conflict (name) do update set body = excluded.body, seen_until = case
          when known.body ->> 'cron' = excluded.body ->> 'cron' and known.body ->> 'timeZone' = excluded.body ->> 'timeZone'
          then known.seen_until else clock_timestamp() end
        where known.body <> excluded.body`.execute(store.tables);
  } catch (error) {
    throw toStoreError(error, 'schedules');
  }
}

/** When a slot that is a run has ended: when a live run that was made since it was due ended well, by hand or not. */
const endOfRun = sql`(select min(r.ended_at) from tminus.run r
  where r.launch = s.body #>> '{endedBy,launch}' and r.procedure = s.body #>> '{endedBy,procedure}'
    and r.environment = s.body #>> '{endedBy,environment}' and r.mode = 'live' and r.state = 'completed' and r.created_at >= l.due_at)`;

/** Every schedule with its slots that may still matter, and the moment by the database's clock at which they were read. */
export interface ScheduleReading {
  states: ScheduleState[];
  nowMs: number;
}

/** Reads the schedules; within a transaction that holds them with `lockSchedules`, nobody else changes them. */
export async function readSchedules(tables: Kysely<Tables>): Promise<ScheduleReading> {
  const { rows } = await sql<{ now: Date; entry: ScheduleEntry; seen: Date; slots: StoredSlot[] }>`
    select clock_timestamp() as now, s.body as entry, s.seen_until as seen, coalesce(jsonb_agg(jsonb_build_object(
        'due', extract(epoch from l.due_at) * 1000, 'skipped', l.skipped,
        'begun', extract(epoch from l.begun_at) * 1000, 'ended', extract(epoch from coalesce(l.ended_at, ${endOfRun})) * 1000)
        order by l.due_at) filter (where l.due_at is not null), '[]') as slots
      from tminus.schedule as s left join lateral (
        select * from tminus.schedule_slot where schedule = s.name and (ended_at is null or due_at = (
          select max(due_at) from tminus.schedule_slot where schedule = s.name and ended_at is not null))
          order by due_at desc limit 1000) as l on true
      group by s.name order by s.name`.execute(tables);
  const states = rows.map(({ entry, seen, slots }) => ({
    entry,
    seenUntilMs: seen.getTime(),
    slots: slots.map(toSlot),
  }));
  return { states, nowMs: rows[0]?.now.getTime() ?? 0 };
}

interface StoredSlot {
  due: number;
  skipped: boolean;
  begun: number | null;
  ended: number | null;
}

/** Lets one process at a time decide on slots; false when another does so now. */
export async function lockSchedules(tx: StoreTransaction): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('tminus schedules')) as mine`.execute(tx);
  return rows[0]?.mine === true;
}

/** Writes what was decided on the slots of a schedule, and returns those that nobody had decided on before. Old slots that have ended go. */
export async function writeSlots(
  tx: StoreTransaction,
  { schedule, untilMs }: { schedule: string; untilMs: number },
  plan: { send: readonly number[]; skip: readonly number[] },
): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ due: number }>`
    with seen as (update tminus.schedule set seen_until = ${new Date(untilMs)} where name = ${schedule}),
      old as (delete from tminus.schedule_slot where schedule = ${schedule} and due_at < clock_timestamp() - interval '30 days'
        and (skipped or ended_at is not null))
    insert into tminus.schedule_slot (schedule, due_at, skipped)
      select ${schedule}, to_timestamp(due / 1000), false from unnest(${[...plan.send]}::double precision[]) as due
      union all select ${schedule}, to_timestamp(due / 1000), true from unnest(${[...plan.skip]}::double precision[]) as due
      on conflict do nothing returning extract(epoch from due_at)::double precision * 1000 as due`.execute(tx);
  return new Set(rows.map(({ due }) => Math.round(due)));
}

/** Notes that a slot began; of several tries the first counts. */
export async function beginSlot(tables: Kysely<Tables>, { schedule, dueMs }: SlotKey): Promise<void> {
  await sql`update tminus.schedule_slot set begun_at = coalesce(begun_at, clock_timestamp())
    where schedule = ${schedule} and due_at = ${new Date(dueMs)}`.execute(tables);
}

/** Notes that a slot ended, in the transaction of what it wrote. */
export async function endSlot(tx: StoreTransaction, { schedule, dueMs }: SlotKey): Promise<void> {
  await sql`update tminus.schedule_slot set begun_at = coalesce(begun_at, clock_timestamp()), ended_at = clock_timestamp()
    where schedule = ${schedule} and due_at = ${new Date(dueMs)}`.execute(tx);
}

/** Notes the ends of slots that are runs, so that they need not be looked for again and go in their time. One that was left out has ended, too, as far as it can. */
export async function endSlotsByRuns(tx: StoreTransaction): Promise<void> {
  await sql`update tminus.schedule_slot as l set begun_at = coalesce(l.begun_at, ${endOfRun}), ended_at = ${endOfRun}
    from tminus.schedule as s where s.name = l.schedule and s.body ? 'endedBy' and l.ended_at is null and not l.skipped
      and ${endOfRun} is not null`.execute(tx);
}

/** Returns the newest slots of schedules by name, newest first, as they are stored now. */
export async function readSlots(
  store: Store,
  names: readonly string[],
  limit: number,
): Promise<Map<string, ScheduleSlot[]>> {
  const { rows } = await sql<StoredSlot & { schedule: string }>`
    select s.name as schedule, (extract(epoch from l.due_at) * 1000)::float8 as due, l.skipped,
        (extract(epoch from l.begun_at) * 1000)::float8 as begun,
        (extract(epoch from coalesce(l.ended_at, ${endOfRun})) * 1000)::float8 as ended
      from tminus.schedule s cross join lateral (
        select * from tminus.schedule_slot where schedule = s.name order by due_at desc limit ${limit}) as l
      where s.name = any (${[...names]}::text[]) order by s.name, l.due_at desc`.execute(store.tables);
  const bySchedule = Map.groupBy(rows, ({ schedule }) => schedule);
  return new Map([...bySchedule].map(([name, slots]) => [name, slots.map(toSlot)]));
}

function toSlot({ due, skipped, begun, ended }: StoredSlot): ScheduleSlot {
  return { dueMs: Math.round(due), skipped, begunMs: begun, endedMs: ended };
}

/** Returns the slots that are overdue now. Any process may ask, whether or not a worker runs. */
export async function readOverdue(store: Store): Promise<OverdueSlot[]> {
  try {
    const { states, nowMs } = await readSchedules(store.tables);
    return overdueSlots(states, nowMs);
  } catch (error) {
    throw toStoreError(error, 'schedules');
  }
}
