import { maxSignatureValue } from '@tminus/verify';
import type { Signed } from '@tminus/verify';
import { z } from 'zod';

import type { DrillAttestation } from '../../../core/rollback/drill-attestation.ts';
import { decodeText } from '../decode-text.ts';
import { isObject, parseJson } from '../parse-json.ts';
import { Unreadable } from '../unreadable.ts';

const word = z.string().min(1).max(200);
const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex');
/** A passkey names its site, and a domain has up to 253 characters. */
const mostKey = 400;

/** Everybody of the launch, and who of them may have watched. */
export const observersSchema = z.strictObject({
  asked: word,
  people: z
    .array(
      z.strictObject({
        id: word,
        key: z.string().max(mostKey).nullable(),
        human: word,
        automation: z.boolean(),
        may: z.boolean(),
      }),
    )
    .max(1000),
});

const signed = z.strictObject({
  format: z.literal('tminus/signed/1'),
  statement: z.strictObject({
    format: z.literal('tminus/drill-attestation/1'),
    launch: word,
    planHash: word,
    environment: word,
    procedure: word,
    drill: word,
    reportSha256: digest,
    person: word,
    comment: z.string().max(4_000),
    signedAt: z.string().max(40),
  }),
  signature: z.strictObject({
    person: word,
    key: z.string().max(mostKey),
    value: z.string().max(maxSignatureValue),
  }),
});

const mostBytes = 64 * 1024;

/** Whether a file says that it holds a person's word. One that is too large for that is taken for a report, which says what is wrong with it. */
export function isAttestationFile(bytes: Uint8Array): boolean {
  if (bytes.length > mostBytes) return false;
  try {
    const read: unknown = JSON.parse(decodeText(bytes));
    return typeof read === 'object' && read !== null && 'format' in read && read.format === 'tminus/signed/1';
  } catch {
    return false;
  }
}

/** Returns the signed word in a file; throws `Unreadable` where it is no such thing. Whether it counts is not asked here. */
export function openAttestationFile(bytes: Uint8Array): Signed<DrillAttestation> {
  const written = parseJson(bytes);
  const read = signed.safeParse(written);
  if (read.success && isObject(written)) return read.data;
  const [issue] = read.error?.issues ?? [];
  const where = issue?.path.join('.') ?? '';
  throw new Unreadable(
    'malformed',
    `expected the attestation of a drill, got ${issue?.message ?? 'none'} at ${where || 'its top'}`,
  );
}

/** Returns what a value is as a signed word, or null. */
export function toSignedAttestation(value: unknown): Signed<DrillAttestation> | null {
  return signed.safeParse(value).data ?? null;
}

/** Returns the file of a signed word. */
export function toAttestationFile(said: Signed<DrillAttestation>): string {
  return `${JSON.stringify(said, null, 2)}\n`;
}
