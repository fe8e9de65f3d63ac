-- One import of a dataset. What it is about never changes; where it stands does, and each move is a row that is only added.
create sequence tminus.import_fence;

create table tminus.import_batch (
  id text primary key check (id ~ '^b-[0-9a-f]{16}$'),
  launch text not null,
  environment text not null,
  dataset text not null,
  plan_hash bytea not null,
  candidate_sha256 bytea not null,
  mode text not null check (mode in ('full', 'delta')),
  requester text not null,
  -- The dry run, and the digest that an approval is bound to.
  report jsonb not null,
  report_sha256 bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  state text not null default 'planned'
    check (state in ('planned', 'approved', 'applying', 'applied', 'verified', 'rolled-back', 'failed')),
  -- What was signed; null where nothing was, which only a target that is not production may have.
  approval jsonb,
  -- Rises with every process that takes the batch up; what shows a lower one writes nothing.
  fence bigint,
  -- What the import came to, and the newest value of the column that deltas go by.
  result jsonb,
  watermark text
);
create index import_batch_newest on tminus.import_batch (launch, environment, dataset, created_at desc);

create function tminus.refuse_batch_change() returns trigger language plpgsql as $$
begin
  if (old.id, old.launch, old.environment, old.dataset, old.plan_hash, old.candidate_sha256, old.mode, old.requester, old.report_sha256, old.created_at)
    = (new.id, new.launch, new.environment, new.dataset, new.plan_hash, new.candidate_sha256, new.mode, new.requester, new.report_sha256, new.created_at)
    and old.report = new.report and (old.approval is null or old.approval = new.approval) then return new; end if;
  raise exception 'import batch %: expected a move, got another change', old.id
    using errcode = 'restrict_violation', hint = 'plan a new import';
end $$;
create trigger import_batch_kept before update on tminus.import_batch for each row execute function tminus.refuse_batch_change();
create trigger import_batch_stays before delete or truncate on tminus.import_batch
  for each statement execute function tminus.refuse_change();
alter table tminus.import_batch enable always trigger import_batch_kept;
alter table tminus.import_batch enable always trigger import_batch_stays;

create table tminus.import_move (
  id bigint generated always as identity primary key,
  batch text not null references tminus.import_batch (id),
  from_state text not null,
  to_state text not null,
  -- Who; null where nobody did it, such as an import that ended.
  person text,
  detail text not null,
  at timestamptz not null default clock_timestamp()
);
create index import_move_batch on tminus.import_move (batch, id);
create trigger import_move_kept before update or delete or truncate on tminus.import_move
  for each statement execute function tminus.refuse_change();
alter table tminus.import_move enable always trigger import_move_kept;
