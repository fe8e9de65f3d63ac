/** Steps in the order in which they are done; the ids are stable and for machines. */
export const stepTitles = {
  files: 'every listed file is there, none besides, no byte changed',
  key: 'the log key is the one that was pinned',
  checkpoint: 'the tree head is signed by the log key',
  entries: 'every entry is canonical, complete and the one that was logged',
  root: 'the entries have the root that was signed',
  foreign: 'the log continues the checkpoints kept elsewhere',
  blobs: 'every source is there with its digest and size',
  launch: 'the documents declare this launch and this plan',
  people: 'every signature of a person holds',
  evidence: 'every evidence record says what its bytes say',
  candidate: 'the decision is about this candidate',
  decision: 'the decision is sealed in the log and comes out the same, byte for byte',
  statement: 'the signed statement says the same',
} as const;

export type StepId = keyof typeof stepTitles;

export interface VerifyStep {
  id: StepId;
  title: string;
  state: 'ok' | 'failed' | 'not-checked';
  detail: string;
  /** True where the bundle counts as verified only if this step is `ok`; false for what only an outside word can tell. */
  needed: boolean;
}

export type FaultCode =
  | 'bundle_unreadable'
  | 'limit_exceeded'
  | 'name_refused'
  | 'index_invalid'
  | 'file_missing'
  | 'file_extra'
  | 'file_changed'
  | 'key_invalid'
  | 'key_mismatch'
  | 'checkpoint_invalid'
  | 'entry_invalid'
  | 'entry_changed'
  | 'entry_missing'
  | 'entry_extra'
  | 'root_mismatch'
  | 'tail_cut'
  | 'history_rewritten'
  | 'blob_missing'
  | 'blob_extra'
  | 'blob_changed'
  | 'launch_mismatch'
  | 'signature_invalid'
  | 'evidence_mismatch'
  | 'candidate_mismatch'
  | 'decision_unsealed'
  | 'decision_mismatch'
  | 'statement_mismatch';

/** The first thing that does not hold. */
export interface VerifyFault {
  code: FaultCode;
  /** File, and entry (counted from 0) or place in it. */
  where: string;
  expected: string;
  got: string;
  hint: string;
}

/** What a verified bundle shows, for the reader's eyes; null until the decision was read. */
export interface VerifiedDecision {
  launch: string;
  gate: string;
  phase: string;
  outcome: string;
  decidedAt: string;
  candidateSha256: string;
  environment: string;
}

export interface VerifyReport {
  format: 'tminus/verify-report/1';
  /** True only where no step failed and every needed step was done. */
  ok: boolean;
  verdict: 'verified' | 'incomplete' | 'does-not-hold';
  decision: VerifiedDecision | null;
  steps: VerifyStep[];
  /** What a careful reader should know although nothing failed: trusted on first use, nothing kept outside. */
  cautions: string[];
  firstFault: VerifyFault | null;
}
