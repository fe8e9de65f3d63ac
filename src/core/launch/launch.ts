import type { JsonObject } from '@tminus/verify';

import type { CheckDeclaration } from '../check/check.ts';
import type { DataDeclarations } from '../dataset/import/import-terms.ts';
import type { Risk } from '../risk/risk.ts';
import type { RollbackTerms } from '../rollback/rollback-terms.ts';
import type { TrafficDeclarations } from '../rollout/rollout.ts';
import type { ScopeItem } from '../scope/scope.ts';
import type { Place } from './place.ts';
import type { Recurrence } from './recurrence.ts';
import type { StepRules } from './step-rules.ts';
import type { ChangeWindow } from './window.ts';

/** What kind of proof a person has to leave to close a human criterion or step. */
export type ProofKind = 'url' | 'file' | 'artifact' | 'comment' | 'external-status';

/** A person or an automation that may be named in a role. */
export interface Person {
  id: string;
  name: string;
  /** Accounts of one human share this word, so that the human counts once. Equal to `id` unless declared. */
  human: string;
  automation: boolean;
  /** Public key that signs for this person, as `parsePersonKey` reads it: of a key file, or of a passkey. Null where none was declared. */
  key: string | null;
  at: Place;
}

export interface Role {
  id: string;
  people: string[];
  at: Place;
}

export interface Environment {
  id: string;
  url: string | null;
  /** True unless the document says otherwise: an unknown environment is treated as the dangerous one. */
  production: boolean;
  /** Evidence from a simulated environment never meets a gate. */
  simulated: boolean;
  /** Hosts inside private address ranges that checks may reach, as `host` or `host:port`. */
  allow: string[];
  /** Whether messages to people leave: none does, all go to the test addresses, or they do. Off unless the document says otherwise; on in production. */
  comms: 'off' | 'test' | 'on';
  /** Takes every mail, and every webhook, while `comms` is `test`. */
  testMail: string | null;
  testWebhook: string | null;
  at: Place;
}

/** What is to be released, as written; templates are resolved when a check is planned. */
export interface CandidateDeclaration {
  commit: string | null;
  url: string | null;
  version: string | null;
  /** Any further key of the front matter, for templates. */
  extra: { [key: string]: string };
  at: Place;
}

/** A heading with an offset, or a named stage (`canary`) that criteria can be required by. Ordered by `offsetMs`. */
export interface Phase {
  id: string;
  title: string;
  /** Milliseconds from T-0, negative before it; null for a stage without a clock time. */
  offsetMs: number | null;
  at: Place;
}

export interface Criterion {
  id: string;
  title: string;
  human: boolean;
  role: string | null;
  proof: ProofKind | null;
  owner: string | null;
  /** How old its evidence may be; null means that the gate's own limit holds. */
  freshMs: number | null;
  /** Phase by which it must hold; null means by the gate itself. A later phase makes it a condition of the GO. */
  by: string | null;
  waivable: boolean;
  /** How many of `children` must hold; `all` for a criterion without children, too. */
  need: 'all' | 'any' | number;
  children: Criterion[];
  check: CheckDeclaration | null;
  at: Place;
}

export interface Gate {
  id: string;
  title: string;
  /** Phase that may not begin before this gate says GO. */
  phase: string;
  /** GO votes of distinct humans that are wanted; 0 where the document asks for none. */
  quorum: number;
  /** Roles whose vote is wanted, each; empty where any role will do. */
  roles: string[];
  /** Largest age of evidence where a criterion names none; null only where every criterion names its own. */
  freshMs: number | null;
  /** Who asked for the release; this person's own vote does not count. */
  requester: string | null;
  criteria: Criterion[];
  at: Place;
}

/** What the machine does for one step: the fence under the item. Its kind has read it without a fault. */
export interface StepAction {
  /** The kind that a `yaml step` names, or the language of the fence. */
  kind: string;
  /** What the info string says to the kind; what it says about the step is among the rules of the step. */
  attributes: { [key: string]: string };
  text: string;
  /** What a `yaml step` means to its kind, defaults filled in; null for a fence in a kind's own language, which the kind reads again. */
  spec: JsonObject | null;
  at: Place;
}

