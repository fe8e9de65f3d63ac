import { FormatError, quoteShort } from './format-error.ts';
import type { JsonObject } from './json.ts';
import type {
  ActionVote,
  Approval,
  Attestation,
  EvidenceRecord,
  Finding,
  Judgement,
  LogEntry,
  SealedDecision,
  Signature,
  Signed,
  Source,
  StepConfirmation,
  Trouble,
  Waiver,
} from './record.ts';
import { isSha256 } from './sha256.ts';

/** A test of one value; a fault names the place inside the record, empty for the value itself. */
type Test = (value: unknown) => string | null;
/** One test for each field of a type: a new field in the type without a test here does not compile. */
type Shape<T> = { [Field in keyof T]-?: Test };

const utcInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const text: Test = (value) => (typeof value === 'string' ? null : '');
const digest: Test = (value) => (isSha256(value) ? null : '');
const count: Test = (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? null : '');
const object: Test = (value) => (isObject(value) ? null : '');
const amount: Test = (value) => (typeof value === 'number' && value >= 0 ? null : '');
/** RFC 3339 in UTC with milliseconds, as the machine writes it, and a moment that exists. */
const instant: Test = (value) =>
  typeof value === 'string' && utcInstant.test(value) && toInstant(value) === value ? null : '';
/** RFC 3339 with any offset, as a person may have given it. */
const givenInstant: Test = (value) =>
  typeof value === 'string' && rfc3339.test(value) && toInstant(value) !== null ? null : '';
const oneOf =
  (...words: string[]): Test =>
  (value) =>
    typeof value === 'string' && words.includes(value) ? null : '';
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null ? null : test(value);

function listOf(test: Test): Test {
  return (value) => {
    if (!Array.isArray(value)) return '';
    for (const [index, item] of value.entries()) {
      const fault = test(item);
      if (fault !== null) return `[${index}]${fault}`;
    }
    return null;
  };
}

/** Exactly these fields: one that is missing, and one that nobody would look at, are both refused. */
function record<T>(shape: Shape<T>): Test {
  const fields = Object.entries<Test>(shape);
  return (value) => {
    if (!isObject(value)) return '';
    for (const [name, test] of fields) {
      const fault = Object.hasOwn(value, name) ? test(value[name]) : '';
      if (fault !== null) return `.${name}${fault}`;
    }
    const extra = Object.keys(value).find((name) => !Object.hasOwn(shape, name));
    return extra === undefined ? null : `.${extra}`;
  };
}

const binding = { launch: text, planHash: text, candidateSha256: digest, environment: text };
const finding = record<Finding>({
  rule: text,
  outcome: oneOf('pass', 'fail', 'unknown'),
  expected: text,
  got: text,
});
const judgement = record<Judgement>({ outcome: oneOf('pass', 'fail', 'unknown'), findings: listOf(finding) });
const trouble = record<Trouble>({ code: text, message: text });
const byCheck = record<{ kind: 'check'; tool: string }>({ kind: oneOf('check'), tool: text });
const byPerson = record<{ kind: 'person'; person: string }>({ kind: oneOf('person'), person: text });

const evidence = record<EvidenceRecord>({
  ...binding,
  format: oneOf('tminus/evidence/1'),
  criterion: text,
  check: record<EvidenceRecord['check']>({ kind: text, sha256: digest }),
  spec: object,
  expectations: listOf(text),
  mode: oneOf('real', 'simulated'),
  observedAt: instant,
  durationMs: amount,
  producer: (value) => (isObject(value) && value['kind'] === 'person' ? byPerson(value) : byCheck(value)),
  sources: listOf(record<Source>({ name: text, mediaType: text, sha256: digest, size: count })),
  trouble: orNull(trouble),
  facts: orNull(object),
  judgement,
  control: judgement,
  supersedes: orNull(digest),
});

