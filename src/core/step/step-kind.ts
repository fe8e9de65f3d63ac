import type { JsonObject, JsonValue } from '@tminus/verify';

import type { Fence, ReadSpec } from '../check/check.ts';
import type { DataAccess } from '../dataset/data-access.ts';
import type { ActionClass } from '../procedure/action-classes.ts';
import type { RunMode } from '../procedure/run.ts';
import type { SecretValue } from '../secret/secret-value.ts';

/** What a fence of a kind's own language (```sh, ```http, ```sql) means as a step. */
export type ReadStepFence =
  | { ok: true; spec: JsonObject }
  | { ok: false; faults: { line: number; column: number; expected: string; got: string; hint: string }[] };

/** One thing that a step is going to do to the world, told before it does it. */
export interface Effect {
  /** `read` changes nothing; `unknown` is a program of somebody else: it may do anything that its sandbox lets it. */
  does: 'read' | 'write' | 'delete' | 'send' | 'unknown';
  /** What is touched, as the place would name it: a URL, a database and table, a DNS name, a channel, a program. Never a secret. */
  target: string;
  /** In words, lower case, no full stop. */
  text: string;
}

/** The pure half of a step kind: all that lint, dry run and reference need. Touches no disk, network, clock or environment. */
export interface StepReader {
  kind: string;
  /** One sentence for the reference page. */
  summary: string;
  /** What may be written under `yaml step` beside `kind`, as JSON Schema, for the reference page. */
  jsonSchema: JsonObject;
  /** Validates what was written under `yaml step` (without `kind`); unknown keys are faults. */
  readSpec(written: JsonValue): ReadSpec;
  /** Fence languages that this kind owns besides `yaml step`. */
  fenceLanguages: readonly string[];
  readFence(fence: Fence): ReadStepFence;
  /** What the step is taken to do where the document does not say `class=`. */
  actionClass(spec: JsonObject): ActionClass;
  /** What would be done, for the dry run and for whoever approves; never empty. Templates of secrets stand as written. */
  listEffects(spec: JsonObject): Effect[];
  /** The spec of the step that takes this one back, where that follows from the spec alone; null where a person has to write one. */
  undoSpec(spec: JsonObject): JsonObject | null;
}

/** A line of output, already without anything that was handed out as a secret once the engine has written it. */
export type StepLog = (stream: 'out' | 'err' | 'note', chunk: Uint8Array | string) => void;

/** Whether messages to people leave. `off`: none does, and the log says so; `test`: all go to the test addresses; `on`: to whom they are meant for. */
export interface Comms {
  mode: 'off' | 'test' | 'on';
  /** Takes every mail in mode `test`; null where there is none, and then a mail fails. */
  testMail: string | null;
  /** URL that takes every webhook in mode `test`; null where there is none, and then a webhook fails. */
  testWebhook: string | null;
}

/** What surrounds one attempt of one step. */
export interface StepContext {
  /** Aborted when the attempt has to end: cancelled, held now, out of time, or its claim was lost. End what was started, then return `stopped`. */
  signal: AbortSignal;
  /** Absolute path of the launch repository; programs start here, files stay inside. */
  workspace: string;
  /** Private hosts that the environment declares, `host` or `host:port`. */
  allow: readonly string[];
  /** Hosts of production that must not be touched, `host` or `host:port`: every production environment's in a rehearsal, else none (C07). */
  forbidden: readonly string[];
  mode: RunMode;
  comms: Comms;
  environment: { id: string; url: string | null; production: boolean };
  /** Milliseconds since the epoch by the clock of the store, for ages and lengths of time: that of this machine may be wrong (R10). */
  now(): number;
  /** The same for every attempt (law 6): hand it to targets that can refuse a repeat. */
  idempotencyKey: string;
  attempt: number;
  /** Rises from claim to claim: hand it to targets that can refuse a lower one. */
  fence: number;
  /** The rising fence of each asset that is locked for the step. */
  assetFences: ReadonlyMap<string, number>;
  /** Values for programs, by the name of the variable: TMINUS_RUN, TMINUS_STEP, TMINUS_CANDIDATE_URL ... Never a secret. */
  variables: { readonly [name: string]: string };
  /** Resolves a secret just in time (O06); audited, known to the masker before it is returned. Throws a ProductError where it cannot be had. */
  openSecret(name: string): Promise<SecretValue>;
  /** The datasets of the launch and the way to their datastores; absent where a kind is asked without a launch around it. */
  data?: DataAccess;
  /** What needs ledgers, approvals or archives of Tminus itself; absent where a kind is asked without its store. */
  deeds?: DataDeeds;
  log: StepLog;
  /** Says how far the work is; throttled by the caller. `total` is null where nobody knows. */
  progress(done: number, total: number | null, text: string): void;
}

/** A rollout as a step asks for it. */
export interface RolloutDeed {
  rollout: string;
}

/** A shift of traffic as a step asks for it. */
export interface ShiftTrafficDeed extends RolloutDeed {
  /** Why it may begin although it cannot see its own limit; null where nobody says so. */
  blind: string | null;
}

/** A way back of traffic as a step asks for it. */
export interface TakeBackDeed {
  rollout: string;
  /** Percent that the canary keeps. */
  to: number;
}

/** An import as a step asks for it. */
export interface ImportDeed {
  dataset: string;
  mode: 'full' | 'delta';
}

/** A store of objects that speaks the S3 API, and how a step shows who it is. */
export interface ObjectStoreWish {
  /** Null is the one of AWS in that region. */
  endpoint: string | null;
  region: string;
  keyId: string;
  secret: string;
}

