-- Events on their way out of the installation, and the end of those that nobody needs any more.

-- Who asked that events be removed, and up to which cursor. Rows are only added; an event may only be removed once a row here names it.
create table tminus.event_prune (
  id bigint generated always as identity primary key,
  up_to bigint not null check (up_to > 0),
  -- Events recorded before this were meant.
  recorded_before timestamptz not null,
  person text not null,
  reason text not null,
  at timestamptz not null default clock_timestamp()
);
create trigger event_prune_kept before update or delete or truncate on tminus.event_prune
  for each statement execute function tminus.refuse_change();
alter table tminus.event_prune enable always trigger event_prune_kept;

drop trigger event_kept on tminus.event;
create trigger event_kept before update or truncate on tminus.event
  for each statement execute function tminus.refuse_change();
alter table tminus.event enable always trigger event_kept;

create function tminus.refuse_unpruned() returns trigger language plpgsql as $$
begin
  if old.cursor <= (select max(up_to) from tminus.event_prune) then return old; end if;
  raise exception 'event %: expected it to be kept, got delete', old.cursor
    using errcode = 'restrict_violation', hint = 'prune events with "tminus prune"';
end $$;
create trigger event_pruned before delete on tminus.event for each row execute function tminus.refuse_unpruned();
alter table tminus.event enable always trigger event_pruned;

-- Where events are sent, for the whole installation. The secret that signs them is named here and kept elsewhere.
create table tminus.webhook (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  url text not null,
  secret jsonb not null,
  -- Null sends those of every launch.
  launches text[],
  -- Types or families of events; null sends all.
  types text[],
  -- Every event up to this cursor was enqueued or was not wanted.
  position bigint not null,
  -- Counts replays, so that a delivery of a replay is another one.
  epoch integer not null default 0,
  -- Deliveries that were given up since the last that arrived.
  given_up integer not null default 0,
  -- Why it is off; null while it is on.
  off_reason text,
  off_at timestamptz,
  sent_at timestamptz,
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  check ((off_reason is null) = (off_at is null))
);
