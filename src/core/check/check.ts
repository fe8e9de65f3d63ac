import type { JsonObject, JsonValue, Trouble } from '@tminus/verify';

import type { DataAccess } from '../dataset/data-access.ts';
import type { Place } from '../launch/place.ts';

/** How two values are compared. `missing on the left` is unknown for every operator but `exists` and `missing`. */
export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'matches' | 'in' | 'exists' | 'missing';

/** One thing that must hold of the facts: `json.version == 1.8.0`, `latency < 500ms`. */
export interface Expectation {
  /** As written, white space folded. */
  text: string;
  /** Path into the facts: names and indexes. */
  path: (string | number)[];
  operator: Operator;
  /** Durations are milliseconds, sizes bytes, percentages fractions of 1; null for `exists` and `missing`. */
  value: JsonValue;
}

/** A check as the document declares it, before templates are resolved. */
export interface CheckDeclaration {
  kind: string;
  spec: JsonObject;
  expectations: Expectation[];
  /** Digest of kind, spec and expectations; evidence of another digest is stale. */
  sha256: string;
  at: Place;
}

/** One piece of raw input, with its bytes. */
export interface ObservedSource {
  name: string;
  mediaType: string;
  bytes: Uint8Array;
}

/** What a kind brought back. Trouble (refused, timed out, too large) is a fact to be judged, not an exception. */
export interface Observation {
  sources: ObservedSource[];
  trouble: Trouble | null;
}

/** What the raw bytes say. A report that contradicts itself is unreadable, with the reason. */
export type Reading = { state: 'readable'; facts: JsonObject } | { state: 'unreadable'; trouble: Trouble };

/** A fault in what was written for a check: the place inside the spec, what is wanted, what was found. */
export interface SpecFault {
  path: (string | number)[];
  expected: string;
  got: string;
  hint: string;
}

export type ReadSpec = { ok: true; spec: JsonObject } | { ok: false; faults: SpecFault[] };

/** A fence as it stands in the document: language, attributes of the info string, text. */
export interface Fence {
  language: string;
  attributes: { [key: string]: string };
  text: string;
}

/** What a fence of a kind's own language (```http, ```sql, ```sh) means; `lines` are the `expect` lines, 0-based. */
export type ReadFence =
  | { ok: true; spec: JsonObject; expectations: { text: string; line: number }[] }
  | { ok: false; faults: { line: number; column: number; expected: string; got: string; hint: string }[] };

/**
 * The pure half of a check kind: all that a stranger needs to read its evidence again.
 * Imports nothing that touches disk, network, clock or environment.
 */
export interface CheckReader {
  kind: string;
  /** One sentence for the reference page. */
  summary: string;
  /** What may be written, as JSON Schema, for the reference page. */
  jsonSchema: JsonObject;
  /** Validates what was written under `yaml check` (without `kind` and `expect`); unknown keys are faults. */
  readSpec(written: JsonValue): ReadSpec;
  /** Fence languages that this kind owns besides `yaml check`. */
  fenceLanguages: readonly string[];
  readFence(fence: Fence): ReadFence;
  /** Expectations (as text) that hold where the document gives none. Never empty; must fail on the negative control. */
  defaultExpectations(spec: JsonObject): string[];
  /** Facts from raw bytes. Must not trust a declared total that it can add up itself. */
  parse(spec: JsonObject, sources: readonly ObservedSource[]): Reading;
  /** Sources as they would look if the thing checked were broken: a check that passes on these cannot fail. */
  negativeControl(spec: JsonObject): ObservedSource[];
}

/** Where the sealed phases of rollouts are kept. */
export interface SealedPhases {
  /** The envelopes of the newest phases that ended of a rollout, under names of their own. */
  read(rollout: string): Promise<{ name: string; envelope: string }[]>;
}

export interface ObserveContext {
  signal: AbortSignal;
  /** Absolute path of the launch repository; file and git checks stay inside it. */
  workspace: string;
  /** Private hosts that the environment declares, `host` or `host:port`. */
  allow: readonly string[];
  /** Milliseconds since the epoch by the clock of the store, for ages: that of this machine may be wrong (R10). */
  now(): number;
  /** The datasets of the launch and the way to their datastores; absent where a kind is asked without a launch around it. */
  data?: DataAccess;
  /** Phases of rollouts of the launch that were sealed in this environment; absent where a kind is asked without a store. */
  phases?: SealedPhases;
  /** Says how far long work is; absent where nobody listens. */
  progress?: (done: number, total: number | null, text: string) => void;
}

/** A check kind: the reader and the one function that touches the world. Observing decides nothing. */
export interface CheckKind extends CheckReader {
  observe(spec: JsonObject, context: ObserveContext): Promise<Observation>;
}

export type { JsonObject, JsonValue };