/** An archive as a step asks for it. */
export interface ExportDeed {
  /** Ids of datasets; none is everything that Tminus keeps. */
  datasets: readonly string[];
  side: 'source' | 'target';
  /** Only records of the target that were written from here on: an RFC 3339 instant, or `switch`. Null, or left out in a plan of an earlier version, for every record. */
  since?: string | null;
  /** And before here; null for the state that is read. */
  until?: string | null;
  /** Where it is written: a path from the workspace, or `s3://bucket/key`. */
  file: string;
  /** Where `s3://` leads; null for a path. */
  store: ObjectStoreWish | null;
  /** `age1...`; none writes it in the clear. */
  recipients: readonly string[];
}

/** A restore as a step asks for it. */
export interface DrillDeed {
  /** The archive: a path from the workspace, or `s3://bucket/key`. */
  archive: string;
  /** Where `s3://` leads; null for a path. */
  store: ObjectStoreWish | null;
  /** As it was recorded; null takes it from the file beside the archive. */
  sha256: string | null;
  /** Opens an archive that is encrypted; null for one in the clear. */
  identity: string | null;
  /** A server that may be written to, with its password; null starts one in a new folder. */
  server: { url: string; password: string | null } | null;
}

/** A fix as a step asks for it. */
export interface FixDeed {
  dataset: string;
}

/** A mail to many as a step asks for it. */
export interface MailoutDeed {
  /** The file of the mailout, from the workspace. */
  file: string;
  /** A dry run counts who would get it, and sends nothing. */
  do: 'dry-run' | 'send';
}

/** A scrubbed copy as a step asks for it. */
export interface SnapshotDeed extends Omit<ExportDeed, 'store' | 'since' | 'until'> {
  /** What pseudonyms are made from. */
  seed: string;
  /** Where a clone is seen to boot; null starts a server in a new folder. */
  server: DrillDeed['server'];
}

/**
 * Deeds about data that stand on the store of Tminus, where kinds do not reach; the engine carries them out. Each keeps to signal, workspace, forbidden hosts and key of
 * the attempt that it is given, and tells trouble of its target as an outcome. A kind that needs another one adds it here and in `src/engine/data/deeds`.
 */
export interface DataDeeds {
  /** Applies an import, or goes on with the one that this key began. In production it is the newest one, and has to be approved; elsewhere it is planned first. */
  applyImport(wish: ImportDeed, context: StepContext): Promise<StepOutcome>;
  /** Whether the import that this key began stands verified. */
  probeImport(wish: ImportDeed, context: StepContext): Promise<ProbeOutcome>;
  /** Takes back the newest import of the dataset that this run began. */
  rollBackImport(wish: ImportDeed, context: StepContext): Promise<StepOutcome>;
  writeArchive(wish: ExportDeed, context: StepContext): Promise<StepOutcome>;
  /** Whether the archive or snapshot of this key lies whole in its place. */
  probeArchive(wish: Pick<ExportDeed, 'file' | 'store'>, context: StepContext): Promise<ProbeOutcome>;
  drillArchive(wish: DrillDeed, context: StepContext): Promise<StepOutcome>;
  /** Applies the newest fix of the dataset, which has to be approved, or goes on with the one that this key began. */
  applyFix(wish: FixDeed, context: StepContext): Promise<StepOutcome>;
  /** Whether the fix that this key began is applied and what it was for has gone. */
  probeFix(wish: FixDeed, context: StepContext): Promise<ProbeOutcome>;
  /** Takes back the newest fix of the dataset that this run began. */
  undoFix(wish: FixDeed, context: StepContext): Promise<StepOutcome>;
  /** Sends what was not sent yet, each address once over all steps and starts. */
  sendMailout(wish: MailoutDeed, context: StepContext): Promise<StepOutcome>;
  /** Whether everybody who is to get the mail has it. */
  probeMailout(wish: MailoutDeed, context: StepContext): Promise<ProbeOutcome>;
  /** Shifts traffic as a rollout says, or follows the shift that this key began, until it ends. */
  shiftTraffic(wish: ShiftTrafficDeed, context: StepContext): Promise<StepOutcome>;
  /** Whether the shift that this key began is completed. */
  probeTraffic(wish: RolloutDeed, context: StepContext): Promise<ProbeOutcome>;
  /** Gives the canary of a rollout less, or nothing any more. */
  takeBackTraffic(wish: TakeBackDeed, context: StepContext): Promise<StepOutcome>;
  takeSnapshot(wish: SnapshotDeed, context: StepContext): Promise<StepOutcome>;
}

/** How an attempt ended. `failed` had its say; `stopped` ended because the signal asked it to. */
export interface StepOutcome {
  outcome: 'done' | 'failed' | 'stopped';
  /** One line for people: what was seen; for a failure the thing, expected and got. */
  detail: string;
  /** What a machine may want later: exit code, rows, status, serial. Never a secret. */
  facts: JsonObject;
}

/** What a probe saw after an interrupted attempt. */
export interface ProbeOutcome {
  /** `unfinished`: begun and not through, so that it goes on where it was; what there is of it has to be taken back. */
  result: 'applied' | 'not_applied' | 'unfinished' | 'unknown';
  detail: string;
}

/** A step kind: the reader and what touches the world. It decides nothing: retries, limits, holds and order belong to the engine. */
export interface StepKind extends StepReader {
  /** Throws only for what it could not foresee; trouble of the target is a `failed` outcome. */
  run(spec: JsonObject, context: StepContext): Promise<StepOutcome>;
  /** Whether an interrupted attempt took effect, read without changing anything; null where the kind cannot tell (then a person is asked). */
  probe: ((spec: JsonObject, context: StepContext) => Promise<ProbeOutcome>) | null;
}
