import type { JsonObject, JsonValue } from '@tminus/verify';

import type { Fence, ReadSpec } from '../check/check.ts';
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
  /** Milliseconds since the epoch by the caller's clock, for lengths of time only. */
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
  log: StepLog;
  /** Says how far the work is; throttled by the caller. `total` is null where nobody knows. */
  progress(done: number, total: number | null, text: string): void;
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
  result: 'applied' | 'not_applied' | 'unknown';
  detail: string;
}

/** A step kind: the reader and what touches the world. It decides nothing: retries, limits, holds and order belong to the engine. */
export interface StepKind extends StepReader {
  /** Throws only for what it could not foresee; trouble of the target is a `failed` outcome. */
  run(spec: JsonObject, context: StepContext): Promise<StepOutcome>;
  /** Whether an interrupted attempt took effect, read without changing anything; null where the kind cannot tell (then a person is asked). */
  probe: ((spec: JsonObject, context: StepContext) => Promise<ProbeOutcome>) | null;
}
