import type { JsonObject } from '@tminus/verify';

import type { SecretValue } from '../secret/secret-value.ts';
import type { Arm } from './rollout.ts';

/** What a router says of itself at one instant. */
export interface RouterReading {
  atMs: number;
  /** Percent of new requests, sessions or answers that go to the canary, as the router has it now. */
  weight: number;
  /** Requests that each arm has had, by the router's own counters; null where it counts none. */
  requests: { [arm in Arm]: number } | null;
  /** Whether the router sends requests to the arm at all; null where it does not know. */
  healthy: { [arm in Arm]: boolean | null };
  /** In the router's own words, for the evidence. */
  detail: string;
}

/** What a router can do besides splitting. */
export interface RouterAbilities {
  /** Whether a user who went to an arm stays there. */
  sticky: boolean;
  /** How many requests a change of weight may lose, in words; null where it loses none. */
  loss: string | null;
  /** Whether only 0 and 100 can be set. */
  flips: boolean;
  drains: boolean;
  counts: boolean;
}

/** A connection to a router. */
export interface RouterSession {
  abilities: RouterAbilities;
  /** Throws `RouterTrouble` where the router cannot be asked: that is never a weight. */
  read(): Promise<RouterReading>;
  /** Sets the weight of the canary in percent; the same weight twice is once. Returns when the router took it, not when traffic has moved. */
  set(weight: number): Promise<void>;
  /** Lets requests under way on an arm end and sends it no new ones; resolves when none is left. Throws where the router cannot. */
  drain(arm: Arm): Promise<void>;
  /** Puts back what was read before a rollout began. */
  restore(before: RouterReading): Promise<void>;
  close(): Promise<void>;
}

export interface RouterContext {
  signal: AbortSignal;
  /** Absolute path of the launch repository; files stay inside. */
  workspace: string;
  /** Private hosts that may be reached, `host` or `host:port`. */
  allow: readonly string[];
  /** Hosts that must not be touched: those of production, in a rehearsal. */
  forbidden: readonly string[];
  secret: SecretValue | null;
  now(): number;
}

/** What was asked of a router and could not be done; the message is for people. */
export class RouterTrouble extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A connector of a router: one folder, nothing else knows the system. */
export interface RouterKind {
  kind: string;
  /** One sentence for the reference page. */
  summary: string;
  /** What options may be written, for the reference page. */
  jsonSchema: JsonObject;
  /** Faults in the options as a document declares them; empty where none. Touches nothing. */
  faults(options: { readonly [key: string]: string }): { path: string; expected: string; got: string; hint: string }[];
  open(options: { readonly [key: string]: string }, context: RouterContext): Promise<RouterSession>;
}
