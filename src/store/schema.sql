-- Written by tools/dump-schema.ts from a migrated database. To change the schema, add a migration.

create table tminus.acceptance_pass (
  id text not null,
  launch text not null,
  environment text not null,
  person text not null,
  started_at timestamp with time zone not null default clock_timestamp(),
  ended_at timestamp with time zone,
  record jsonb,
  entry text,
  constraint acceptance_pass_pkey PRIMARY KEY (id),
  constraint acceptance_pass_check CHECK (((record IS NULL) = (entry IS NULL))),
  constraint acceptance_pass_check1 CHECK (((entry IS NULL) OR (ended_at IS NOT NULL))),
  constraint acceptance_pass_id_check CHECK ((id ~ '^p-[0-9a-f]{16}$'::text))
);

create table tminus.acceptance_sight (
  id bigint not null generated always as identity,
  pass text not null,
  kind text not null,
  subject text not null,
  detail jsonb not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint acceptance_sight_pkey PRIMARY KEY (id),
  constraint acceptance_sight_pass_fkey FOREIGN KEY (pass) REFERENCES tminus.acceptance_pass(id),
  constraint acceptance_sight_kind_check CHECK ((kind = ANY (ARRAY['home'::text, 'work'::text, 'document'::text])))
);

create table tminus.access_decision (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default clock_timestamp(),
  launch text not null,
  environment text not null,
  actor text not null,
  permission text not null,
  run text,
  subject text,
  allowed boolean not null,
  exception boolean not null,
  reason text not null,
  constraint access_decision_pkey PRIMARY KEY (id)
);

create table tminus.access_grant (
  id text not null,
  launch text not null,
  environment text not null,
  holder_kind text not null,
  holder text not null,
  role text not null,
  given_by text,
  given_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone,
  delegates text,
  break_glass_reason text,
  confirmed_by text,
  reason text not null,
  constraint access_grant_pkey PRIMARY KEY (id),
  constraint access_grant_delegates_fkey FOREIGN KEY (delegates) REFERENCES tminus.access_grant(id),
  constraint access_grant_break_glass CHECK (((break_glass_reason IS NULL) OR ((expires_at IS NOT NULL) AND (given_by IS NOT NULL)))),
  constraint access_grant_break_glass_reason_check CHECK ((break_glass_reason <> ''::text)),
  constraint access_grant_holder_check CHECK ((holder <> ''::text)),
  constraint access_grant_holder_kind_check CHECK ((holder_kind = ANY (ARRAY['person'::text, 'group'::text]))),
  constraint access_grant_id_check CHECK ((id <> ''::text)),
  constraint access_grant_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'approver'::text, 'lead'::text, 'admin'::text])))
);

create table tminus.access_group (
  number bigint not null generated always as identity,
  launch text not null,
  id text not null,
  people text[] not null,
  written_by text not null,
  written_at timestamp with time zone not null default clock_timestamp(),
  constraint access_group_pkey PRIMARY KEY (number),
  constraint access_group_id_check CHECK ((id <> ''::text)),
  constraint access_group_written_by_check CHECK ((written_by <> ''::text))
);

create table tminus.access_revocation (
  grant_id text not null,
  launch text not null,
  revoked_by text not null,
  revoked_at timestamp with time zone not null default clock_timestamp(),
  reason text not null,
  constraint access_revocation_pkey PRIMARY KEY (grant_id),
  constraint access_revocation_grant_id_check CHECK ((grant_id <> ''::text)),
  constraint access_revocation_reason_check CHECK ((reason <> ''::text)),
  constraint access_revocation_revoked_by_check CHECK ((revoked_by <> ''::text))
);

create table tminus.action_token (
  sha256 bytea not null,
  subject_sha256 bytea not null,
  issued_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint action_token_pkey PRIMARY KEY (sha256),
  constraint action_token_sha256_check CHECK ((octet_length(sha256) = 32)),
  constraint action_token_subject_sha256_check CHECK ((octet_length(subject_sha256) = 32))
);

create table tminus.action_token_use (
  sha256 bytea not null,
  used_at timestamp with time zone not null,
  constraint action_token_use_pkey PRIMARY KEY (sha256),
  constraint action_token_use_sha256_fkey FOREIGN KEY (sha256) REFERENCES tminus.action_token(sha256)
);

create table tminus.alarm (
  id bigint not null generated always as identity,
  subject text not null,
  kind text not null,
  since timestamp with time zone not null,
  until timestamp with time zone,
  detail text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint alarm_pkey PRIMARY KEY (id),
  constraint alarm_kind_check CHECK ((kind <> ''::text)),
  constraint alarm_subject_check CHECK ((subject <> ''::text)),
  constraint alarm_time CHECK (((until IS NULL) OR (until >= since)))
);

create table tminus.api_request (
  account text not null,
  key text not null,
  request bytea not null,
  status integer,
  body text,
  taken_at timestamp with time zone not null default clock_timestamp(),
  constraint api_request_pkey PRIMARY KEY (account, key),
  constraint api_request_request_check CHECK ((octet_length(request) = 32))
);

create table tminus.approval_request (
  id text not null,
  launch text not null,
  environment text not null,
  run text not null,
  level integer not null,
  plan_hash text not null,
  requester text not null,
  requested_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  body jsonb not null,
  constraint approval_request_pkey PRIMARY KEY (id),
  constraint approval_request_id_check CHECK ((id <> ''::text)),
  constraint approval_request_level_check CHECK (((level >= 0) AND (level <= 3)))
);

create table tminus.asset_lock (
  key text not null,
  fence bigint not null default 0,
  holder uuid,
  owner text,
  taken_at timestamp with time zone,
  lease_until timestamp with time zone,
  constraint asset_lock_pkey PRIMARY KEY (key),
  constraint asset_lock_held CHECK ((((holder IS NULL) = (lease_until IS NULL)) AND ((holder IS NULL) = (owner IS NULL)))),
  constraint asset_lock_key_check CHECK ((key <> ''::text))
);

create table tminus.asset_lock_wait (
  key text not null,
  place bigint not null,
  waiter uuid not null,
  owner text not null,
  until timestamp with time zone not null,
  constraint asset_lock_wait_pkey PRIMARY KEY (key, place)
);

