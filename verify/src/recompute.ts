import type { JsonObject } from './json.ts';
import type { EvidenceRecord, Judgement, LogEntry, Trouble } from './record.ts';

/** What the documents of a bundle declare, read again. */
export type LaunchReading =
  | { ok: true; /** RFC 8785 form of the launch. */ launchJson: string; planHash: string }
  | { ok: false; problems: string[] };

/** What the bytes of an evidence record say when they are read and judged again. */
export interface Rejudgement {
  facts: JsonObject | null;
  trouble: Trouble | null;
  judgement: Judgement;
  control: Judgement;
}

/** An entry of the log with its place and its id, the SHA-256 of its RFC 8785 form. */
export interface LoggedEntry {
  index: number;
  id: string;
  entry: LogEntry;
}

/** All that a decision is a function of. */
export interface DecideRequest {
  /** RFC 8785 form of the launch, as the documents were read. */
  launchJson: string;
  candidateJson: string;
  planHash: string;
  gate: string;
  phase: string;
  /** The entries that the sealed decision was made from, in log order. */
  entries: readonly LoggedEntry[];
  /** The moment that freshness and expiry are judged at. */
  now: string;
}

/**
 * What lies above this package: how documents are read, bytes judged and gates decided.
 * A function that is null leaves its step `not-checked`, and the bundle is then not verified.
 */
export interface Recompute {
  readLaunch: ((documents: ReadonlyMap<string, Uint8Array>) => LaunchReading) | null;
  /**
   * `blob` gives the bytes of a source by digest, null for a digest that the record does not name.
   * Returns null for a kind of check that it does not know, which leaves the step `not-checked`.
   */
  rejudge: ((record: EvidenceRecord, blob: (sha256: string) => Uint8Array | null) => Rejudgement | null) | null;
  /** The decision in its RFC 8785 form. */
  decide: ((request: DecideRequest) => string) | null;
}

/** Recomputes nothing: for reading the log of a bundle alone. */
export const noRecompute: Recompute = { readLaunch: null, rejudge: null, decide: null };
