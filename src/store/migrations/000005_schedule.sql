-- What recurs: when each slot was due, begun and ended, and the alarms that were raised because it was not. All times are the database's own.

-- How often a job was given back before it began: such a delivery costs no try.
alter table tminus.job_claim add column given_back integer not null default 0 check (given_back >= 0);

create table tminus.schedule (
  name text primary key check (name <> ''),
  -- The entry as it is declared now; any process can tell from it and from the slots what is overdue.
  body jsonb not null,
  -- Slots up to here were decided on: sent, or left out.
  seen_until timestamptz not null default clock_timestamp()
);

-- One row per slot that was decided on: a slot is sent once, however many processes look.
create table tminus.schedule_slot (
  schedule text not null references tminus.schedule (name) on delete cascade,
  due_at timestamptz not null,
  skipped boolean not null,
  begun_at timestamptz,
  ended_at timestamptz,
  primary key (schedule, due_at),
  constraint schedule_slot_order check (ended_at is null or begun_at is not null)
);

-- Rows are only added here: one when an alarm is raised, with `until` null, and one more when it is over.
create table tminus.alarm (
  id bigint generated always as identity primary key,
  -- What it is about: the slot of a schedule, a run.
  subject text not null check (subject <> ''),
  kind text not null check (kind <> ''),
  since timestamptz not null,
  until timestamptz,
  detail text not null,
  at timestamptz not null default clock_timestamp(),
  constraint alarm_time check (until is null or until >= since)
);
create unique index alarm_raised on tminus.alarm (subject, kind, since) where until is null;
create unique index alarm_over on tminus.alarm (subject, kind, since) where until is not null;
create trigger alarm_kept before update or delete or truncate on tminus.alarm
  for each statement execute function tminus.refuse_change();
alter table tminus.alarm enable always trigger alarm_kept;

-- Takes all keys or none, as before, with fewer statements where nobody waits; and somebody who stands in the row is told "not yet" without a write.
create or replace function tminus.take_asset_locks(wanted text[], asked uuid, who text, lease interval, patience interval)
returns table (locked_key text, locked_fence bigint) language plpgsql as $$
declare
  known integer;
  own_place bigint;
  -- Places of others in a row of a wanted key that count: of those who came earlier, where the asker has a place.
  earlier boolean;
  places integer;
begin
  -- A look without locks, by an asker whose place is good for a while: to be told "not yet" too often does no harm, and what frees the key wakes it again.
  if exists (select from tminus.asset_lock_wait w where w.waiter = asked and w.until > clock_timestamp() + patience / 2)
    and exists (select from tminus.asset_lock l where l.key = any (wanted) and l.lease_until > clock_timestamp() and l.holder <> asked)
  then
    return;
  end if;
  perform from tminus.asset_lock l where l.key = any (wanted) order by l.key collate "C" for update;
  get diagnostics known = row_count;
  if known < cardinality(wanted) then
    insert into tminus.asset_lock (key) select one from unnest(wanted) as one order by one collate "C" on conflict do nothing;
    perform from tminus.asset_lock l where l.key = any (wanted) order by l.key collate "C" for update;
  end if;
  select count(*), min(w.place) filter (where w.waiter = asked) into places, own_place
    from tminus.asset_lock_wait w where w.key = any (wanted);
  earlier := places > 0 and exists (select from tminus.asset_lock_wait w where w.key = any (wanted) and w.waiter <> asked
    and w.until > clock_timestamp() and (own_place is null or w.place < own_place));
  -- What the asker holds already is no hindrance: the answer to its last call may have been lost.
  if earlier or exists (select from tminus.asset_lock l where l.key = any (wanted) and l.lease_until > clock_timestamp() and l.holder <> asked)
  then
    own_place := coalesce(own_place, nextval('tminus.asset_lock_place'));
    insert into tminus.asset_lock_wait as w (key, place, waiter, owner, until)
      select one, own_place, asked, who, clock_timestamp() + patience from unnest(wanted) as one order by one collate "C"
      on conflict (key, place) do update set until = excluded.until;
    return;
  end if;
  if places > 0 then
    delete from tminus.asset_lock_wait w where w.key = any (wanted) and (w.waiter = asked or w.until <= clock_timestamp());
  end if;
  return query update tminus.asset_lock l
    set fence = l.fence + 1, holder = asked, owner = who, taken_at = clock_timestamp(), lease_until = clock_timestamp() + lease
    where l.key = any (wanted) returning l.key, l.fence;
end $$;

-- Gives back what a holder has, in the order in which it is taken; what somebody else holds by now stays theirs. A place in the row is given back, too.
create or replace function tminus.release_asset_locks(held text[], gone uuid) returns void language plpgsql as $$
begin
  -- One row is locked by its update; only several have to be locked in their order first.
  if cardinality(held) > 1 then
    perform from tminus.asset_lock l where l.key = any (held) and l.holder = gone order by l.key collate "C" for update;
  end if;
  update tminus.asset_lock set holder = null, owner = null, taken_at = null, lease_until = null where key = any (held) and holder = gone;
  delete from tminus.asset_lock_wait where waiter = gone;
end $$;