create table tminus.blob (
  sha256 bytea not null,
  bytes bytea not null,
  size integer not null generated always as (octet_length(bytes)) stored,
  constraint blob_pkey PRIMARY KEY (sha256),
  constraint blob_digest CHECK ((sha256 = sha256(bytes)))
);

create table tminus.browser_report (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default clock_timestamp(),
  kind text not null,
  page text not null,
  detail jsonb not null,
  fingerprint text not null,
  seen integer not null default 1,
  constraint browser_report_fingerprint_key UNIQUE (fingerprint),
  constraint browser_report_pkey PRIMARY KEY (id)
);

create table tminus.checkpoint (
  log bigint not null,
  size bigint not null,
  root bytea not null,
  note text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint checkpoint_pkey PRIMARY KEY (log, size),
  constraint checkpoint_root_check CHECK ((octet_length(root) = 32)),
  constraint checkpoint_size_check CHECK ((size > 0))
);

create table tminus.dead_letter_action (
  id bigint not null generated always as identity,
  letter uuid not null,
  queue text not null,
  died_at timestamp with time zone not null,
  cause text not null,
  action text not null,
  person text not null,
  reason text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint dead_letter_action_pkey PRIMARY KEY (id),
  constraint dead_letter_action_action_check CHECK ((action = ANY (ARRAY['requeued'::text, 'archived'::text]))),
  constraint dead_letter_action_person_check CHECK ((person <> ''::text))
);

create table tminus.document_comment (
  id bigint not null generated always as identity,
  launch text not null,
  path text not null,
  thread bigint,
  deed text not null,
  version text not null,
  line integer,
  quote text not null,
  person text not null,
  text text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint document_comment_pkey PRIMARY KEY (id),
  constraint document_comment_thread_fkey FOREIGN KEY (thread) REFERENCES tminus.document_comment(id),
  constraint document_comment_check CHECK (((thread IS NOT NULL) OR (deed = 'comment'::text))),
  constraint document_comment_check1 CHECK (((deed <> 'comment'::text) OR (text <> ''::text))),
  constraint document_comment_deed_check CHECK ((deed = ANY (ARRAY['comment'::text, 'resolve'::text, 'reopen'::text]))),
  constraint document_comment_line_check CHECK ((line > 0)),
  constraint document_comment_version_check CHECK ((version ~ '^[0-9a-f]{64}$'::text))
);

create table tminus.document_move (
  id bigint not null generated always as identity,
  launch text not null,
  path text not null,
  number integer not null,
  version text not null,
  move text not null,
  person text not null,
  human text not null,
  reason text,
  at timestamp with time zone not null default clock_timestamp(),
  constraint document_move_launch_path_number_key UNIQUE (launch, path, number),
  constraint document_move_pkey PRIMARY KEY (id),
  constraint document_move_move_check CHECK ((move = ANY (ARRAY['submit'::text, 'withdraw'::text, 'begin-review'::text, 'request-changes'::text, 'pass-review'::text, 'approve'::text, 'reject'::text, 'lock'::text, 'unlock'::text]))),
  constraint document_move_number_check CHECK ((number > 0)),
  constraint document_move_version_check CHECK ((version ~ '^[0-9a-f]{64}$'::text))
);

create table tminus.event (
  cursor bigint not null,
  run text,
  number bigint,
  type text not null,
  at timestamp with time zone not null,
  recorded_at timestamp with time zone not null default clock_timestamp(),
  body jsonb not null,
  constraint event_pkey PRIMARY KEY (cursor),
  constraint event_of_run CHECK (((run IS NULL) = (number IS NULL)))
);

create table tminus.event_head (
  one boolean not null default true,
  cursor bigint not null,
  constraint event_head_pkey PRIMARY KEY (one),
  constraint event_head_one_check CHECK (one)
);

create table tminus.event_prune (
  id bigint not null generated always as identity,
  up_to bigint not null,
  recorded_before timestamp with time zone not null,
  person text not null,
  reason text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint event_prune_pkey PRIMARY KEY (id),
  constraint event_prune_up_to_check CHECK ((up_to > 0))
);

create table tminus.fix_move (
  id bigint not null generated always as identity,
  fix text not null,
  from_state text not null,
  to_state text not null,
  person text,
  detail text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint fix_move_pkey PRIMARY KEY (id),
  constraint fix_move_fix_fkey FOREIGN KEY (fix) REFERENCES tminus.fix_plan(id)
);

create table tminus.fix_plan (
  id text not null,
  launch text not null,
  environment text not null,
  dataset text not null,
  plan_hash bytea not null,
  candidate_sha256 bytea not null,
  requester text not null,
  plan jsonb not null,
  plan_sha256 bytea not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  state text not null default 'planned'::text,
  approval jsonb,
  result jsonb,
  constraint fix_plan_pkey PRIMARY KEY (id),
  constraint fix_plan_id_check CHECK ((id ~ '^f-[0-9a-f]{16}$'::text)),
  constraint fix_plan_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'approved'::text, 'applying'::text, 'applied'::text, 'undoing'::text, 'undone'::text, 'failed'::text])))
);

create table tminus.import_batch (
  id text not null,
  launch text not null,
  environment text not null,
  dataset text not null,
  plan_hash bytea not null,
  candidate_sha256 bytea not null,
  mode text not null,
  requester text not null,
  report jsonb not null,
  report_sha256 bytea not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  state text not null default 'planned'::text,
  approval jsonb,
  fence bigint,
  result jsonb,
  watermark text,
  constraint import_batch_pkey PRIMARY KEY (id),
  constraint import_batch_id_check CHECK ((id ~ '^b-[0-9a-f]{16}$'::text)),
  constraint import_batch_mode_check CHECK ((mode = ANY (ARRAY['full'::text, 'delta'::text]))),
  constraint import_batch_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'approved'::text, 'applying'::text, 'applied'::text, 'verified'::text, 'rolled-back'::text, 'failed'::text])))
);

create table tminus.import_move (
  id bigint not null generated always as identity,
  batch text not null,
  from_state text not null,
  to_state text not null,
  person text,
  detail text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint import_move_pkey PRIMARY KEY (id),
  constraint import_move_batch_fkey FOREIGN KEY (batch) REFERENCES tminus.import_batch(id)
);

