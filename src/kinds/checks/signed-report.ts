import { decodeBase64, FormatError, openEnvelope, parseLogVerifier, sealEnvelope, statementType } from '@tminus/verify';
import type { JsonObject, JsonValue, LogKey } from '@tminus/verify';
import type { z } from 'zod';

import { decodeText } from './decode-text.ts';
import { isObject, parseJson, textOf } from './parse-json.ts';
import { Unreadable } from './unreadable.ts';

/** What a signed report is about: names with their SHA-256. */
export type ReportSubjects = readonly (readonly [name: string, sha256: string])[];

/** Returns the file of a report: an in-toto Statement v1 in a DSSE envelope, signed by the key of the store that made it. The report has to name that key in `signedBy`. */
export function sealReport(
  predicate: object,
  { predicateType, subjects, key }: { predicateType: string; subjects: ReportSubjects; key: LogKey },
): string {
  const subject = subjects.map(([name, sha256]) => ({ name, digest: { sha256 } }));
  return `${sealEnvelope({ _type: statementType, subject, predicateType, predicate }, key)}\n`;
}

/**
 * Returns the report in a file. `what` names it in messages, `command` is what writes it. Throws `Unreadable` where no signature of the key that it names holds, or
 * where it is of another type.
 */
export function openReport(
  bytes: Uint8Array,
  { predicateType, what, command }: { predicateType: string; what: string; command: string },
): JsonObject {
  try {
    const { signedBy } = predicateOf(parseJson(decodeBase64(payloadOf(bytes, command), 'payload')), predicateType);
    const statement = openEnvelope(decodeText(bytes).trimEnd(), parseLogVerifier(textOf(signedBy)), what);
    return predicateOf(statement as JsonValue, predicateType);
  } catch (error) {
    if (error instanceof FormatError) throw new Unreadable('not_signed', error.message);
    throw error;
  }
}

/** Returns the report where every part that its schema names is there; throws `Unreadable` with the first that is not. */
export function readPredicate(schema: z.ZodType, predicate: JsonObject): JsonObject {
  const read = schema.safeParse(predicate);
  if (read.success) return predicate;
  const [issue] = read.error.issues;
  throw new Unreadable('malformed', `${issue?.path.join('.') ?? 'report'}: ${issue?.message ?? 'expected a report'}`);
}

/** What is read here is not believed yet: it only says by which key to look again. */
function payloadOf(bytes: Uint8Array, command: string): string {
  const envelope = parseJson(bytes);
  if (isObject(envelope) && typeof envelope['payload'] === 'string') return envelope['payload'];
  throw new Unreadable('not_signed', `expected a DSSE envelope as "${command}" writes it, got something else`);
}

function predicateOf(statement: JsonValue, predicateType: string): JsonObject {
  const predicate = isObject(statement) ? statement['predicate'] : undefined;
  if (isObject(statement) && statement['predicateType'] === predicateType && isObject(predicate)) return predicate;
  throw new Unreadable('malformed', `expected a statement of type ${predicateType}, got another`);
}
