import { finalStates } from '../../../core/procedure/run.ts';
import type { ArchiveRelation, ArchiveRule } from '../../../core/dataset/archive/manifest.ts';

/** A table of the store that an export takes along: these columns of it, and no other. */
export interface OwnTable {
  /** `schema.table`. */
  table: string;
  /** Names, one space between them. */
  columns: string;
  /** Columns whose values never leave, in the same way; they are restored as null. */
  redacted?: string;
}

/**
 * Every table of the store that is exported, by an explicit list: a new table, or a new column, is in no export before somebody has placed it here or
 * below, and the test of this file fails until then.
 */
export const ownTables: readonly OwnTable[] = [
  { table: 'tminus.acceptance_pass', columns: 'id launch environment person started_at ended_at record entry' },
  { table: 'tminus.acceptance_sight', columns: 'id pass kind subject detail at' },
  {
    table: 'tminus.access_decision',
    columns: 'id at launch environment actor permission run subject allowed exception reason',
  },
  {
    table: 'tminus.access_grant',
    columns:
      'id launch environment holder_kind holder role given_by given_at expires_at delegates break_glass_reason confirmed_by reason',
  },
  { table: 'tminus.access_group', columns: 'number launch id people written_by written_at' },
  { table: 'tminus.access_revocation', columns: 'grant_id launch revoked_by revoked_at reason' },
  { table: 'tminus.alarm', columns: 'id subject kind since until detail at' },
  {
    table: 'tminus.approval_request',
    columns: 'id launch environment run level plan_hash requester requested_at expires_at body',
  },
  { table: 'tminus.asset_lock', columns: 'key fence holder owner taken_at lease_until' },
  { table: 'tminus.blob', columns: 'sha256 bytes' },
  { table: 'tminus.checkpoint', columns: 'log size root note created_at' },
  { table: 'tminus.dead_letter_action', columns: 'id letter queue died_at cause action person reason at' },
  { table: 'tminus.document_comment', columns: 'id launch path thread deed version line quote person text at' },
  { table: 'tminus.document_move', columns: 'id launch path number version move person human reason at' },
  { table: 'tminus.event', columns: 'cursor run number type at recorded_at body' },
  { table: 'tminus.event_head', columns: 'one cursor' },
  { table: 'tminus.event_prune', columns: 'id up_to recorded_before person reason at' },
  { table: 'tminus.fix_move', columns: 'id fix from_state to_state person detail at' },
  {
    table: 'tminus.fix_plan',
    columns:
      'id launch environment dataset plan_hash candidate_sha256 requester plan plan_sha256 created_at state approval result',
  },
  {
    table: 'tminus.import_batch',
    columns:
      'id launch environment dataset plan_hash candidate_sha256 mode requester report report_sha256 created_at state approval fence result watermark',
  },
  { table: 'tminus.import_move', columns: 'id batch from_state to_state person detail at' },
  { table: 'tminus.launch_document', columns: 'snapshot path sha256' },
  { table: 'tminus.launch_snapshot', columns: 'sha256 plan_hash launch body created_at' },
  { table: 'tminus.log', columns: 'id launch origin verifier created_at' },
  { table: 'tminus.log_entry', columns: 'log index id kind criterion observed_at leaf_hash body' },
  { table: 'tminus.log_head', columns: 'log size root frontier' },
  { table: 'tminus.mailout', columns: 'launch environment name hash_key created_at' },
  {
    table: 'tminus.mailout_delivery',
    columns: 'launch environment mailout mode address_hash sender state message_id detail claimed_at settled_at',
  },
  { table: 'tminus.message', columns: 'id run what people body at' },
  { table: 'tminus.notice_channel', columns: 'channel sender looked_at' },
  { table: 'tminus.notice_choice', columns: 'person mail version at' },
  {
    table: 'tminus.notice_delivery',
    columns: 'person channel notice launch subject body state detail made_at ended_at',
  },
  { table: 'tminus.notice_dismissal', columns: 'person notice at' },
  {
    table: 'tminus.poll',
    columns: 'id launch environment gate subject opened_by opened_at closes_at closed_by closed_at',
  },
  {
    table: 'tminus.reconcile_report',
    columns: 'id launch environment dataset plan_hash started_by report_sha256 at',
  },
  { table: 'tminus.rehearsal', columns: 'id launch procedure environment plan_hash candidate_sha256 passed report at' },
  { table: 'tminus.rollout_entry', columns: 'shift number kind at body sha256' },
  {
    table: 'tminus.rollout_shift',
    columns:
      'id launch environment rollout plan_hash candidate_sha256 requester reason declared setting routers created_at state pending stands version entries head look_at ended_at',
  },
  {
    table: 'tminus.run',
    columns:
      'id launch procedure mode environment plan_hash plan setting requested_by state body events ahead_ms created_at due_at ended_at',
  },
  { table: 'tminus.schedule', columns: 'name body seen_until' },
  { table: 'tminus.schedule_slot', columns: 'schedule due_at skipped begun_at ended_at' },
  {
    table: 'tminus.secret_access',
    columns: 'id at launch environment secret kind reference actor purpose outcome version trouble',
  },
  { table: 'tminus.secret_rotation', columns: 'id rotation at launch secret reference actor state detail' },
  { table: 'tminus.secret_sighting', columns: 'id run place secret decodings at' },
  {
    table: 'tminus.standing_hold',
    columns: 'number id scope launch environment mode count put_by reason put_at lifted_by lift_reason lifted_at',
  },
  { table: 'tminus.step_length', columns: 'id launch procedure step run mode attempt outcome length_ms at' },
  { table: 'tminus.step_log', columns: 'run step attempt part stream at body' },
  { table: 'tminus.step_progress', columns: 'run step attempt done total body at' },
  { table: 'tminus.step_run', columns: 'run id position state body stop_cause' },
  { table: 'tminus.submission', columns: 'tenant key body run state submitted_at' },
  { table: 'tminus.trace_export', columns: 'one position exported dropped trouble updated_at' },
  {
    table: 'tminus.webhook',
    columns:
      'id url secret launches types position epoch given_up off_reason off_at sent_at created_by created_at given_up_from',
  },
  {
    table: 'identity.account',
    columns:
      'id accountId providerId userId accessToken refreshToken idToken accessTokenExpiresAt refreshTokenExpiresAt scope password createdAt updatedAt',
    redacted: 'accessToken refreshToken idToken password',
  },
  { table: 'identity.event', columns: 'id at what account by ip detail' },
  {
    table: 'identity.passkey',
    columns: 'id name publicKey userId credentialID counter deviceType backedUp transports createdAt aaguid',
  },
  { table: 'identity.setup', columns: 'one account at' },
  {
    table: 'identity.user',
    columns: 'id name email emailVerified image createdAt updatedAt twoFactorEnabled person disabledAt',
  },
];