const waiver = record<Waiver>({
  ...binding,
  format: oneOf('tminus/waiver/1'),
  criterion: text,
  reason: text,
  person: text,
  role: text,
  requestedBy: text,
  signedAt: givenInstant,
  expiresAt: givenInstant,
});

const approval = record<Approval>({
  ...binding,
  format: oneOf('tminus/approval/1'),
  gate: text,
  subjectSha256: digest,
  vote: oneOf('go', 'no-go'),
  person: text,
  role: text,
  comment: text,
  signedAt: givenInstant,
});

const actionVote = record<ActionVote>({
  ...binding,
  format: oneOf('tminus/action-vote/1'),
  request: text,
  requestSha256: digest,
  dryRunSha256: digest,
  vote: oneOf('go', 'no-go'),
  person: text,
  role: text,
  authMethod: text,
  principal: text,
  sourceIp: orNull(text),
  reason: text,
  signedAt: givenInstant,
  expiresAt: givenInstant,
});

const stepConfirmation = record<StepConfirmation>({
  ...binding,
  format: oneOf('tminus/step-confirmation/1'),
  run: text,
  step: text,
  attempt: count,
  round: count,
  proof: text,
  person: text,
  role: text,
  comment: text,
  signedAt: givenInstant,
});

const attestation = record<Attestation>({
  ...binding,
  format: oneOf('tminus/attestation/1'),
  criterion: text,
  person: text,
  role: text,
  comment: text,
  proof: orNull(
    record<NonNullable<Attestation['proof']>>({
      kind: oneOf('url', 'file', 'artifact', 'comment', 'external-status'),
      value: text,
      sha256: orNull(digest),
    }),
  ),
  signedAt: givenInstant,
});

const signature = record<Signature>({ person: text, key: text, value: text });
const signedBy = (statement: Test): Test =>
  record<Signed<unknown>>({ format: oneOf('tminus/signed/1'), statement, signature });
/** What a person may sign into the log. A statement of no known format is told as a waiver that is none. */
const statements = new Map<unknown, Test>([
  ['tminus/approval/1', approval],
  ['tminus/action-vote/1', actionVote],
  ['tminus/step-confirmation/1', stepConfirmation],
]);
const signedEntry = signedBy((value) => (statements.get(isObject(value) && value['format']) ?? waiver)(value));
const signedAttestation = signedBy(attestation);

const sealedDecision = record<SealedDecision>({
  ...binding,
  format: oneOf('tminus/sealed-decision/1'),
  gate: text,
  phase: text,
  decidedAt: instant,
  outcome: oneOf('go', 'go-with-conditions', 'no-go'),
  sha256: digest,
  logSize: count,
});

const byFormat: { [format: string]: Test } = {
  'tminus/evidence/1': evidence,
  'tminus/signed/1': signedEntry,
  'tminus/sealed-decision/1': sealedDecision,
};

/** Returns only when a value has one of the formats that may stand in the log, with every field of it and no other. */
export function assertLogEntry(value: unknown, where: string): asserts value is LogEntry {
  const format = isObject(value) ? value['format'] : undefined;
  const test = typeof format === 'string' && Object.hasOwn(byFormat, format) ? byFormat[format] : undefined;
  if (test === undefined) {
    const got = typeof format === 'string' ? quoteShort(format) : 'none';
    throw new FormatError({ where: `${where}.format`, expected: Object.keys(byFormat).join(' or '), got });
  }
  assertShape(test, value, where);
}

/** Returns only when a value is the signed word of a person that a criterion holds. */
export function assertAttestation(value: unknown, where: string): asserts value is Signed<Attestation> {
  assertShape(signedAttestation, value, where);
}

function assertShape(test: Test, value: unknown, where: string): void {
  const fault = test(value);
  if (fault !== null) {
    const got = 'one that is missing, unknown or of another form';
    throw new FormatError({ where: `${where}${fault}`, expected: 'a field as the format has it', got });
  }
}

function toInstant(value: string): string | null {
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
