import { decodeBase64, FormatError, openEnvelope, parseLogVerifier, sealEnvelope, statementType } from '@tminus/verify';
import type { JsonObject, JsonValue, LogKey } from '@tminus/verify';
import { z } from 'zod';

import { rehearsalPredicateType } from '../../../core/rehearsal/rehearsal-report.ts';
import type { RehearsalReport } from '../../../core/rehearsal/rehearsal-report.ts';
import { decodeText } from '../decode-text.ts';
import { isObject, parseJson, textOf } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';

const count = z.number().int().min(0);
const text = z.string().min(1);

const pass = z.looseObject({
  id: text,
  run: text,
  takesBack: z.boolean(),
  state: text,
  findings: z.array(z.string()),
  events: z.looseObject({ count, sha256: text }),
  log: z.array(z.looseObject({ kind: text, atMs: z.number() })).nullable(),
});

const control = z.looseObject({
  of: text,
  part: z.enum(['step', 'stop', 'return']),
  kind: text,
  outcome: z.enum(['pass', 'fail', 'unknown']),
});

const report = z.looseObject({
  format: z.literal('tminus/rehearsal/1'),
  id: text,
  launch: text,
  procedure: text,
  environment: text,
  planHash: text,
  candidates: z.record(z.string(), text),
  depth: z.enum(['quick', 'full']),
  beganAt: z.iso.datetime(),
  signedBy: text,
  planned: z.array(text),
  passes: z.array(pass),
  controls: z.array(control),
});

/**
 * Returns the file of a rehearsal: an in-toto Statement v1 about plan and candidates, in a DSSE envelope signed by the key of the store that rehearsed.
 * The report has to name that key.
 */
export function toReportFile(rehearsed: RehearsalReport, key: LogKey): string {
  const { planHash, candidates } = rehearsed;
  const subjects = Object.entries({ plan: planHash, ...candidates });
  const statement = {
    _type: statementType,
    subject: subjects.map(([name, sha256]) => ({ name, digest: { sha256 } })),
    predicateType: rehearsalPredicateType,
    predicate: rehearsed,
  };
  return `${sealEnvelope(statement, key)}\n`;
}

/** Returns the report in a file. Throws `Unreadable` where no signature of the key that it names holds, or a part of it is missing. */
export function openReportFile(bytes: Uint8Array): RehearsalReport {
  try {
    const { signedBy } = predicateOf(parseJson(decodeBase64(payloadOf(bytes), 'payload')));
    const statement = openEnvelope(decodeText(bytes).trimEnd(), parseLogVerifier(textOf(signedBy)), 'rehearsal');
    return readReport(predicateOf(statement as JsonValue));
  } catch (error) {
    if (error instanceof FormatError) throw new Unreadable('not_signed', error.message);
    throw error;
  }
}

/** What is read here is not believed yet: it only says by which key to look again. */
function payloadOf(bytes: Uint8Array): string {
  const envelope = parseJson(bytes);
  if (isObject(envelope) && typeof envelope['payload'] === 'string') return envelope['payload'];
  throw new Unreadable('not_signed', 'expected a DSSE envelope as "tminus rehearse" writes it, got something else');
}

function predicateOf(statement: JsonValue): JsonObject {
  const predicate = isObject(statement) ? statement['predicate'] : undefined;
  if (isObject(statement) && statement['predicateType'] === rehearsalPredicateType && isObject(predicate))
    return predicate;
  throw new Unreadable('malformed', `expected a statement of type ${rehearsalPredicateType}, got another`);
}

function readReport(predicate: JsonObject): RehearsalReport {
  const read = report.safeParse(predicate);
  if (read.success) return predicate as unknown as RehearsalReport;
  const [issue] = read.error.issues;
  throw new Unreadable('malformed', `${issue?.path.join('.') ?? 'report'}: ${issue?.message ?? 'expected a report'}`);
}
