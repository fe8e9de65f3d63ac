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
