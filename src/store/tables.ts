import type { JsonObject } from '@tminus/verify';
import type { Generated, GeneratedAlways } from 'kysely';

import type { AccessTables } from './access-tables.ts';
import type { ApiTables } from './api-tables.ts';
import type { FixTables } from './fix-tables.ts';
import type { ImportTables } from './import-tables.ts';
import type { MailoutTables } from './mailout-tables.ts';
import type { ReviewTables } from './review-tables.ts';
import type { RolloutTables } from './rollout-tables.ts';
import type { ScheduleTables } from './schedule-tables.ts';
import type { TraceExportRow } from './trace-export.ts';
import type { WorkerTables } from './worker-tables.ts';

/** The tables of the schema `tminus`, as the migrations leave them; `schema.sql` is the same from the database's side. */
export interface Tables
  extends
    AccessTables,
    ApiTables,
    FixTables,
    ImportTables,
    MailoutTables,
    ReviewTables,
    RolloutTables,
    ScheduleTables,
    WorkerTables {
  schema_migration: { number: number; name: string; sha256: Buffer; applied_at: Generated<Date> };
  blob: { sha256: Buffer; bytes: Buffer; size: GeneratedAlways<number> };
  launch_snapshot: { sha256: Buffer; plan_hash: Buffer; launch: string; body: Buffer; created_at: Generated<Date> };
  launch_document: { snapshot: Buffer; path: string; sha256: Buffer };
  log: { id: GeneratedAlways<string>; launch: string; origin: string; verifier: string; created_at: Generated<Date> };
  log_head: { log: string; size: string; root: Buffer; frontier: Buffer };
  log_entry: LogEntryRow;
  checkpoint: { log: string; size: string; root: Buffer; note: string; created_at: Generated<Date> };
  job_claim: JobClaimRow;
  dead_letter_action: DeadLetterActionRow;
  asset_lock: AssetLockRow;
  asset_lock_wait: { key: string; place: string; waiter: string; owner: string; until: Date };
  submission: SubmissionRow;
  run: RunRow;
  step_run: StepRunRow;
  event_head: { one: Generated<boolean>; cursor: string };
  event: EventRow;
  step_log: StepLogRow;
  step_length: StepLengthRow;
  step_progress: StepProgressRow;
  message: MessageRow;
  secret_sighting: SecretSightingRow;
  rehearsal: RehearsalRow;
  standing_hold: StandingHoldRow;
  trace_export: TraceExportRow;
}

/** The claim of a job by the worker that may write for it; the newest claim of each job only. */
export interface JobClaimRow {
  queue: string;
  job: string;
  token: string;
  attempt: number;
  /** Deliveries that were given back before they began. */
  given_back: Generated<number>;
  worker: string;
  claimed_at: Generated<Date>;
  outcome: 'done' | 'failed' | 'cancelled' | 'archived' | null;
  settled_at: Date | null;
}

/** What a person did with a dead letter; rows are only added. */
export interface DeadLetterActionRow {
  id: GeneratedAlways<string>;
  letter: string;
  queue: string;
  died_at: Date;
  cause: string;
  action: 'requeued' | 'archived';
  person: string;
  reason: string;
  at: Generated<Date>;
}

/** An asset that was locked at least once; the holder is null while it is free. */
export interface AssetLockRow {
  key: string;
  fence: Generated<string>;
  holder: string | null;
  owner: string | null;
  taken_at: Date | null;
  lease_until: Date | null;
}

/** The newest submission of an idempotency key. */
export interface SubmissionRow {
  tenant: string;
  key: Buffer;
  body: Buffer;
  run: string;
  state: Generated<'open' | 'completed' | 'failed' | 'cancelled'>;
  submitted_at: Generated<Date>;
}

/** One entry as it is stored; bigint columns arrive as text from the driver. */
export interface LogEntryRow {
  log: string;
  index: string;
  id: Buffer;
  kind: 'evidence' | 'waiver' | 'approval' | 'action-vote' | 'step-confirmation' | 'decision';
  criterion: string | null;
  observed_at: Date;
  leaf_hash: Buffer;
  body: Buffer;
}

/** The newest state of a run; `plan`, `setting` and `body` are written as JSON text and read as objects. */
export interface RunRow {
  id: string;
  launch: string;
  procedure: string;
  mode: string;
  environment: string;
  plan_hash: string;
  plan: JsonObject;
  setting: JsonObject;
  requested_by: string;
  state: string;
  body: JsonObject;
  events: Generated<string>;
  ahead_ms: Generated<string>;
  created_at: Generated<Date>;
  due_at: Date | null;
  ended_at: Date | null;
}

export interface StepRunRow {
  run: string;
  id: string;
  position: number;
  state: string;
  body: JsonObject;
  stop_cause: string | null;
}

/** An event of a run, or of the system; rows are only added. */
export interface EventRow {
  cursor: string;
  run: string | null;
  number: string | null;
  type: string;
  at: Date;
  recorded_at: Generated<Date>;
  body: JsonObject;
}

/** A piece of what a step said, masked. */
export interface StepLogRow {
  run: string;
  step: string;
  attempt: number;
  part: number;
  stream: 'out' | 'err' | 'note';
  at: Generated<Date>;
  body: string;
}

/** How long one attempt of a step took, in real time. */
export interface StepLengthRow {
  id: GeneratedAlways<string>;
  launch: string;
  procedure: string;
  step: string;
  run: string;
  mode: string;
  attempt: number;
  outcome: 'done' | 'failed' | 'timed_out' | 'stopped';
  length_ms: string;
  at: Generated<Date>;
}

export interface StepProgressRow {
  run: string;
  step: string;
  attempt: number;
  done: number;
  total: number | null;
  body: string;
  at: Generated<Date>;
}

/** Something that people have to be told. */
export interface MessageRow {
  id: GeneratedAlways<string>;
  run: string;
  what: string;
  people: string[];
  body: string;
  at: Generated<Date>;
}

/** Where a handed-out secret was seen in what a run wrote. */
export interface SecretSightingRow {
  id: GeneratedAlways<string>;
  run: string;
  place: string;
  secret: string;
  decodings: string[];
  at: Generated<Date>;
}

/** What a rehearsal came to. */
export interface RehearsalRow {
  id: string;
  launch: string;
  procedure: string;
  environment: string;
  plan_hash: string;
  candidate_sha256: string;
  passed: boolean;
  report: JsonObject;
  at: Generated<Date>;
}

/** A hold above a single run, on until it is lifted. */
export interface StandingHoldRow {
  number: GeneratedAlways<string>;
  id: string;
  scope: 'global' | 'launch' | 'environment';
  launch: string | null;
  environment: string | null;
  mode: 'boundary' | 'now';
  count: 'runs' | 'stops';
  put_by: string;
  reason: string;
  put_at: Generated<Date>;
  lifted_by: string | null;
  lift_reason: string | null;
  lifted_at: Date | null;
}
