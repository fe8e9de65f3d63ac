-- A plan that repairs rows of a dataset. What it is about never changes; where it stands does, and each move is a row that is only added.
create table tminus.fix_plan (
  id text primary key check (id ~ '^f-[0-9a-f]{16}$'),
  launch text not null,
  environment text not null,
  dataset text not null,
  plan_hash bytea not null,
  candidate_sha256 bytea not null,
  requester text not null,
  -- The plan, without values that the dataset hides, and the digest that an approval is bound to.
  plan jsonb not null,
  plan_sha256 bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  state text not null default 'planned'
    check (state in ('planned', 'approved', 'applying', 'applied', 'undoing', 'undone', 'failed')),
  -- What was signed; null where nothing was.
  approval jsonb,
  -- What applying it, or taking it back, came to.
  result jsonb
);
create index fix_plan_newest on tminus.fix_plan (launch, environment, dataset, created_at desc);

create function tminus.refuse_fix_change() returns trigger language plpgsql as $$
begin
  if (old.id, old.launch, old.environment, old.dataset, old.plan_hash, old.candidate_sha256, old.requester, old.plan_sha256, old.created_at)
    = (new.id, new.launch, new.environment, new.dataset, new.plan_hash, new.candidate_sha256, new.requester, new.plan_sha256, new.created_at)
    and old.plan = new.plan and (old.approval is null or old.approval = new.approval) then return new; end if;
  raise exception 'fix %: expected a move, got another change', old.id
    using errcode = 'restrict_violation', hint = 'plan a new fix';
end $$;
create trigger fix_plan_kept before update on tminus.fix_plan for each row execute function tminus.refuse_fix_change();
create trigger fix_plan_stays before delete or truncate on tminus.fix_plan
  for each statement execute function tminus.refuse_change();
alter table tminus.fix_plan enable always trigger fix_plan_kept;
alter table tminus.fix_plan enable always trigger fix_plan_stays;

create table tminus.fix_move (
  id bigint generated always as identity primary key,
  fix text not null references tminus.fix_plan (id),
  from_state text not null,
  to_state text not null,
  -- Who; null where nobody did it, such as a fix that ended.
  person text,
  detail text not null,
  at timestamptz not null default clock_timestamp()
);
create index fix_move_fix on tminus.fix_move (fix, id);
create trigger fix_move_kept before update or delete or truncate on tminus.fix_move
  for each statement execute function tminus.refuse_change();
alter table tminus.fix_move enable always trigger fix_move_kept;