create table tminus.job_claim (
  queue text not null,
  job uuid not null,
  token bigint not null,
  attempt integer not null,
  worker text not null,
  claimed_at timestamp with time zone not null default clock_timestamp(),
  outcome text,
  settled_at timestamp with time zone,
  given_back integer not null default 0,
  constraint job_claim_pkey PRIMARY KEY (queue, job),
  constraint job_claim_attempt_check CHECK ((attempt >= 1)),
  constraint job_claim_given_back_check CHECK ((given_back >= 0)),
  constraint job_claim_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'failed'::text, 'cancelled'::text, 'archived'::text]))),
  constraint job_claim_settled CHECK (((outcome IS NULL) = (settled_at IS NULL)))
);

create table tminus.launch_document (
  snapshot bytea not null,
  path text not null,
  sha256 bytea not null,
  constraint launch_document_pkey PRIMARY KEY (snapshot, path),
  constraint launch_document_sha256_fkey FOREIGN KEY (sha256) REFERENCES tminus.blob(sha256),
  constraint launch_document_snapshot_fkey FOREIGN KEY (snapshot) REFERENCES tminus.launch_snapshot(sha256)
);

create table tminus.launch_snapshot (
  sha256 bytea not null,
  plan_hash bytea not null,
  launch text not null,
  body bytea not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint launch_snapshot_pkey PRIMARY KEY (sha256),
  constraint launch_snapshot_digest CHECK ((sha256 = sha256(body))),
  constraint launch_snapshot_plan_hash_check CHECK ((octet_length(plan_hash) = 32))
);

create table tminus.log (
  id bigint not null generated always as identity,
  launch text not null,
  origin text not null,
  verifier text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint log_launch_key UNIQUE (launch),
  constraint log_origin_key UNIQUE (origin),
  constraint log_pkey PRIMARY KEY (id)
);

create table tminus.log_entry (
  log bigint not null,
  index bigint not null,
  id bytea not null,
  kind text not null,
  criterion text,
  observed_at timestamp with time zone not null,
  leaf_hash bytea not null,
  body bytea not null,
  constraint log_entry_once UNIQUE (id),
  constraint log_entry_pkey PRIMARY KEY (log, index),
  constraint log_entry_digest CHECK ((id = sha256(body))),
  constraint log_entry_index_check CHECK ((index >= 0)),
  constraint log_entry_kind_check CHECK ((kind = ANY (ARRAY['evidence'::text, 'waiver'::text, 'approval'::text, 'action-vote'::text, 'step-confirmation'::text, 'decision'::text]))),
  constraint log_entry_leaf CHECK ((leaf_hash = sha256(('\x00'::bytea || body))))
);

create table tminus.log_head (
  log bigint not null,
  size bigint not null,
  root bytea not null,
  frontier bytea not null,
  constraint log_head_pkey PRIMARY KEY (log),
  constraint log_head_log_fkey FOREIGN KEY (log) REFERENCES tminus.log(id),
  constraint log_head_check CHECK ((octet_length(frontier) = (32 * length(replace(((size)::bit(53))::text, '0'::text, ''::text))))),
  constraint log_head_root_check CHECK ((octet_length(root) = 32)),
  constraint log_head_size_check CHECK ((size >= 0))
);

create table tminus.mailout (
  launch text not null,
  environment text not null,
  name text not null,
  hash_key bytea not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint mailout_pkey PRIMARY KEY (launch, environment, name),
  constraint mailout_hash_key_check CHECK ((length(hash_key) = 32))
);

create table tminus.mailout_delivery (
  launch text not null,
  environment text not null,
  mailout text not null,
  mode text not null,
  address_hash bytea not null,
  sender text not null,
  state text not null default 'claimed'::text,
  message_id text not null,
  detail text,
  claimed_at timestamp with time zone not null default clock_timestamp(),
  settled_at timestamp with time zone,
  constraint mailout_delivery_pkey PRIMARY KEY (launch, environment, mailout, mode, address_hash),
  constraint mailout_delivery_launch_environment_mailout_fkey FOREIGN KEY (launch, environment, mailout) REFERENCES tminus.mailout(launch, environment, name),
  constraint mailout_delivery_address_hash_check CHECK ((length(address_hash) = 32)),
  constraint mailout_delivery_check CHECK (((state = 'claimed'::text) = (settled_at IS NULL))),
  constraint mailout_delivery_mode_check CHECK ((mode = ANY (ARRAY['real'::text, 'test'::text]))),
  constraint mailout_delivery_state_check CHECK ((state = ANY (ARRAY['claimed'::text, 'sent'::text, 'refused'::text])))
);

create table tminus.message (
  id bigint not null generated always as identity,
  run text not null,
  what text not null,
  people text[] not null,
  body text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint message_pkey PRIMARY KEY (id)
);

create table tminus.notice_channel (
  channel text not null,
  sender text not null,
  looked_at timestamp with time zone not null default clock_timestamp(),
  constraint notice_channel_pkey PRIMARY KEY (channel)
);

create table tminus.notice_choice (
  person text not null,
  mail text[] not null,
  version integer not null default 1,
  at timestamp with time zone not null default clock_timestamp(),
  constraint notice_choice_pkey PRIMARY KEY (person)
);

create table tminus.notice_delivery (
  person text not null,
  channel text not null,
  notice text not null,
  launch text,
  subject text not null,
  body text not null,
  state text not null default 'waiting'::text,
  detail text,
  made_at timestamp with time zone not null default clock_timestamp(),
  ended_at timestamp with time zone,
  constraint notice_delivery_pkey PRIMARY KEY (person, channel, notice),
  constraint notice_delivery_channel_check CHECK ((channel = 'mail'::text)),
  constraint notice_delivery_check CHECK (((state = 'waiting'::text) = (ended_at IS NULL))),
  constraint notice_delivery_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'quiet'::text, 'failed'::text])))
);

create table tminus.notice_dismissal (
  person text not null,
  notice text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint notice_dismissal_pkey PRIMARY KEY (person, notice)
);

