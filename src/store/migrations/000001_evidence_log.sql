-- What happened: launches as they were read, the bytes that checks saw, and one Merkle log of entries per launch.
-- Rows are only ever added. The refusals below hold for the owner, too; a superuser can switch them off, which
-- verify-stored-log then names. Digests are kept as 32 bytes, computed by the program and computed again here.

create function tminus.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%: expected rows only to be added, got %', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation', hint = 'write a new row that replaces the old one';
end $$;

create table tminus.blob (
  sha256 bytea primary key,
  bytes bytea not null,
  size integer not null generated always as (octet_length(bytes)) stored,
  constraint blob_digest check (sha256 = pg_catalog.sha256(bytes))
);

create table tminus.launch_snapshot (
  sha256 bytea primary key,
  plan_hash bytea not null check (octet_length(plan_hash) = 32),
  launch text not null,
  body bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint launch_snapshot_digest check (sha256 = pg_catalog.sha256(body))
);
create index launch_snapshot_plan on tminus.launch_snapshot (launch, plan_hash, created_at);

create table tminus.launch_document (
  snapshot bytea not null references tminus.launch_snapshot (sha256),
  path text not null,
  sha256 bytea not null references tminus.blob (sha256),
  primary key (snapshot, path)
);

create table tminus.log (
  id bigint generated always as identity primary key,
  launch text not null unique,
  origin text not null unique,
  verifier text not null,
  created_at timestamptz not null default clock_timestamp()
);

create table tminus.log_head (
  log bigint primary key references tminus.log (id),
  size bigint not null check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  frontier bytea not null check (octet_length(frontier) = 32 * length(replace(size::bit(53)::text, '0', '')))
);

-- No foreign key on log, here and in checkpoint: log_entry_follows asks the same question once per statement, not once per row.
create table tminus.log_entry (
  log bigint not null,
  index bigint not null check (index >= 0),
  -- Unique over all logs: the hashed bytes name the launch.
  id bytea not null constraint log_entry_once unique,
  kind text not null check (kind in ('evidence', 'waiver', 'approval', 'decision')),
  criterion text,
  observed_at timestamptz not null,
  leaf_hash bytea not null,
  body bytea not null,
  primary key (log, index),
  constraint log_entry_digest check (id = pg_catalog.sha256(body)),
  -- RFC 6962 section 2.1: a leaf is hashed behind a zero byte.
  constraint log_entry_leaf check (leaf_hash = pg_catalog.sha256('\x00'::bytea || body))
);

create table tminus.checkpoint (
  log bigint not null,
  size bigint not null check (size > 0),
  root bytea not null check (octet_length(root) = 32),
  note text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (log, size)
);

-- Entries follow each other without a gap, and the head has moved behind them in the same transaction.
-- enable_seqscan is off because the plan is cached by the session, which may see the table grow from empty to a million rows.
create function tminus.assert_entries_follow() returns trigger language plpgsql set enable_seqscan = off as $$
declare
  part record;
  head bigint;
begin
  for part in select log, min(index) as first, max(index) as last, count(*) as count from added group by log loop
    select size into head from tminus.log_head where log = part.log;
    if head is distinct from part.last + 1 or part.count <> part.last - part.first + 1
       or (part.first > 0 and not exists (select from tminus.log_entry where log = part.log and index = part.first - 1)) then
      raise exception 'log %: expected entries that end at the head without a gap, got % from % to % with head %',
        part.log, part.count, part.first, part.last, head using errcode = 'check_violation', constraint = 'log_entry_follows';
    end if;
  end loop;
  return null;
end $$;

-- The other half, at commit: a head never moves back, nor ahead of its entries. (Entries ahead of it are refused above.)
create function tminus.assert_head_is_covered() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  if tg_op = 'UPDATE' and (new.size <= old.size or new.log <> old.log) then
    raise exception 'log %: expected the head to move on from %, got %', old.log, old.size, new.size
      using errcode = 'check_violation', constraint = 'log_head_grows';
  end if;
  if new.size > 0 and not exists (select from tminus.log_entry where log = new.log and index = new.size - 1) then
    raise exception 'log %: expected % entries below the head, got fewer', new.log, new.size
      using errcode = 'check_violation', constraint = 'log_head_covered';
  end if;
  return null;
end $$;

create trigger log_entry_follows after insert on tminus.log_entry
  referencing new table as added for each statement execute function tminus.assert_entries_follow();
create constraint trigger log_head_covered after insert or update on tminus.log_head
  deferrable initially deferred for each row execute function tminus.assert_head_is_covered();

create trigger blob_append_only before update or delete or truncate on tminus.blob
  for each statement execute function tminus.refuse_change();
create trigger launch_snapshot_append_only before update or delete or truncate on tminus.launch_snapshot
  for each statement execute function tminus.refuse_change();
create trigger launch_document_append_only before update or delete or truncate on tminus.launch_document
  for each statement execute function tminus.refuse_change();
create trigger log_append_only before update or delete or truncate on tminus.log
  for each statement execute function tminus.refuse_change();
create trigger log_entry_append_only before update or delete or truncate on tminus.log_entry
  for each statement execute function tminus.refuse_change();
create trigger checkpoint_append_only before update or delete or truncate on tminus.checkpoint
  for each statement execute function tminus.refuse_change();
create trigger log_head_stays before delete or truncate on tminus.log_head
  for each statement execute function tminus.refuse_change();

-- ALWAYS: session_replication_role must not be a way around.
alter table tminus.blob enable always trigger blob_append_only;
alter table tminus.launch_snapshot enable always trigger launch_snapshot_append_only;
alter table tminus.launch_document enable always trigger launch_document_append_only;
alter table tminus.log enable always trigger log_append_only;
alter table tminus.log_entry enable always trigger log_entry_append_only;
alter table tminus.log_entry enable always trigger log_entry_follows;
alter table tminus.checkpoint enable always trigger checkpoint_append_only;
alter table tminus.log_head enable always trigger log_head_stays;
alter table tminus.log_head enable always trigger log_head_covered;
