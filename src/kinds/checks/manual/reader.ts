import type { Attestation, JsonObject, Signed } from '@tminus/verify';

import type { CheckReader, ObservedSource, Reading } from '../../../core/check/check.ts';
import { refuseFence } from '../no-fence.ts';
import { parseJson } from '../parse-json.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { toReading, Unreadable } from '../unreadable.ts';
import { findAttestationFault, findSignatureFault, findSigner } from './attestation-fault.ts';
import { manualSchema, signedAttestationSchema } from './schema.ts';

/** Name of the only source of a `manual` check. */
const attestationName = 'attestation.json';

const mostBytes = 64 * 1024;
const zeros = '0'.repeat(64);

/** The pure half of the `manual` check. */
export const manualReader: CheckReader = {
  kind: 'manual',
  summary: 'Takes the signed word of a person with the role, bound to this candidate and this plan.',
  jsonSchema: toJsonSchema(manualSchema),
  readSpec: (written) => readSchema(manualSchema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations({ role, proof }) {
    const expectations = ['signature == valid', 'automation == false'];
    if (typeof role === 'string') expectations.push(`role == ${JSON.stringify(role)}`);
    if (typeof proof === 'string') expectations.push(`proof.kind == ${proof}`);
    return expectations;
  },
  parse: parseAttestation,
  negativeControl: toControl,
};

/**
 * Facts of a person's word: `signature`, `person`, `human`, `role`, `automation`, `comment`, `proof`, `signedAt`. A signature that does
 * not hold leaves `signature` invalid and nothing else: what was said without it is nobody's word, and no expectation may rest on it.
 */
function parseAttestation(written: JsonObject, sources: readonly ObservedSource[]): Reading {
  return toReading(() => {
    const spec = manualSchema.parse(written);
    const signed = readSigned(sources);
    const { statement } = signed;
    const fault = findAttestationFault(spec, statement);
    if (fault) throw new Unreadable(fault.code, fault.message);
    const signer = findSigner(spec, statement.person)!;
    const broken = findSignatureFault(signed, signer.key ?? '');
    if (broken !== null) return { signature: 'invalid', reason: broken };
    const { person, role, comment, proof, signedAt } = statement;
    return {
      signature: 'valid',
      person,
      human: signer.human,
      role,
      automation: false,
      comment,
      proof: proof && { ...proof },
      signedAt,
    };
  });
}

function readSigned(sources: readonly ObservedSource[]): Signed<Attestation> {
  const [source] = sources;
  if (!source || sources.length !== 1 || source.name !== attestationName) {
    throw new Unreadable('not_attested', `expected the source ${attestationName}, got none`);
  }
  if (source.bytes.length > mostBytes) {
    throw new Unreadable(
      'too_large',
      `expected an attestation of at most ${mostBytes} bytes, got ${source.bytes.length}`,
    );
  }
  const read = signedAttestationSchema.safeParse(parseJson(source.bytes));
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new Unreadable(
    'malformed',
    `expected a signed attestation, got ${issue?.message} at ${issue?.path.join('.') || 'its top'}`,
  );
}

/** The word of somebody who may give it, under a signature that does not hold. */
function toControl(written: JsonObject): ObservedSource[] {
  const { role, proof, criterion = '', binding, people = [] } = manualSchema.parse(written);
  const signer = people.find(
    (each) => !each.automation && each.key !== null && (role === null || each.roles.includes(role)),
  );
  const person = signer?.id ?? 'nobody';
  const value = proof === 'url' ? 'https://proof.example/' : 'proof';
  const statement: Attestation = {
    format: 'tminus/attestation/1',
    ...(binding ?? { launch: '', planHash: zeros, candidateSha256: zeros, environment: '' }),
    criterion,
    person,
    role: role ?? signer?.roles[0] ?? '',
    comment: 'seen',
    proof: proof === null ? null : { kind: proof, value, sha256: zeros },
    signedAt: '2026-01-01T00:00:00.000Z',
  };
  const signature = { person, key: signer?.key ?? '', value: Buffer.alloc(64).toString('base64') };
  return [toAttestationSource({ format: 'tminus/signed/1', statement, signature })];
}

/** The source that carries a person's signed word. */
export function toAttestationSource(signed: Signed<Attestation>): ObservedSource {
  return {
    name: attestationName,
    mediaType: 'application/json',
    bytes: new TextEncoder().encode(JSON.stringify(signed)),
  };
}