create table tminus.poll (
  id bigint not null generated always as identity,
  launch text not null,
  environment text not null,
  gate text not null,
  subject text not null,
  opened_by text not null,
  opened_at timestamp with time zone not null default clock_timestamp(),
  closes_at timestamp with time zone not null,
  closed_by text,
  closed_at timestamp with time zone,
  constraint poll_pkey PRIMARY KEY (id),
  constraint poll_check CHECK ((closes_at > opened_at)),
  constraint poll_check1 CHECK (((closed_by IS NULL) = (closed_at IS NULL))),
  constraint poll_subject_check CHECK ((subject ~ '^[0-9a-f]{64}$'::text))
);

create table tminus.reconcile_report (
  id bigint not null generated always as identity,
  launch text not null,
  environment text not null,
  dataset text not null,
  plan_hash bytea not null,
  started_by text not null,
  report_sha256 bytea not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint reconcile_report_pkey PRIMARY KEY (id),
  constraint reconcile_report_report_sha256_fkey FOREIGN KEY (report_sha256) REFERENCES tminus.blob(sha256)
);

create table tminus.rehearsal (
  id text not null,
  launch text not null,
  procedure text not null,
  environment text not null,
  plan_hash text not null,
  candidate_sha256 text not null,
  passed boolean not null,
  report jsonb not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint rehearsal_pkey PRIMARY KEY (id)
);

create table tminus.rollout_entry (
  shift text not null,
  number bigint not null,
  kind text not null,
  at timestamp with time zone not null,
  body bytea not null,
  sha256 bytea not null,
  constraint rollout_entry_pkey PRIMARY KEY (shift, number),
  constraint rollout_entry_shift_fkey FOREIGN KEY (shift) REFERENCES tminus.rollout_shift(id),
  constraint rollout_entry_check CHECK ((sha256 = sha256(body))),
  constraint rollout_entry_number_check CHECK ((number > 0))
);

create table tminus.rollout_shift (
  id text not null,
  launch text not null,
  environment text not null,
  rollout text not null,
  plan_hash bytea not null,
  candidate_sha256 bytea not null,
  requester text not null,
  reason text not null,
  declared jsonb not null,
  setting jsonb not null,
  routers text[] not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  state jsonb not null,
  pending jsonb not null,
  stands text not null,
  version bigint not null default 1,
  entries bigint not null default 0,
  head bytea not null default '\x0000000000000000000000000000000000000000000000000000000000000000'::bytea,
  look_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint rollout_shift_pkey PRIMARY KEY (id),
  constraint rollout_shift_candidate_sha256_check CHECK ((length(candidate_sha256) = 32)),
  constraint rollout_shift_check CHECK (((look_at IS NULL) = (ended_at IS NOT NULL))),
  constraint rollout_shift_check1 CHECK (((ended_at IS NULL) OR ((stands = ANY (ARRAY['completed'::text, 'rolled-back'::text, 'aborted'::text])) AND (pending = '[]'::jsonb)))),
  constraint rollout_shift_head_check CHECK ((length(head) = 32)),
  constraint rollout_shift_id_check CHECK ((id ~ '^s-[0-9a-f]{16}$'::text)),
  constraint rollout_shift_plan_hash_check CHECK ((length(plan_hash) = 32)),
  constraint rollout_shift_stands_check CHECK ((stands = ANY (ARRAY['waiting'::text, 'moving'::text, 'watching'::text, 'held'::text, 'going-back'::text, 'completed'::text, 'rolled-back'::text, 'aborted'::text])))
);

create table tminus.run (
  id text not null,
  launch text not null,
  procedure text not null,
  mode text not null,
  environment text not null,
  plan_hash text not null,
  plan jsonb not null,
  setting jsonb not null,
  requested_by text not null,
  state text not null,
  body jsonb not null,
  events bigint not null default 0,
  ahead_ms bigint not null default 0,
  created_at timestamp with time zone not null default clock_timestamp(),
  due_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint run_pkey PRIMARY KEY (id),
  constraint run_ahead_ms_check CHECK ((ahead_ms >= 0)),
  constraint run_id_check CHECK ((id <> ''::text)),
  constraint run_mode_check CHECK ((mode = ANY (ARRAY['live'::text, 'rehearsal'::text, 'dry-run'::text]))),
  constraint run_virtual_time CHECK (((ahead_ms = 0) OR (mode = 'rehearsal'::text)))
);

create table tminus.schedule (
  name text not null,
  body jsonb not null,
  seen_until timestamp with time zone not null default clock_timestamp(),
  constraint schedule_pkey PRIMARY KEY (name),
  constraint schedule_name_check CHECK ((name <> ''::text))
);

create table tminus.schedule_slot (
  schedule text not null,
  due_at timestamp with time zone not null,
  skipped boolean not null,
  begun_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint schedule_slot_pkey PRIMARY KEY (schedule, due_at),
  constraint schedule_slot_schedule_fkey FOREIGN KEY (schedule) REFERENCES tminus.schedule(name) ON DELETE CASCADE,
  constraint schedule_slot_order CHECK (((ended_at IS NULL) OR (begun_at IS NOT NULL)))
);

create table tminus.schema_migration (
  number integer not null,
  name text not null,
  sha256 bytea not null,
  applied_at timestamp with time zone not null default clock_timestamp(),
  constraint schema_migration_pkey PRIMARY KEY (number),
  constraint schema_migration_number_check CHECK ((number > 0)),
  constraint schema_migration_sha256_check CHECK ((octet_length(sha256) = 32))
);

create table tminus.secret_access (
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  launch text not null,
  environment text not null,
  secret text not null,
  kind text not null,
  reference jsonb not null,
  actor text not null,
  purpose text not null,
  outcome text not null,
  version text,
  trouble text,
  constraint secret_access_pkey PRIMARY KEY (id),
  constraint secret_access_outcome CHECK (((outcome = 'failed'::text) = (trouble IS NOT NULL))),
  constraint secret_access_outcome_check CHECK ((outcome = ANY (ARRAY['accessed'::text, 'failed'::text])))
);

create table tminus.secret_rotation (
  id bigint not null generated always as identity,
  rotation uuid not null,
  at timestamp with time zone not null default clock_timestamp(),
  launch text not null,
  secret text not null,
  reference jsonb not null,
  actor text not null,
  state text not null,
  detail text not null,
  constraint secret_rotation_rotation_state_key UNIQUE (rotation, state),
  constraint secret_rotation_pkey PRIMARY KEY (id),
  constraint secret_rotation_state_check CHECK ((state = ANY (ARRAY['begun'::text, 'rotated'::text, 'rolled-back'::text])))
);

