-- Holds above a single run: on a launch, on one of its environments, or on everything. They hold the runs that there are, and those that come.
create table tminus.standing_hold (
  number bigint generated always as identity primary key,
  id text not null check (id <> ''),
  scope text not null check (scope in ('global', 'launch', 'environment')),
  -- Null for everything; an environment is one of a launch.
  launch text,
  environment text,
  mode text not null check (mode in ('boundary', 'now')),
  count text not null check (count in ('runs', 'stops')),
  put_by text not null,
  reason text not null check (reason <> ''),
  put_at timestamptz not null default clock_timestamp(),
  lifted_by text,
  lift_reason text,
  lifted_at timestamptz,
  constraint standing_hold_scope check (
    case scope when 'global' then launch is null and environment is null
      when 'launch' then launch is not null and environment is null else launch is not null and environment is not null end),
  constraint standing_hold_lifted check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null))
);
create unique index standing_hold_open on tminus.standing_hold (id) where lifted_at is null;
