-- One shift of traffic: a rollout carried out for a candidate. What it is about never changes; where it stands does, and all that was seen, decided and
-- set is a journal that is only added to, each entry with the digest of the one before it.
create table tminus.rollout_shift (
  id text primary key check (id ~ '^s-[0-9a-f]{16}$'),
  launch text not null,
  environment text not null,
  rollout text not null,
  plan_hash bytea not null check (length(plan_hash) = 32),
  candidate_sha256 bytea not null check (length(candidate_sha256) = 32),
  requester text not null,
  reason text not null,
  -- Rollout, routers and metric sources as the documents declared them when it began.
  declared jsonb not null,
  -- The candidate itself, and whom what is done is done for.
  setting jsonb not null,
  -- What moves the traffic, so that two shifts do not move the same.
  routers text[] not null,
  created_at timestamptz not null default clock_timestamp(),
  -- Where the phases stand, as core/rollout decided, and what was decided and is not done yet.
  state jsonb not null,
  pending jsonb not null,
  stands text not null
    check (stands in ('waiting', 'moving', 'watching', 'held', 'going-back', 'completed', 'rolled-back', 'aborted')),
  -- Rises with everything that a person could have seen otherwise, and with no mere look.
  version bigint not null default 1,
  -- Entries of the journal, and the digest of the last.
  entries bigint not null default 0,
  head bytea not null default '\x0000000000000000000000000000000000000000000000000000000000000000' check (length(head) = 32),
  -- When it is looked at next, by the clock of the store; null when it has ended and nothing is left to do.
  look_at timestamptz,
  ended_at timestamptz,
  check ((look_at is null) = (ended_at is not null)),
  check (ended_at is null or (stands in ('completed', 'rolled-back', 'aborted') and pending = '[]'))
);
create index rollout_shift_newest on tminus.rollout_shift (launch, environment, created_at desc);
create index rollout_shift_due on tminus.rollout_shift (look_at) where look_at is not null;

create function tminus.refuse_shift_change() returns trigger language plpgsql as $$
begin
  if (old.id, old.launch, old.environment, old.rollout, old.plan_hash, old.candidate_sha256, old.requester, old.reason, old.routers, old.created_at)
    = (new.id, new.launch, new.environment, new.rollout, new.plan_hash, new.candidate_sha256, new.requester, new.reason, new.routers, new.created_at)
    and old.declared = new.declared and old.setting = new.setting and old.ended_at is null and new.entries >= old.entries and new.version >= old.version then return new; end if;
  raise exception 'shift %: expected a move of one that goes on, got another change', old.id
    using errcode = 'restrict_violation', hint = 'start a new one';
end $$;
create trigger rollout_shift_kept before update on tminus.rollout_shift for each row execute function tminus.refuse_shift_change();
create trigger rollout_shift_stays before delete or truncate on tminus.rollout_shift
  for each statement execute function tminus.refuse_change();
alter table tminus.rollout_shift enable always trigger rollout_shift_kept;
alter table tminus.rollout_shift enable always trigger rollout_shift_stays;

create table tminus.rollout_entry (
  shift text not null references tminus.rollout_shift (id),
  number bigint not null check (number > 0),
  kind text not null,
  at timestamptz not null,
  -- Canonical JSON with number, kind, instant and the digest of the entry before.
  body bytea not null,
  sha256 bytea not null,
  primary key (shift, number),
  check (sha256 = sha256(body))
);
create index rollout_entry_kind on tminus.rollout_entry (shift, kind, number);
create trigger rollout_entry_kept before update or delete or truncate on tminus.rollout_entry
  for each statement execute function tminus.refuse_change();
alter table tminus.rollout_entry enable always trigger rollout_entry_kept;
