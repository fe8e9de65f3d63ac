-- Runs of procedures: the newest state of each, and every event that led to it. Only the engine's `advance` writes here, one transaction an input.
-- All times are the database's own; a rehearsal is ahead of it by `ahead_ms`.

create table tminus.run (
  id text primary key check (id <> ''),
  launch text not null,
  procedure text not null,
  mode text not null check (mode in ('live', 'rehearsal', 'dry-run')),
  environment text not null,
  plan_hash text not null,
  -- The plan as it was when the run was made. Documents that change later do not change it.
  plan jsonb not null,
  -- What belongs to the run and not to its plan: candidate, folder, faults to inject.
  setting jsonb not null,
  requested_by text not null,
  state text not null,
  -- The run without its plan and its steps.
  body jsonb not null,
  -- Number of its events so far; rises by one with each.
  events bigint not null default 0,
  -- By how much its clock is ahead of the database's; 0 for every run that is not a rehearsal.
  ahead_ms bigint not null default 0 check (ahead_ms >= 0),
  created_at timestamptz not null default clock_timestamp(),
  -- When time alone will change something, by the database's clock; null where it will not.
  due_at timestamptz,
  ended_at timestamptz,
  constraint run_virtual_time check (ahead_ms = 0 or mode = 'rehearsal')
);
create index run_due on tminus.run (due_at) where due_at is not null;
create index run_launch on tminus.run (launch, created_at desc);
create index run_open on tminus.run (state) where ended_at is null;

create table tminus.step_run (
  run text not null references tminus.run (id),
  id text not null,
  -- Place in the order of the run: forward steps, then undo steps as they are added.
  position integer not null,
  state text not null,
  body jsonb not null,
  -- Set while the worker that has it is asked to end it.
  stop_cause text,
  primary key (run, id)
) with (fillfactor = 70);
create index step_run_stopping on tminus.step_run (run, id) where stop_cause is not null;

-- The cursor of all events: taken last in a transaction and held to its end, so that cursors are committed in their order and without a gap.
create table tminus.event_head (one boolean primary key default true check (one), cursor bigint not null);
insert into tminus.event_head (cursor) values (0);

create table tminus.event (
  cursor bigint primary key,
  -- Null for events of the system.
  run text,
  -- Number of the event within its run, from 1.
  number bigint,
  type text not null,
  at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  body jsonb not null,
  constraint event_of_run check ((run is null) = (number is null))
);
create unique index event_run on tminus.event (run, number);
create trigger event_kept before update or delete or truncate on tminus.event
  for each statement execute function tminus.refuse_change();
alter table tminus.event enable always trigger event_kept;

-- What a step said, masked before it came here.
create table tminus.step_log (
  run text not null,
  step text not null,
  attempt integer not null,
  part integer not null,
  stream text not null check (stream in ('out', 'err', 'note')),
  at timestamptz not null default clock_timestamp(),
  body text not null,
  primary key (run, step, attempt, part)
);

-- How long steps took, in real time; what progress and forecast are made of.
create table tminus.step_length (
  id bigint generated always as identity primary key,
  launch text not null,
  procedure text not null,
  step text not null,
  run text not null,
  mode text not null,
  attempt integer not null,
  outcome text not null check (outcome in ('done', 'failed', 'timed_out', 'stopped')),
  length_ms bigint not null check (length_ms >= 0),
  at timestamptz not null default clock_timestamp()
);
create index step_length_step on tminus.step_length (launch, procedure, step, id desc);

-- How far a running step is; one row a step, written over.
create table tminus.step_progress (
  run text not null,
  step text not null,
  attempt integer not null,
  done double precision not null,
  total double precision,
  body text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (run, step)
) with (fillfactor = 70);

-- What people have to be told; rows are only added.
create table tminus.message (
  id bigint generated always as identity primary key,
  run text not null,
  what text not null,
  people text[] not null,
  body text not null,
  at timestamptz not null default clock_timestamp()
);
create index message_run on tminus.message (run, id);

-- What was found of handed-out secrets in what a run wrote; rows are only added. A run with a row here is tainted.
create table tminus.secret_sighting (
  id bigint generated always as identity primary key,
  run text not null,
  -- Where it was seen, such as `log of move-orders, attempt 1`.
  place text not null,
  -- Name of the secret, or of the rule that knows its shape. Never a value.
  secret text not null,
  -- How it was wrapped, the outermost first.
  decodings text[] not null,
  at timestamptz not null default clock_timestamp()
);
create index secret_sighting_run on tminus.secret_sighting (run);

-- Processes that carry out steps; only told to people and to monitoring, never decided on.
create table tminus.worker (
  id text primary key,
  host text not null,
  pid integer not null,
  version text not null,
  launches text[] not null,
  slots integer not null,
  started_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  state text not null check (state in ('working', 'draining', 'gone'))
);

-- What rehearsals came to; rows are only added. A rehearsal counts for the plan and the candidate that it was made with.
create table tminus.rehearsal (
  id text primary key,
  launch text not null,
  procedure text not null,
  environment text not null,
  plan_hash text not null,
  candidate_sha256 text not null,
  passed boolean not null,
  report jsonb not null,
  at timestamptz not null default clock_timestamp()
);
create index rehearsal_launch on tminus.rehearsal (launch, procedure, at desc);
create trigger rehearsal_kept before update or delete or truncate on tminus.rehearsal
  for each statement execute function tminus.refuse_change();
alter table tminus.rehearsal enable always trigger rehearsal_kept;