create table tminus.secret_sighting (
  id bigint not null generated always as identity,
  run text not null,
  place text not null,
  secret text not null,
  decodings text[] not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint secret_sighting_pkey PRIMARY KEY (id)
);

create table tminus.standing_hold (
  number bigint not null generated always as identity,
  id text not null,
  scope text not null,
  launch text,
  environment text,
  mode text not null,
  count text not null,
  put_by text not null,
  reason text not null,
  put_at timestamp with time zone not null default clock_timestamp(),
  lifted_by text,
  lift_reason text,
  lifted_at timestamp with time zone,
  constraint standing_hold_pkey PRIMARY KEY (number),
  constraint standing_hold_count_check CHECK ((count = ANY (ARRAY['runs'::text, 'stops'::text]))),
  constraint standing_hold_id_check CHECK ((id <> ''::text)),
  constraint standing_hold_lifted CHECK ((((lifted_at IS NULL) = (lifted_by IS NULL)) AND ((lifted_at IS NULL) = (lift_reason IS NULL)))),
  constraint standing_hold_mode_check CHECK ((mode = ANY (ARRAY['boundary'::text, 'now'::text]))),
  constraint standing_hold_reason_check CHECK ((reason <> ''::text)),
  constraint standing_hold_scope CHECK (
CASE scope
    WHEN 'global'::text THEN ((launch IS NULL) AND (environment IS NULL))
    WHEN 'launch'::text THEN ((launch IS NOT NULL) AND (environment IS NULL))
    ELSE ((launch IS NOT NULL) AND (environment IS NOT NULL))
END),
  constraint standing_hold_scope_check CHECK ((scope = ANY (ARRAY['global'::text, 'launch'::text, 'environment'::text])))
);

create table tminus.step_length (
  id bigint not null generated always as identity,
  launch text not null,
  procedure text not null,
  step text not null,
  run text not null,
  mode text not null,
  attempt integer not null,
  outcome text not null,
  length_ms bigint not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint step_length_pkey PRIMARY KEY (id),
  constraint step_length_length_ms_check CHECK ((length_ms >= 0)),
  constraint step_length_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'failed'::text, 'timed_out'::text, 'stopped'::text])))
);

create table tminus.step_log (
  run text not null,
  step text not null,
  attempt integer not null,
  part integer not null,
  stream text not null,
  at timestamp with time zone not null default clock_timestamp(),
  body text not null,
  constraint step_log_pkey PRIMARY KEY (run, step, attempt, part),
  constraint step_log_stream_check CHECK ((stream = ANY (ARRAY['out'::text, 'err'::text, 'note'::text])))
);

create table tminus.step_progress (
  run text not null,
  step text not null,
  attempt integer not null,
  done double precision not null,
  total double precision,
  body text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint step_progress_pkey PRIMARY KEY (run, step)
);

create table tminus.step_run (
  run text not null,
  id text not null,
  "position" integer not null,
  state text not null,
  body jsonb not null,
  stop_cause text,
  constraint step_run_pkey PRIMARY KEY (run, id),
  constraint step_run_run_fkey FOREIGN KEY (run) REFERENCES tminus.run(id)
);

create table tminus.submission (
  tenant text not null,
  key bytea not null,
  body bytea not null,
  run text not null,
  state text not null default 'open'::text,
  submitted_at timestamp with time zone not null default clock_timestamp(),
  constraint submission_pkey PRIMARY KEY (tenant, key),
  constraint submission_body_check CHECK ((octet_length(body) = 32)),
  constraint submission_key_check CHECK ((octet_length(key) = 32)),
  constraint submission_state_check CHECK ((state = ANY (ARRAY['open'::text, 'completed'::text, 'failed'::text, 'cancelled'::text])))
);

create table tminus.trace_export (
  one boolean not null default true,
  "position" bigint not null,
  exported bigint not null default 0,
  dropped bigint not null default 0,
  trouble text,
  updated_at timestamp with time zone not null default clock_timestamp(),
  constraint trace_export_pkey PRIMARY KEY (one),
  constraint trace_export_one_check CHECK (one)
);

