import type { Outcome, Source } from '@tminus/verify';

import type { Place } from '../launch/place.ts';

/**
 * Why a leaf of the decision stands as it does. Only `met` counts towards GO; `waived`, `condition` and `void` (a vote or a
 * waiver that does not count, shown with its reason) count neither for nor against.
 */
export type Standing =
  | 'met'
  | 'failed'
  | 'missing'
  | 'stale'
  | 'unreadable'
  | 'simulated'
  | 'cannot-fail'
  | 'waived'
  | 'open'
  | 'condition'
  | 'void';

/** The evidence that a leaf was decided on, down to the digests of its bytes. */
export interface EvidenceLink {
  id: string;
  observedAt: string;
  /** How long the observation took. */
  durationMs: number;
  sources: Source[];
  /** Newest first: evidence for the same criterion that this one replaced. */
  superseded: string[];
}

/** One node of the explanation. `outcome` of a branch follows from its children by `need`; a branch without children is unknown. */
export interface DecisionNode {
  id: string;
  kind:
    | 'gate'
    | 'criteria'
    | 'criterion'
    | 'expectation'
    | 'waiver'
    | 'scope'
    | 'scope-item'
    | 'risks'
    | 'risk'
    | 'dependencies'
    | 'dependency'
    | 'approvals'
    | 'approval'
    | 'conditions';
  title: string;
  outcome: Outcome;
  standing: Standing;
  need: 'all' | 'any' | number;
  expected: string;
  got: string;
  owner: string | null;
  at: Place | null;
  evidence: EvidenceLink | null;
  children: DecisionNode[];
}

/** One thing that somebody can do towards GO. */
export interface Action {
  /** Equal ids are one action, however many leaves it would turn. */
  id: string;
  verb:
    | 'run-check'
    | 'fix'
    | 'attest'
    | 'approve'
    | 'classify'
    | 'close-or-defer'
    | 'complete-deferral'
    | 'mitigate'
    | 'finish-dependency'
    | 'replace-check';
  subject: string;
  text: string;
  owner: string | null;
}

/** A criterion that may be met after the GO, and the phase that it blocks until then. */
export interface Condition {
  criterion: string;
  title: string;
  by: string;
  owner: string | null;
}

/** GO, GO with conditions or NO-GO, with every reason. Equal inputs give equal bytes, whatever their order. */
export interface Decision {
  format: 'tminus/decision/1';
  launch: string;
  gate: string;
  phase: string;
  planHash: string;
  candidateSha256: string;
  environment: string;
  /** RFC 3339, UTC: the `now` that freshness and expiry were judged at. */
  decidedAt: string;
  outcome: 'go' | 'go-with-conditions' | 'no-go';
  /** Digest of the ids of all evidence that the decision links to. */
  evidenceRoot: string;
  /** What an approval signs: everything shown but the votes themselves and the clock. */
  subjectSha256: string;
  tree: DecisionNode;
  conditions: Condition[];
  waivers: { criterion: string; reason: string; person: string; expiresAt: string }[];
  /** The smallest set of actions that turns a NO-GO into GO; empty on GO, null where no set of actions can. */
  shortestWay: Action[] | null;
}