export interface Step {
  id: string;
  title: string;
  phase: string | null;
  human: boolean;
  role: string | null;
  needs: string[];
  undo: string | null;
  reversible: boolean;
  proof: ProofKind | null;
  action: StepAction | null;
  rules: StepRules;
  at: Place;
}

/** A planned stop of the count: it stands still at an offset for a length of wall time. */
export interface PlannedHold {
  id: string;
  title: string;
  offsetMs: number;
  forMs: number;
  /** `clock`: goes on by itself. `person`: goes on when somebody who may decide says go, and not before its planned end. Null where nobody said, which is `clock`. */
  release: 'clock' | 'person' | null;
  at: Place;
}

/** A point of the count that a run may go back to. */
export interface RecycleMark {
  id: string;
  title: string;
  offsetMs: number;
  at: Place;
}

/** An ordered list of steps: the runbook, a rollback, an SOP. */
export interface Procedure {
  id: string;
  title: string;
  kind: 'runbook' | 'rollback' | 'procedure';
  steps: Step[];
  holds: PlannedHold[];
  recyclePoints: RecycleMark[];
  /** Roles that may hold, release, skip, move T-0, cancel and undo; null where the document names none. */
  deciders: string[] | null;
  /** How long a run of it may last once begun, and wait in the queue; null for no limit. */
  limitMs: number | null;
  queueLimitMs: number | null;
  /** Absent, and not null, where it does not recur: the plan hash of documents that do not use it stays what it was. */
  recurs?: Recurrence;
  /** Which way back it is; absent where it says nothing of the kind, for the same reason. */
  goesBack?: RollbackTerms;
  at: Place;
}

export interface Metric {
  id: string;
  title: string;
  target: string | null;
  alert: string | null;
  source: JsonObject | null;
  at: Place;
}

export interface Scenario {
  id: string;
  title: string;
  given: string;
  when: string;
  outcome: string;
  /** Criteria and steps that prove it. */
  boundTo: string[];
  at: Place;
}

/** A declaration in a quote block: the point of no return, or a stop condition. */
export interface QuoteDeclaration {
  text: string;
  /** What sees it: it is so where the check passes, and nobody knows where the check cannot tell. Null where only people see it. */
  detect: CheckDeclaration | null;
  /** How often it is looked at; null without a check. */
  everyMs: number | null;
  at: Place;
}

/** A `yaml` block as written (dataset, rollout, metric), or the rows of a table that is kept: what is hashed, whoever reads it. */
export interface Declaration {
  kind: string;
  id: string;
  body: JsonObject;
  at: Place;
}

/** A document of the launch, by digest of its bytes. */
export interface LaunchDocument {
  path: string;
  sha256: string;
  kind: 'launch' | 'runbook' | 'procedure' | 'doc' | 'plan';
}

/** Everything that the documents of one launch declare: complete, normalized, without anything that happened. */
export interface Launch extends DataDeclarations, TrafficDeclarations {
  id: string;
  title: string;
  owner: string | null;
  /** RFC 3339 instant with offset, as written; null where the date is not set. */
  t0: string | null;
  environment: string | null;
  /** Launches or issues that must be done before, with their declared state. */
  dependencies: { id: string; state: 'open' | 'done'; at: Place }[];
  candidate: CandidateDeclaration | null;
  people: Person[];
  roles: Role[];
  environments: Environment[];
  /** Names of secrets and where they are kept; never a value. */
  secrets: { id: string; reference: JsonObject; at: Place }[];
  phases: Phase[];
  gates: Gate[];
  procedures: Procedure[];
  scope: ScopeItem[];
  risks: Risk[];
  metrics: Metric[];
  scenarios: Scenario[];
  pointsOfNoReturn: QuoteDeclaration[];
  stops: QuoteDeclaration[];
  /** When steps that write may begin; empty where always. */
  windows: ChangeWindow[];
  declarations: Declaration[];
  documents: LaunchDocument[];
}
