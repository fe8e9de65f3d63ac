import type { JsonObject } from './json.ts';

/** How an expectation, a check or a gate came out. Anything that was not seen to hold is `unknown`, never `pass`. */
export type Outcome = 'pass' | 'fail' | 'unknown';

/** One piece of raw input that a check saw. The bytes are stored by digest; claims can be parsed from them again. */
export interface Source {
  name: string;
  mediaType: string;
  /** Lower-case hex, 64 characters. */
  sha256: string;
  /** Bytes. */
  size: number;
}

/** Why nothing could be observed or read. `code` is for machines, `message` for people. */
export interface Trouble {
  code: string;
  message: string;
}

/** One expectation held against the facts: the rule as written, what it wanted and what was there. */
export interface Finding {
  rule: string;
  outcome: Outcome;
  expected: string;
  got: string;
}

/** The verdict over all expectations of one check. No findings at all is `unknown`. */
export interface Judgement {
  outcome: Outcome;
  findings: Finding[];
}

/** Who or what produced a record. */
export type Producer = { kind: 'check'; tool: string } | { kind: 'person'; person: string };

/** Fields that bind a record to what it speaks about; change one and the record is stale. */
export interface Binding {
  launch: string;
  planHash: string;
  candidateSha256: string;
  environment: string;
}

/** What one check saw, once, and how it was judged. Its id is the SHA-256 of its RFC 8785 form. */
export interface EvidenceRecord extends Binding {
  format: 'tminus/evidence/1';
  criterion: string;
  /** `sha256` is the digest of the check as declared (kind, spec before templates, expectations). */
  check: { kind: string; sha256: string };
  /** The check with templates resolved, as it was really asked. */
  spec: JsonObject;
  expectations: string[];
  mode: 'real' | 'simulated';
  /** RFC 3339, UTC, milliseconds; the end of the observation by the database's clock. */
  observedAt: string;
  durationMs: number;
  producer: Producer;
  sources: Source[];
  /** Set where the sources could not be had or read; facts are null then. */
  trouble: Trouble | null;
  facts: JsonObject | null;
  judgement: Judgement;
  /** The same expectations judged on the kind's negative control. `pass` here means that the check cannot fail, no findings that the control could not be read. */
  control: Judgement;
  /** Id of the evidence for the same criterion that this one replaces; the old record stays in the log. */
  supersedes: string | null;
}

/** A person's signature over the RFC 8785 form of the statement it stands beside: by a key file, or by a passkey. */
export interface Signature {
  person: string;
  /** As declared: `ed25519:BASE64`, or `webauthn-es256:RPID:BASE64` or `webauthn-ed25519:RPID:BASE64` of a passkey. */
  key: string;
  /** base64: the 64 bytes of Ed25519, or the RFC 8785 form of what the authenticator answered (`PasskeyAssertion`). */
  value: string;
}

/** A person's word that a `[HUMAN]` criterion holds; it is the source of evidence of kind `manual`. */
export interface Attestation extends Binding {
  format: 'tminus/attestation/1';
  criterion: string;
  person: string;
  role: string;
  comment: string;
  proof: {
    kind: 'url' | 'file' | 'artifact' | 'comment' | 'external-status';
    value: string;
    sha256: string | null;
  } | null;
  signedAt: string;
}

/** A criterion set aside for a time. It is shown in every decision; it never turns an outcome into `pass`. */
export interface Waiver extends Binding {
  format: 'tminus/waiver/1';
  criterion: string;
  reason: string;
  person: string;
  role: string;
  requestedBy: string;
  signedAt: string;
  expiresAt: string;
}

/** A go / no-go vote: a signature over the digest of what was shown. */
export interface Approval extends Binding {
  format: 'tminus/approval/1';
  gate: string;
  /** `subjectSha256` of the decision that was shown. */
  subjectSha256: string;
  vote: 'go' | 'no-go';
  person: string;
  role: string;
  comment: string;
  signedAt: string;
}

/** A vote on a request to do something: a signature over the digest of everything that was shown. */
export interface ActionVote extends Binding {
  format: 'tminus/action-vote/1';
  request: string;
  requestSha256: string;
  /** Digest of the effects that the dry run listed. */
  dryRunSha256: string;
  vote: 'go' | 'no-go';
  person: string;
  /** Access role: `approver`, `lead`. */
  role: string;
  /** How the server knew who it was: `passkey`, `signing-key`, `api-token`, `chat` ... */
  authMethod: string;
  /** The identity that the method proved, such as a key id or a subject. */
  principal: string;
  sourceIp: string | null;
  reason: string;
  signedAt: string;
  expiresAt: string;
}

/** A person's word that they did a step of a run that waited for them; it decides no gate. */
export interface StepConfirmation extends Binding {
  format: 'tminus/step-confirmation/1';
  run: string;
  step: string;
  /** Start of the step that is closed by it, counted from 1, and how often the count was taken back over it. */
  attempt: number;
  round: number;
  /** The proof in the words that stay with the step; empty where the document asks for none. */
  proof: string;
  person: string;
  role: string;
  comment: string;
  signedAt: string;
}

/** A statement of a person as it stands in the log. */
export interface Signed<Statement> {
  format: 'tminus/signed/1';
  statement: Statement;
  signature: Signature;
}

/** A decision as it was shown, sealed; `sha256` is of its RFC 8785 form. */
export interface SealedDecision extends Binding {
  format: 'tminus/sealed-decision/1';
  gate: string;
  phase: string;
  decidedAt: string;
  outcome: 'go' | 'go-with-conditions' | 'no-go';
  sha256: string;
  /** Entries of the log that the decision was made from: the first `logSize` of them. */
  logSize: number;
}

/** Everything that may stand in the evidence log, one RFC 8785 document per entry. */
export type LogEntry =
  | EvidenceRecord
  | Signed<Waiver>
  | Signed<Approval>
  | Signed<ActionVote>
  | Signed<StepConfirmation>
  | SealedDecision;