/** Every table that is left out on purpose, and why that loses nothing. The schema of the queues is left out as a whole. */
export const ownOmitted: { readonly [table: string]: string } = {
  'tminus.action_token': 'tokens of links that were sent: they are asked for again',
  'tminus.action_token_use': 'tokens of links that were sent: they are asked for again',
  'tminus.api_request': 'answers kept for repeats of a request',
  'tminus.asset_lock_wait': 'waits for a lock end with the process that waits',
  'tminus.browser_report': 'what browsers reported of pages: for those who look now',
  'tminus.job_claim': 'work that was under way: whoever restores looks at each run that was',
  'tminus.schema_migration': 'made by the migrations',
  'tminus.worker': 'processes that ran there',
  'tminus.worker_wish': 'wishes to processes that ran there',
  'identity.session': 'people sign in again',
  'identity.ticket': 'invitations and resets are sent again',
  'identity.token': 'tokens of programs are made again',
  'identity.totp_use': 'codes that were used',
  'identity.try': 'tries of signing in',
  'identity.twoFactor': 'second factors are set up again: their secrets never leave',
  'identity.verification': 'codes that were sent',
};

/** What must hold of rows beyond their columns, by table. */
export const ownRules: { readonly [table: string]: readonly ArchiveRule[] } = {
  'tminus.run': [
    {
      rule: 'lifecycle',
      field: 'state',
      values: [...finalStates],
      needs: 'ended_at',
    },
  ],
  'tminus.notice_delivery': [{ rule: 'dedupe', fields: ['person', 'channel', 'notice'] }],
};

/** Relations that no foreign key holds. An entry is refused where its head is not there yet: heads come first. */
export const ownRelations: { readonly [table: string]: readonly ArchiveRelation[] } = {
  'tminus.log_entry': [{ fields: ['log'], to: 'log_head', to_fields: ['log'] }],
  'tminus.checkpoint': [{ fields: ['log'], to: 'log_head', to_fields: ['log'] }],
};
