-- A person goes through their work once, guided, before a launch is accepted. A pass is never changed but to end; what was seen in it is only added to.
create table tminus.acceptance_pass (
  id text primary key check (id ~ '^p-[0-9a-f]{16}$'),
  launch text not null,
  environment text not null,
  person text not null,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  -- What was signed, and the entry of the log that says so. Null where the pass was given up for a newer one.
  record jsonb,
  entry text,
  check ((record is null) = (entry is null)),
  check (entry is null or ended_at is not null)
);
create unique index acceptance_pass_open on tminus.acceptance_pass (launch, environment, person) where ended_at is null;

create function tminus.refuse_pass_change() returns trigger language plpgsql as $$
begin
  if old.ended_at is null and new.ended_at is not null
    and (old.id, old.launch, old.environment, old.person, old.started_at) = (new.id, new.launch, new.environment, new.person, new.started_at) then return new; end if;
  raise exception 'acceptance pass %: expected it to be ended and nothing else, got another change', old.id
    using errcode = 'restrict_violation', hint = 'begin a new pass';
end $$;
create trigger acceptance_pass_kept before update on tminus.acceptance_pass for each row execute function tminus.refuse_pass_change();
create trigger acceptance_pass_stays before delete or truncate on tminus.acceptance_pass
  for each statement execute function tminus.refuse_change();
alter table tminus.acceptance_pass enable always trigger acceptance_pass_kept;
alter table tminus.acceptance_pass enable always trigger acceptance_pass_stays;

-- What the server really showed to the person of an open pass.
create table tminus.acceptance_sight (
  id bigint generated always as identity primary key,
  pass text not null references tminus.acceptance_pass (id),
  kind text not null check (kind in ('home', 'work', 'document')),
  subject text not null,
  -- Of Home: the work for the person, each with all of its subjects, and whether what waits was known in full.
  detail jsonb not null,
  at timestamptz not null default clock_timestamp()
);
create index acceptance_sight_pass on tminus.acceptance_sight (pass, id);
create trigger acceptance_sight_kept before update or delete or truncate on tminus.acceptance_sight
  for each statement execute function tminus.refuse_change();
alter table tminus.acceptance_sight enable always trigger acceptance_sight_kept;
