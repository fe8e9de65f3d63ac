-- Who may do what, who was asked and what was answered, and every access to a secret. Rows are only ever added here: a right ends by a row that revokes it,
-- a token by a row that uses it, and a group by a newer row of its id.

-- Votes on actions stand in the log, too. They are looked for by their time: what they are about stands in the signed bytes only.
alter table tminus.log_entry drop constraint log_entry_kind_check;
alter table tminus.log_entry add constraint log_entry_kind_check
  check (kind in ('evidence', 'waiver', 'approval', 'action-vote', 'decision'));
create index log_entry_action_vote on tminus.log_entry (log, observed_at) where kind = 'action-vote';

create table tminus.access_grant (
  id text primary key check (id <> ''),
  launch text not null,
  environment text not null,
  holder_kind text not null check (holder_kind in ('person', 'group')),
  holder text not null check (holder <> ''),
  role text not null check (role in ('viewer', 'operator', 'approver', 'lead', 'admin')),
  -- Null for the first admin only, who comes with the installation; one for each environment.
  given_by text,
  given_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  delegates text references tminus.access_grant (id),
  -- Set where it is a way round the approvals.
  break_glass_reason text check (break_glass_reason <> ''),
  confirmed_by text,
  reason text not null,
  constraint access_grant_break_glass check (break_glass_reason is null or (expires_at is not null and given_by is not null))
);
create index access_grant_launch on tminus.access_grant (launch, environment);
create unique index access_grant_first on tminus.access_grant (launch, environment) where given_by is null;

-- Names a grant of this table or one that follows from the document, and so has no foreign key.
create table tminus.access_revocation (
  grant_id text primary key check (grant_id <> ''),
  launch text not null,
  revoked_by text not null check (revoked_by <> ''),
  revoked_at timestamptz not null default clock_timestamp(),
  reason text not null check (reason <> '')
);
create index access_revocation_launch on tminus.access_revocation (launch);

create table tminus.access_group (
  number bigint primary key generated always as identity,
  launch text not null,
  id text not null check (id <> ''),
  people text[] not null,
  written_by text not null check (written_by <> ''),
  written_at timestamptz not null default clock_timestamp()
);
create index access_group_newest on tminus.access_group (launch, id, number desc);

create table tminus.approval_request (
  id text primary key check (id <> ''),
  launch text not null,
  environment text not null,
  run text not null,
  level integer not null check (level between 0 and 3),
  plan_hash text not null,
  requester text not null,
  requested_at timestamptz not null,
  expires_at timestamptz not null,
  body jsonb not null
);
create index approval_request_run on tminus.approval_request (run, requested_at);

-- Digests only; the text of a token is nowhere.
create table tminus.action_token (
  sha256 bytea primary key check (octet_length(sha256) = 32),
  subject_sha256 bytea not null check (octet_length(subject_sha256) = 32),
  issued_at timestamptz not null,
  expires_at timestamptz not null
);
-- Of two that use a token at once the key lets one in.
create table tminus.action_token_use (
  sha256 bytea primary key references tminus.action_token (sha256),
  used_at timestamptz not null
);

-- Every answer to "may they", allowed or refused (ASVS 5.0, V16.3.2).
create table tminus.access_decision (
  id bigint primary key generated always as identity,
  at timestamptz not null default clock_timestamp(),
  launch text not null,
  environment text not null,
  actor text not null,
  permission text not null,
  run text,
  -- Step, grant, request: what it was about beside the run.
  subject text,
  allowed boolean not null,
  exception boolean not null,
  reason text not null
);
create index access_decision_launch on tminus.access_decision (launch, id desc);

create table tminus.secret_access (
  id bigint primary key generated always as identity,
  at timestamptz not null,
  launch text not null,
  environment text not null,
  secret text not null,
  kind text not null,
  reference jsonb not null,
  actor text not null,
  purpose text not null,
  outcome text not null check (outcome in ('accessed', 'failed')),
  version text,
  trouble text,
  constraint secret_access_outcome check ((outcome = 'failed') = (trouble is not null))
);
create index secret_access_secret on tminus.secret_access (launch, secret, id desc);

-- One row when a rotation begins and one when it ends, so that one that was killed shows.
create table tminus.secret_rotation (
  id bigint primary key generated always as identity,
  rotation uuid not null,
  at timestamptz not null default clock_timestamp(),
  launch text not null,
  secret text not null,
  reference jsonb not null,
  actor text not null,
  state text not null check (state in ('begun', 'rotated', 'rolled-back')),
  detail text not null,
  unique (rotation, state)
);
create index secret_rotation_secret on tminus.secret_rotation (launch, secret, id desc);

do $$
declare
  name text;
begin
  foreach name in array array['access_grant', 'access_revocation', 'access_group', 'approval_request', 'action_token', 'action_token_use',
    'access_decision', 'secret_access', 'secret_rotation'] loop
    execute format('create trigger %I before update or delete or truncate on tminus.%I for each statement execute function tminus.refuse_change()',
      name || '_kept', name);
    execute format('alter table tminus.%I enable always trigger %I', name, name || '_kept');
  end loop;
end $$;
