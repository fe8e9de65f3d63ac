-- What is under way: which attempt of a job may still write, who holds which asset, and which submissions were taken.
-- These rows change and go; what happened stands in the log. All times are the database's own.

-- Every claim takes the next number, so a later claim of the same job always carries a greater one.
create sequence tminus.claim_token;

create table tminus.job_claim (
  queue text not null,
  job uuid not null,
  token bigint not null,
  attempt integer not null check (attempt >= 1),
  worker text not null,
  claimed_at timestamptz not null default clock_timestamp(),
  -- Null while the worker may still write; set in the transaction that ends this try of the job.
  outcome text check (outcome in ('done', 'failed', 'cancelled', 'archived')),
  settled_at timestamptz,
  primary key (queue, job),
  constraint job_claim_settled check ((outcome is null) = (settled_at is null))
);
create index job_claim_ended on tminus.job_claim (settled_at) where outcome <> 'failed';

-- Rows are only added here: who took a dead letter out, and what it had died of.
create table tminus.dead_letter_action (
  id bigint generated always as identity primary key,
  letter uuid not null,
  queue text not null,
  died_at timestamptz not null,
  cause text not null,
  action text not null check (action in ('requeued', 'archived')),
  person text not null check (person <> ''),
  reason text not null,
  at timestamptz not null default clock_timestamp()
);
create trigger dead_letter_action_kept before update or delete or truncate on tminus.dead_letter_action
  for each statement execute function tminus.refuse_change();
alter table tminus.dead_letter_action enable always trigger dead_letter_action_kept;

-- One row per asset that was ever locked. It stays after the release, because the fence has to go on rising.
-- No index but the key, so that taking and giving back change the row in place.
create table tminus.asset_lock (
  key text primary key check (key <> ''),
  fence bigint not null default 0,
  holder uuid,
  owner text,
  taken_at timestamptz,
  lease_until timestamptz,
  constraint asset_lock_held check ((holder is null) = (lease_until is null) and (holder is null) = (owner is null))
);

-- Who waits for which asset, in the order of asking. A place is kept as long as its waiter asks again before `until`.
create table tminus.asset_lock_wait (
  key text not null,
  place bigint not null,
  waiter uuid not null,
  owner text not null,
  until timestamptz not null,
  primary key (key, place)
);
create index asset_lock_wait_waiter on tminus.asset_lock_wait (waiter);
create sequence tminus.asset_lock_place;

-- Takes all keys, which are distinct, or none. The rows of the keys are locked in sorted order before anything is looked at, so that two callers with
-- crossed sets wait for each other in one direction only, and each statement after that sees what the one before in the row did.
-- No row back: somebody holds one of the keys, or came earlier; the caller then has a place in the row of each key.
create function tminus.take_asset_locks(wanted text[], asked uuid, who text, lease interval, patience interval)
returns table (locked_key text, locked_fence bigint) language plpgsql as $$
declare
  known integer;
  own_place bigint;
begin
  perform from tminus.asset_lock l where l.key = any (wanted) order by l.key collate "C" for update;
  get diagnostics known = row_count;
  if known < cardinality(wanted) then
    insert into tminus.asset_lock (key) select one from unnest(wanted) as one order by one collate "C" on conflict do nothing;
    perform from tminus.asset_lock l where l.key = any (wanted) order by l.key collate "C" for update;
  end if;
  select min(w.place) into own_place from tminus.asset_lock_wait w where w.waiter = asked;
  -- What the asker holds already is no hindrance: the answer to its last call may have been lost.
  if exists (select from tminus.asset_lock l where l.key = any (wanted) and l.lease_until > clock_timestamp() and l.holder <> asked)
    or exists (select from tminus.asset_lock_wait w where w.key = any (wanted) and w.waiter <> asked
      and w.until > clock_timestamp() and (own_place is null or w.place < own_place))
  then
    own_place := coalesce(own_place, nextval('tminus.asset_lock_place'));
    insert into tminus.asset_lock_wait as w (key, place, waiter, owner, until)
      select one, own_place, asked, who, clock_timestamp() + patience from unnest(wanted) as one order by one collate "C"
      on conflict (key, place) do update set until = excluded.until;
    return;
  end if;
  delete from tminus.asset_lock_wait w where w.key = any (wanted) and (w.waiter = asked or w.until <= clock_timestamp());
  return query update tminus.asset_lock l
    set fence = l.fence + 1, holder = asked, owner = who, taken_at = clock_timestamp(), lease_until = clock_timestamp() + lease
    where l.key = any (wanted) returning l.key, l.fence;
end $$;

-- Gives back what a holder has, in the order in which it is taken; what somebody else holds by now stays theirs. A place in the row is given back, too.
create function tminus.release_asset_locks(held text[], gone uuid) returns void language plpgsql as $$
begin
  perform from tminus.asset_lock l where l.key = any (held) and l.holder = gone order by l.key collate "C" for update;
  update tminus.asset_lock set holder = null, owner = null, taken_at = null, lease_until = null where key = any (held) and holder = gone;
  delete from tminus.asset_lock_wait where waiter = gone;
end $$;

-- One row per submission that counts now: the newest of its key.
create table tminus.submission (
  tenant text not null,
  key bytea not null check (octet_length(key) = 32),
  body bytea not null check (octet_length(body) = 32),
  run text not null,
  state text not null default 'open' check (state in ('open', 'completed', 'failed', 'cancelled')),
  submitted_at timestamptz not null default clock_timestamp(),
  primary key (tenant, key)
);
create index submission_run on tminus.submission (run);
