import type { Attestation, JsonObject } from '@tminus/verify';

import { ProductError } from '../../../core/error/product-error.ts';
import type { ErrorCode } from '../../../core/error/error-codes.ts';
import { findAttestationFault, findSigner } from './attestation-fault.ts';
import type { AttestationFault } from './attestation-fault.ts';
import { manualSchema } from './schema.ts';

/** What a person says, before it is signed. */
export interface AttestationInput {
  /** The complete spec, by `toManualSpec`. */
  spec: JsonObject;
  person: string;
  /** Null takes the role that is asked for, or the person's first one. */
  role: string | null;
  comment: string;
  proof: Attestation['proof'];
  /** RFC 3339, UTC, milliseconds. */
  signedAt: string;
}

/**
 * The statement that `signStatement` signs, ready to count. Whatever would make it not count is refused here, before anybody signs:
 * a person the launch does not know, an automation, the wrong role, a missing proof. Where a comment is the proof, the comment is it.
 */
export function buildAttestation({
  spec: written,
  person,
  role,
  comment,
  proof,
  signedAt,
}: AttestationInput): Attestation {
  const spec = manualSchema.parse(written);
  if (!spec.binding || spec.criterion === undefined)
    throw refuse({ code: 'not_resolved', message: 'the spec is not complete' });
  const said: Attestation['proof'] =
    spec.proof === 'comment' && proof === null ? { kind: 'comment', value: comment, sha256: null } : proof;
  const statement: Attestation = {
    format: 'tminus/attestation/1',
    ...spec.binding,
    criterion: spec.criterion,
    person,
    role: role ?? spec.role ?? findSigner(spec, person)?.roles[0] ?? '',
    comment,
    proof: said,
    signedAt,
  };
  const fault = findAttestationFault(spec, statement);
  if (fault) throw refuse(fault);
  return statement;
}

const hints: { [code in AttestationFault['code']]?: { code: ErrorCode; hint: string } } = {
  person_unknown: { code: 'person_unknown', hint: 'declare the person under people, or sign as one who is' },
  automation: { code: 'role_missing', hint: 'let a human with the role see for themselves and sign' },
  key_missing: { code: 'signature_invalid', hint: 'declare the public key of the person under people' },
  role_missing: { code: 'role_missing', hint: 'let somebody who holds the role sign' },
  proof_missing: { code: 'usage', hint: 'name the proof that the criterion asks for' },
};

function refuse({ code, message }: AttestationFault): ProductError {
  const known = hints[code] ?? { code: 'internal' as const, hint: 'fill the spec in with toManualSpec first' };
  return new ProductError(known.code, message, { hint: known.hint });
}