create table tminus.webhook (
  id text not null,
  url text not null,
  secret jsonb not null,
  launches text[],
  types text[],
  "position" bigint not null,
  epoch integer not null default 0,
  given_up integer not null default 0,
  off_reason text,
  off_at timestamp with time zone,
  sent_at timestamp with time zone,
  created_by text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  given_up_from bigint,
  constraint webhook_pkey PRIMARY KEY (id),
  constraint webhook_check CHECK (((off_reason IS NULL) = (off_at IS NULL))),
  constraint webhook_id_check CHECK ((id ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
);

create table tminus.worker (
  id text not null,
  host text not null,
  pid integer not null,
  version text not null,
  launches text[] not null,
  slots integer not null,
  started_at timestamp with time zone not null default clock_timestamp(),
  seen_at timestamp with time zone not null default clock_timestamp(),
  state text not null,
  constraint worker_pkey PRIMARY KEY (id),
  constraint worker_state_check CHECK ((state = ANY (ARRAY['working'::text, 'draining'::text, 'gone'::text])))
);

create table tminus.worker_wish (
  id bigint not null generated always as identity,
  worker text not null,
  slots integer,
  drain boolean not null,
  person text not null,
  reason text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint worker_wish_pkey PRIMARY KEY (id),
  constraint worker_wish_slots_check CHECK (((slots >= 1) AND (slots <= 64)))
);

CREATE UNIQUE INDEX acceptance_pass_open ON tminus.acceptance_pass USING btree (launch, environment, person) WHERE (ended_at IS NULL);

CREATE INDEX acceptance_sight_pass ON tminus.acceptance_sight USING btree (pass, id);

CREATE INDEX access_decision_launch ON tminus.access_decision USING btree (launch, id DESC);

CREATE UNIQUE INDEX access_grant_first ON tminus.access_grant USING btree (launch, environment) WHERE (given_by IS NULL);

CREATE INDEX access_grant_launch ON tminus.access_grant USING btree (launch, environment);

CREATE INDEX access_group_newest ON tminus.access_group USING btree (launch, id, number DESC);

CREATE INDEX access_revocation_launch ON tminus.access_revocation USING btree (launch);

CREATE UNIQUE INDEX alarm_over ON tminus.alarm USING btree (subject, kind, since) WHERE (until IS NOT NULL);

CREATE UNIQUE INDEX alarm_raised ON tminus.alarm USING btree (subject, kind, since) WHERE (until IS NULL);

CREATE INDEX api_request_taken_at ON tminus.api_request USING btree (taken_at);

CREATE INDEX approval_request_run ON tminus.approval_request USING btree (run, requested_at);

CREATE INDEX asset_lock_wait_waiter ON tminus.asset_lock_wait USING btree (waiter);

CREATE INDEX document_comment_of ON tminus.document_comment USING btree (launch, path, id);

CREATE UNIQUE INDEX event_run ON tminus.event USING btree (run, number);

CREATE INDEX fix_move_fix ON tminus.fix_move USING btree (fix, id);

CREATE INDEX fix_plan_newest ON tminus.fix_plan USING btree (launch, environment, dataset, created_at DESC);

CREATE INDEX import_batch_newest ON tminus.import_batch USING btree (launch, environment, dataset, created_at DESC);

CREATE INDEX import_move_batch ON tminus.import_move USING btree (batch, id);

CREATE INDEX job_claim_ended ON tminus.job_claim USING btree (settled_at) WHERE (outcome <> 'failed'::text);

CREATE INDEX launch_snapshot_plan ON tminus.launch_snapshot USING btree (launch, plan_hash, created_at);

CREATE INDEX log_entry_action_vote ON tminus.log_entry USING btree (log, observed_at) WHERE (kind = 'action-vote'::text);

CREATE INDEX message_run ON tminus.message USING btree (run, id);

CREATE INDEX notice_delivery_newest ON tminus.notice_delivery USING btree (person, made_at DESC);

CREATE INDEX poll_of_gate ON tminus.poll USING btree (launch, environment, gate, id DESC);

CREATE UNIQUE INDEX poll_open ON tminus.poll USING btree (launch, environment, gate) WHERE (closed_at IS NULL);

CREATE INDEX reconcile_report_newest ON tminus.reconcile_report USING btree (launch, environment, dataset, id DESC);

CREATE INDEX rehearsal_launch ON tminus.rehearsal USING btree (launch, procedure, at DESC);

CREATE INDEX rollout_entry_kind ON tminus.rollout_entry USING btree (shift, kind, number);

CREATE INDEX rollout_shift_due ON tminus.rollout_shift USING btree (look_at) WHERE (look_at IS NOT NULL);

CREATE INDEX rollout_shift_newest ON tminus.rollout_shift USING btree (launch, environment, created_at DESC);

CREATE INDEX run_due ON tminus.run USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX run_launch ON tminus.run USING btree (launch, created_at DESC);

CREATE INDEX run_open ON tminus.run USING btree (state) WHERE (ended_at IS NULL);

CREATE INDEX secret_access_secret ON tminus.secret_access USING btree (launch, secret, id DESC);

CREATE INDEX secret_rotation_secret ON tminus.secret_rotation USING btree (launch, secret, id DESC);

CREATE INDEX secret_sighting_run ON tminus.secret_sighting USING btree (run);

CREATE UNIQUE INDEX standing_hold_open ON tminus.standing_hold USING btree (id) WHERE (lifted_at IS NULL);

CREATE INDEX step_length_step ON tminus.step_length USING btree (launch, procedure, step, id DESC);

CREATE INDEX step_run_stopping ON tminus.step_run USING btree (run, id) WHERE (stop_cause IS NOT NULL);

CREATE INDEX submission_run ON tminus.submission USING btree (run);

CREATE INDEX worker_wish_newest ON tminus.worker_wish USING btree (worker, id DESC);

CREATE OR REPLACE FUNCTION tminus.assert_entries_follow()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION tminus.assert_head_is_covered()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION tminus.refuse_batch_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.id, old.launch, old.environment, old.dataset, old.plan_hash, old.candidate_sha256, old.mode, old.requester, old.report_sha256, old.created_at)
    = (new.id, new.launch, new.environment, new.dataset, new.plan_hash, new.candidate_sha256, new.mode, new.requester, new.report_sha256, new.created_at)
    and old.report = new.report and (old.approval is null or old.approval = new.approval) then return new; end if;
  raise exception 'import batch %: expected a move, got another change', old.id
    using errcode = 'restrict_violation', hint = 'plan a new import';
end $function$
;

CREATE OR REPLACE FUNCTION tminus.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '%: expected rows only to be added, got %', tg_table_name, lower(tg_op)
    using errcode = 'restrict_violation', hint = 'write a new row that replaces the old one';
end $function$
;

CREATE OR REPLACE FUNCTION tminus.refuse_fix_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.id, old.launch, old.environment, old.dataset, old.plan_hash, old.candidate_sha256, old.requester, old.plan_sha256, old.created_at)
    = (new.id, new.launch, new.environment, new.dataset, new.plan_hash, new.candidate_sha256, new.requester, new.plan_sha256, new.created_at)
    and old.plan = new.plan and (old.approval is null or old.approval = new.approval) then return new; end if;
  raise exception 'fix %: expected a move, got another change', old.id
    using errcode = 'restrict_violation', hint = 'plan a new fix';
end $function$
;

CREATE OR REPLACE FUNCTION tminus.refuse_pass_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.ended_at is null and new.ended_at is not null
    and (old.id, old.launch, old.environment, old.person, old.started_at) = (new.id, new.launch, new.environment, new.person, new.started_at) then return new; end if;
  raise exception 'acceptance pass %: expected it to be ended and nothing else, got another change', old.id
    using errcode = 'restrict_violation', hint = 'begin a new pass';
end $function$
;

CREATE OR REPLACE FUNCTION tminus.refuse_shift_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.id, old.launch, old.environment, old.rollout, old.plan_hash, old.candidate_sha256, old.requester, old.reason, old.routers, old.created_at)
    = (new.id, new.launch, new.environment, new.rollout, new.plan_hash, new.candidate_sha256, new.requester, new.reason, new.routers, new.created_at)
    and old.declared = new.declared and old.setting = new.setting and old.ended_at is null and new.entries >= old.entries and new.version >= old.version then return new; end if;
  raise exception 'shift %: expected a move of one that goes on, got another change', old.id
    using errcode = 'restrict_violation', hint = 'start a new one';
