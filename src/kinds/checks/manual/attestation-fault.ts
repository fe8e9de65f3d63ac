import { verifySigned } from '@tminus/verify';
import type { Attestation, Signed } from '@tminus/verify';

import type { ManualPerson, ManualSpec } from './schema.ts';

/** Why a person's word does not count for what was asked. */
export interface AttestationFault {
  code:
    | 'not_resolved'
    | 'other_criterion'
    | 'other_launch'
    | 'other_plan'
    | 'other_candidate'
    | 'other_environment'
    | 'person_unknown'
    | 'automation'
    | 'key_missing'
    | 'role_missing'
    | 'proof_missing';
  message: string;
}

/** The first thing that keeps a statement from being an answer to what was asked, its signature left aside; null where nothing does. */
export function findAttestationFault(spec: ManualSpec, statement: Attestation): AttestationFault | null {
  return boundFault(spec, statement) ?? personFault(spec, statement) ?? proofFault(spec, statement);
}

/** The declared person of an id; null where there is none, or more than one. */
export function findSigner(spec: ManualSpec, id: string): ManualPerson | null {
  const found = (spec.people ?? []).filter((person) => person.id === id);
  return found.length === 1 ? found[0]! : null;
}

/** Why the signature is not that of the declared key over exactly this statement, or null. */
export function findSignatureFault(signed: Signed<Attestation>, key: string): string | null {
  try {
    verifySigned(signed, key);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'the signature cannot be read';
  }
}

function boundFault(spec: ManualSpec, statement: Attestation): AttestationFault | null {
  const { binding, criterion } = spec;
  if (!binding || criterion === undefined || !spec.people) {
    return {
      code: 'not_resolved',
      message: 'expected criterion, binding and people in the spec, got a spec as it was written',
    };
  }
  const pairs = [
    ['other_criterion', criterion, statement.criterion],
    ['other_launch', binding.launch, statement.launch],
    ['other_candidate', binding.candidateSha256, statement.candidateSha256],
    ['other_environment', binding.environment, statement.environment],
    ['other_plan', binding.planHash, statement.planHash],
  ] as const;
  const wrong = pairs.find(([, wanted, got]) => wanted !== got);
  return wrong
    ? { code: wrong[0], message: `the attestation: expected one for ${wrong[1]}, got one for ${wrong[2]}` }
    : null;
}

function personFault(spec: ManualSpec, { person, role }: Attestation): AttestationFault | null {
  const signer = findSigner(spec, person);
  if (!signer)
    return { code: 'person_unknown', message: `${person}: expected a person of the launch, got none of that name` };
  if (signer.automation) return { code: 'automation', message: `${person}: expected a human, got an automation` };
  if (signer.key === null) return { code: 'key_missing', message: `${person}: expected a declared key, got none` };
  const wanted = spec.role ?? role;
  if (role !== wanted) return { code: 'role_missing', message: `${person}: expected the role ${wanted}, got ${role}` };
  if (spec.role !== null || role !== '') {
    if (!signer.roles.includes(wanted)) {
      return {
        code: 'role_missing',
        message: `${person}: expected somebody with the role ${wanted}, got ${signer.roles.join(', ') || 'no role'}`,
      };
    }
  }
  return null;
}

/** What is wanted of each kind of proof: something that another person can follow, or bytes that can be held against a digest. */
function proofFault(spec: ManualSpec, { proof, comment }: Attestation): AttestationFault | null {
  if (spec.proof === null) return null;
  if (!proof) return missing(`one of kind ${spec.proof}`, 'none');
  if (proof.kind !== spec.proof) return missing(`one of kind ${spec.proof}`, `one of kind ${proof.kind}`);
  if (proof.value.trim() === '') return missing('a value', 'an empty one');
  if (proof.kind === 'url' && !/^https?:$/.test(URL.parse(proof.value)?.protocol ?? ''))
    return missing('an http or https url', proof.value);
  if ((proof.kind === 'file' || proof.kind === 'artifact') && proof.sha256 === null)
    return missing('the SHA-256 of the file', 'none');
  if (proof.kind === 'comment' && comment.trim() === '') return missing('a comment', 'an empty one');
  return null;
}

function missing(expected: string, got: string): AttestationFault {
  return { code: 'proof_missing', message: `the proof: expected ${expected}, got ${got}` };
}