end $function$
;

CREATE OR REPLACE FUNCTION tminus.refuse_unpruned()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.cursor <= (select max(up_to) from tminus.event_prune) then return old; end if;
  raise exception 'event %: expected it to be kept, got delete', old.cursor
    using errcode = 'restrict_violation', hint = 'prune events with "tminus prune"';
end $function$
;

CREATE OR REPLACE FUNCTION tminus.release_asset_locks(held text[], gone uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  -- One row is locked by its update; only several have to be locked in their order first.
  if cardinality(held) > 1 then
    perform from tminus.asset_lock l where l.key = any (held) and l.holder = gone order by l.key collate "C" for update;
  end if;
  update tminus.asset_lock set holder = null, owner = null, taken_at = null, lease_until = null where key = any (held) and holder = gone;
  delete from tminus.asset_lock_wait where waiter = gone;
end $function$
;

CREATE OR REPLACE FUNCTION tminus.take_asset_locks(wanted text[], asked uuid, who text, lease interval, patience interval)
 RETURNS TABLE(locked_key text, locked_fence bigint)
 LANGUAGE plpgsql
AS $function$
declare
  known integer;
  own_place bigint;
  -- Places of others in a row of a wanted key that count: of those who came earlier, where the asker has a place.
  earlier boolean;
  places integer;
begin
  -- A look without locks, by an asker whose place is good for a while: to be told "not yet" too often does no harm, and what frees the key wakes it again.
  if exists (select from tminus.asset_lock_wait w where w.waiter = asked and w.until > clock_timestamp() + patience / 2)
    and exists (select from tminus.asset_lock l where l.key = any (wanted) and l.lease_until > clock_timestamp() and l.holder <> asked)
  then
    return;
  end if;
  perform from tminus.asset_lock l where l.key = any (wanted) order by l.key collate "C" for update;
  get diagnostics known = row_count;
  if known < cardinality(wanted) then
    insert into tminus.asset_lock (key) select one from unnest(wanted) as one order by one collate "C" on conflict do nothing;
    perform from tminus.asset_lock l where l.key = any (wanted) order by l.key collate "C" for update;
  end if;
  select count(*), min(w.place) filter (where w.waiter = asked) into places, own_place
    from tminus.asset_lock_wait w where w.key = any (wanted);
  earlier := places > 0 and exists (select from tminus.asset_lock_wait w where w.key = any (wanted) and w.waiter <> asked
    and w.until > clock_timestamp() and (own_place is null or w.place < own_place));
  -- What the asker holds already is no hindrance: the answer to its last call may have been lost.
  if earlier or exists (select from tminus.asset_lock l where l.key = any (wanted) and l.lease_until > clock_timestamp() and l.holder <> asked)
  then
    own_place := coalesce(own_place, nextval('tminus.asset_lock_place'));
    insert into tminus.asset_lock_wait as w (key, place, waiter, owner, until)
      select one, own_place, asked, who, clock_timestamp() + patience from unnest(wanted) as one order by one collate "C"
      on conflict (key, place) do update set until = excluded.until;
    return;
  end if;
  if places > 0 then
    delete from tminus.asset_lock_wait w where w.key = any (wanted) and (w.waiter = asked or w.until <= clock_timestamp());
  end if;
  return query update tminus.asset_lock l
    set fence = l.fence + 1, holder = asked, owner = who, taken_at = clock_timestamp(), lease_until = clock_timestamp() + lease
    where l.key = any (wanted) returning l.key, l.fence;
end $function$
;

CREATE TRIGGER acceptance_pass_kept BEFORE UPDATE ON tminus.acceptance_pass FOR EACH ROW EXECUTE FUNCTION tminus.refuse_pass_change(); -- always

CREATE TRIGGER acceptance_pass_stays BEFORE DELETE OR TRUNCATE ON tminus.acceptance_pass FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER acceptance_sight_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.acceptance_sight FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER access_decision_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.access_decision FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER access_grant_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.access_grant FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER access_group_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.access_group FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER access_revocation_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.access_revocation FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER action_token_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.action_token FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER action_token_use_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.action_token_use FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER alarm_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.alarm FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER approval_request_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.approval_request FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER blob_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.blob FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER checkpoint_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER dead_letter_action_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.dead_letter_action FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER document_comment_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.document_comment FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER document_move_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.document_move FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER event_kept BEFORE UPDATE OR TRUNCATE ON tminus.event FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER event_pruned BEFORE DELETE ON tminus.event FOR EACH ROW EXECUTE FUNCTION tminus.refuse_unpruned(); -- always

CREATE TRIGGER event_prune_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.event_prune FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER fix_move_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.fix_move FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER fix_plan_kept BEFORE UPDATE ON tminus.fix_plan FOR EACH ROW EXECUTE FUNCTION tminus.refuse_fix_change(); -- always

CREATE TRIGGER fix_plan_stays BEFORE DELETE OR TRUNCATE ON tminus.fix_plan FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER import_batch_kept BEFORE UPDATE ON tminus.import_batch FOR EACH ROW EXECUTE FUNCTION tminus.refuse_batch_change(); -- always

CREATE TRIGGER import_batch_stays BEFORE DELETE OR TRUNCATE ON tminus.import_batch FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER import_move_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.import_move FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER launch_document_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.launch_document FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER launch_snapshot_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.launch_snapshot FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.log FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER log_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.log_entry FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER log_entry_follows AFTER INSERT ON tminus.log_entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tminus.assert_entries_follow(); -- always

CREATE CONSTRAINT TRIGGER log_head_covered AFTER INSERT OR UPDATE ON tminus.log_head DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tminus.assert_head_is_covered(); -- always

CREATE TRIGGER log_head_stays BEFORE DELETE OR TRUNCATE ON tminus.log_head FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER reconcile_report_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.reconcile_report FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER rehearsal_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.rehearsal FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER rollout_entry_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.rollout_entry FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER rollout_shift_kept BEFORE UPDATE ON tminus.rollout_shift FOR EACH ROW EXECUTE FUNCTION tminus.refuse_shift_change(); -- always

CREATE TRIGGER rollout_shift_stays BEFORE DELETE OR TRUNCATE ON tminus.rollout_shift FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER secret_access_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.secret_access FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

CREATE TRIGGER secret_rotation_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON tminus.secret_rotation FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always

create table identity.account (
  id text not null,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamp with time zone,
  "refreshTokenExpiresAt" timestamp with time zone,
  scope text,
  password text,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamp with time zone not null,
  constraint account_pkey PRIMARY KEY (id),
  constraint "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES identity."user"(id) ON DELETE CASCADE
);

create table identity.event (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default clock_timestamp(),
  what text not null,
  account text,
  by text,
  ip text,
  detail text not null,
  constraint event_pkey PRIMARY KEY (id),
  constraint event_what_check CHECK ((what <> ''::text))
);

create table identity.passkey (
  id text not null,
  name text,
  "publicKey" text not null,
  "userId" text not null,
  "credentialID" text not null,
  counter integer not null,
  "deviceType" text not null,
  "backedUp" boolean not null,
  transports text,
  "createdAt" timestamp with time zone,
  aaguid text,
  constraint passkey_pkey PRIMARY KEY (id),
  constraint "passkey_userId_fkey" FOREIGN KEY ("userId") REFERENCES identity."user"(id) ON DELETE CASCADE
);

create table identity.session (
  id text not null,
  "expiresAt" timestamp with time zone not null,
  token text not null,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamp with time zone not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null,
  "strongAt" timestamp with time zone,
  "strongFrom" text,
  constraint session_token_key UNIQUE (token),
  constraint session_pkey PRIMARY KEY (id),
  constraint "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES identity."user"(id) ON DELETE CASCADE
);

create table identity.setup (
  one boolean not null default true,
  account text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint setup_pkey PRIMARY KEY (one),
  constraint setup_one_check CHECK (one)
);

create table identity.ticket (
  sha256 bytea not null,
  kind text not null,
  account text,
  issued_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint ticket_pkey PRIMARY KEY (sha256),
  constraint ticket_account_fkey FOREIGN KEY (account) REFERENCES identity."user"(id) ON DELETE CASCADE,
  constraint ticket_account CHECK (((kind = 'setup'::text) = (account IS NULL))),
  constraint ticket_kind_check CHECK ((kind = ANY (ARRAY['setup'::text, 'invite'::text, 'reset'::text]))),
  constraint ticket_sha256_check CHECK ((octet_length(sha256) = 32))
);

create table identity.token (
  id text not null,
  account text not null,
  name text not null,
  sha256 bytea not null,
  scopes text[] not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  used_at timestamp with time zone,
  constraint token_sha256_key UNIQUE (sha256),
  constraint token_pkey PRIMARY KEY (id),
  constraint token_account_fkey FOREIGN KEY (account) REFERENCES identity."user"(id) ON DELETE CASCADE,
  constraint token_life CHECK ((expires_at <= (created_at + '366 days'::interval))),
  constraint token_name_check CHECK ((name <> ''::text)),
  constraint token_scopes_check CHECK ((cardinality(scopes) > 0)),
  constraint token_sha256_check CHECK ((octet_length(sha256) = 32))
);

create table identity.totp_use (
  account text not null,
  code bytea not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint totp_use_pkey PRIMARY KEY (account, code),
  constraint totp_use_account_fkey FOREIGN KEY (account) REFERENCES identity."user"(id) ON DELETE CASCADE,
  constraint totp_use_code_check CHECK ((octet_length(code) = 32))
);

create table identity.try (
  key text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint try_key_check CHECK ((key <> ''::text))
);

create table identity."twoFactor" (
  id text not null,
  secret text not null,
  "backupCodes" text not null,
  "userId" text not null,
  verified boolean,
  "failedVerificationCount" integer,
  "lockedUntil" timestamp with time zone,
  constraint "twoFactor_pkey" PRIMARY KEY (id),
  constraint "twoFactor_userId_fkey" FOREIGN KEY ("userId") REFERENCES identity."user"(id) ON DELETE CASCADE
);

create table identity."user" (
  id text not null,
  name text not null,
  email text not null,
  "emailVerified" boolean not null,
  image text,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "twoFactorEnabled" boolean,
  person text,
  "disabledAt" timestamp with time zone,
  constraint user_email_key UNIQUE (email),
  constraint user_pkey PRIMARY KEY (id)
);

create table identity.verification (
  id text not null,
  identifier text not null,
  value text not null,
  "expiresAt" timestamp with time zone not null,
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  "updatedAt" timestamp with time zone not null default CURRENT_TIMESTAMP,
  constraint verification_pkey PRIMARY KEY (id)
);

CREATE UNIQUE INDEX account_of_provider ON identity.account USING btree ("providerId", "accountId");

CREATE INDEX "account_userId_idx" ON identity.account USING btree ("userId");

CREATE INDEX event_account ON identity.event USING btree (account, id);

CREATE UNIQUE INDEX passkey_credential ON identity.passkey USING btree ("credentialID");

CREATE INDEX "passkey_credentialID_idx" ON identity.passkey USING btree ("credentialID");

CREATE INDEX "passkey_userId_idx" ON identity.passkey USING btree ("userId");

CREATE INDEX "session_userId_idx" ON identity.session USING btree ("userId");

CREATE INDEX token_account ON identity.token USING btree (account);

CREATE INDEX try_at ON identity.try USING btree (at);

CREATE INDEX try_key ON identity.try USING btree (key, at);

CREATE INDEX "twoFactor_secret_idx" ON identity."twoFactor" USING btree (secret);

CREATE INDEX "twoFactor_userId_idx" ON identity."twoFactor" USING btree ("userId");

CREATE UNIQUE INDEX user_person ON identity."user" USING btree (person) WHERE ("disabledAt" IS NULL);

CREATE INDEX verification_identifier_idx ON identity.verification USING btree (identifier);

CREATE TRIGGER event_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON identity.event FOR EACH STATEMENT EXECUTE FUNCTION tminus.refuse_change(); -- always
