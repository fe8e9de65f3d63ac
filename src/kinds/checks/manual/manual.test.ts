import { generateKeyPairSync } from 'node:crypto';

import { formatPersonKey, signStatement } from '@tminus/verify';
import type { Attestation, JsonObject, Signed } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import { checkKindContract } from '../../../../tests/contract/check-kind.ts';
import type { CheckKind, ObservedSource } from '../../../core/check/check.ts';
import { judge } from '../../../core/check/judge.ts';
import { readExpectation } from '../../../core/check/read-expectation.ts';
import type { Person, ProofKind, Role } from '../../../core/launch/launch.ts';
import { buildAttestation } from './build-attestation.ts';
import type { AttestationInput } from './build-attestation.ts';
import { manualKind } from './kind.ts';
import { manualReader, toAttestationSource } from './reader.ts';
import { toManualSpec } from './to-manual-spec.ts';

const at = { file: 'launch.md', line: 1, column: 1 };
const keys = new Map(['carol', 'alice', 'ci'].map((id) => [id, generateKeyPairSync('ed25519')]));
const pem = (id: string): string => keys.get(id)!.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

function person(id: string, more: Partial<Person> = {}): Person {
  const pair = keys.get(id);
  return {
    id,
    name: id,
    human: id,
    automation: false,
    key: pair ? formatPersonKey(pair.publicKey) : null,
    at,
    ...more,
  };
}

const roles: Role[] = [
  { id: 'operator', people: ['carol', 'ci', 'dave'], at },
  { id: 'lead', people: ['alice'], at },
];
const people = [person('carol'), person('alice'), person('ci', { automation: true }), person('dave')];
const binding = {
  launch: 'shop',
  planHash: 'a'.repeat(64),
  candidateSha256: 'b'.repeat(64),
  environment: 'production',
};

function specOf(
  more: { proof?: ProofKind | null; role?: string | null; criterion?: string; binding?: object } = {},
): JsonObject {
  const criterion = {
    id: more.criterion ?? 'day',
    role: more.role === undefined ? 'operator' : more.role,
    proof: more.proof ?? null,
    check: null,
  };
  return toManualSpec({
    launch: { people, roles },
    criterion,
    binding: { ...binding, ...more.binding },
  });
}

function say(spec: JsonObject, more: Partial<AttestationInput> = {}): Attestation {
  return buildAttestation({
    spec,
    person: 'carol',
    role: null,
    comment: 'a day was run',
    proof: null,
    signedAt: '2026-12-05T14:00:00.000Z',
    ...more,
  });
}

function judged(spec: JsonObject, sources: ObservedSource[]): [string, unknown] {
  const reading = manualReader.parse(spec, sources);
  const expectations = manualReader.defaultExpectations(spec).map((text) => {
    const read = readExpectation(text);
    if (!read.ok) throw new Error(text);
    return read.expectation;
  });
  const facts = reading.state === 'readable' ? reading.facts['signature'] : reading.trouble.code;
  return [judge(expectations, reading).outcome, facts];
}

/** The kind as it stands once somebody signed: the sources arrive from a person instead of from `observe`. */
function attested(sign: (spec: JsonObject) => ObservedSource[]): CheckKind {
  return { ...manualKind, observe: (spec) => Promise.resolve({ sources: sign(spec), trouble: null }) };
}

/** Answers by the question, so that the contract's cases reach it through the written spec. */
function signedBy(spec: JsonObject): ObservedSource[] {
  const statement = say(spec, spec['question'] === 'huge' ? { comment: 'x'.repeat(100_000) } : {});
  const source = toAttestationSource(
    signStatement(statement, 'carol', pem(spec['question'] === 'refusal' ? 'alice' : 'carol')),
  );
  return [spec['question'] === 'garbage' ? { ...source, bytes: Buffer.from('yes, it works') } : source];
}

checkKindContract({
  kind: attested(signedBy),
  success: () => ({ written: specOf({ proof: 'comment' }) }),
  refusal: () => ({ written: { ...specOf(), question: 'refusal' } }),
  slow: { none: 'a person is not waited for' },
  garbage: () => ({ written: { ...specOf(), question: 'garbage' } }),
  huge: () => ({ written: { ...specOf(), question: 'huge' } }),
  misspelt: { written: { rolle: 'operator' }, wrong: 'rolle', meant: 'role' },
  stricter: [
    ...['url', 'file', 'artifact', 'external-status', null].map((proof) => ({ proof })),
    ...['operator', 'lead', null].map((role) => ({ role })),
  ],
});

function signed(more: Parameters<typeof specOf>[0] = {}): Signed<Attestation> {
  return signStatement(say(specOf(more)), 'carol', pem('carol'));
}

describe('manual', () => {
  it('D04 passes with the signature of a declared human who holds the role', () => {
    expect(judged(specOf(), [toAttestationSource(signed())])).toEqual(['pass', 'valid']);
  });

  it('D04 observes nothing, and says who may sign', async () => {
    const spec = specOf();
    const context = { signal: AbortSignal.timeout(100_000), workspace: '/', allow: [], now: () => 0 };
    expect((await manualKind.observe(spec, context)).trouble).toEqual({
      code: 'not_attested',
      message: 'expected the signature of a person with the role operator, got none; it may come from carol, dave',
    });
  });

  it('D04 refuses an automation with the role, even where its key and signature are right', () => {
    expect(() => say(specOf(), { person: 'ci' })).toThrow(expect.objectContaining({ code: 'role_missing' }) as Error);
    const statement: Attestation = { ...say(specOf()), person: 'ci' };
    expect(judged(specOf(), [toAttestationSource(signStatement(statement, 'ci', pem('ci')))])).toEqual([
      'unknown',
      'automation',
    ]);
  });

  it('D04 refuses a human without the role, also one who claims it', () => {
    expect(() => say(specOf(), { person: 'alice' })).toThrow(
      expect.objectContaining({ code: 'role_missing' }) as Error,
    );
    for (const role of ['operator', 'lead']) {
      const statement: Attestation = { ...say(specOf()), person: 'alice', role };
      expect(judged(specOf(), [toAttestationSource(signStatement(statement, 'alice', pem('alice')))])).toEqual([
        'unknown',
        'role_missing',
      ]);
    }
  });

  it('refuses the right name under the key of somebody else', () => {
    const forged = signStatement(say(specOf()), 'carol', pem('alice'));
    expect(judged(specOf(), [toAttestationSource(forged)])).toEqual(['fail', 'invalid']);
    const claimed = { ...forged, signature: { ...forged.signature, key: people[0]!.key! } };
    expect(judged(specOf(), [toAttestationSource(claimed)])).toEqual(['fail', 'invalid']);
  });

  it('refuses a comment that was edited after it was signed, and shows nothing of it', () => {
    const edited = { ...signed(), statement: { ...signed().statement, comment: 'all of it works' } };
    const reading = manualReader.parse(specOf(), [toAttestationSource(edited)]);
    expect(reading.state === 'readable' && Object.keys(reading.facts)).toEqual(['signature', 'reason']);
  });

  it.each([
    ['other_candidate', { binding: { candidateSha256: 'c'.repeat(64) } }],
    ['other_plan', { binding: { planHash: 'c'.repeat(64) } }],
    ['other_environment', { binding: { environment: 'staging' } }],
    ['other_launch', { binding: { launch: 'other' } }],
    ['other_criterion', { criterion: 'night' }],
  ])('D17 a word for one thing does not count for another: %s', (code, more) => {
    expect(judged(specOf(more), [toAttestationSource(signed())])).toEqual(['unknown', code]);
  });

  it.each<[ProofKind, Attestation['proof']]>([
    ['url', null],
    ['url', { kind: 'comment', value: 'seen', sha256: null }],
    ['url', { kind: 'url', value: 'javascript:alert(1)', sha256: null }],
    ['file', { kind: 'file', value: 'drill.log', sha256: null }],
    ['artifact', null],
    ['external-status', { kind: 'external-status', value: ' ', sha256: null }],
  ])('D17 complete without proof is refused for %s with %j', (proof, given) => {
    const spec = specOf({ proof });
    expect(() => say(spec, { proof: given })).toThrow(/the proof: expected/);
    const statement: Attestation = { ...say(specOf()), proof: given };
    expect(judged(spec, [toAttestationSource(signStatement(statement, 'carol', pem('carol')))])).toEqual([
      'unknown',
      'proof_missing',
    ]);
  });

  it.each<[ProofKind, Attestation['proof']]>([
    ['url', { kind: 'url', value: 'https://shop.example/post/1', sha256: null }],
    ['file', { kind: 'file', value: 'drill.log', sha256: 'd'.repeat(64) }],
    ['external-status', { kind: 'external-status', value: 'OPS-12 done', sha256: null }],
    ['comment', null],
  ])('D17 takes the proof that was asked for: %s', (proof, given) => {
    const spec = specOf({ proof });
    expect(
      judged(spec, [toAttestationSource(signStatement(say(spec, { proof: given }), 'carol', pem('carol')))]),
    ).toEqual(['pass', 'valid']);
  });

  it('refuses a person who is not declared, one without a key, and an empty comment as proof', () => {
    expect(() => say(specOf(), { person: 'mallory' })).toThrow(
      expect.objectContaining({ code: 'person_unknown' }) as Error,
    );
    expect(() => say(specOf(), { person: 'dave' })).toThrow(
      expect.objectContaining({ code: 'signature_invalid' }) as Error,
    );
    expect(() => say(specOf({ proof: 'comment' }), { comment: ' ' })).toThrow(
      expect.objectContaining({ code: 'usage' }) as Error,
    );
  });

  it('reads nothing with a spec as it was written, before the launch filled it in', () => {
    const read = manualReader.readSpec({ role: 'operator' });
    expect(judged(read.ok ? read.spec : {}, [toAttestationSource(signed())])).toEqual(['unknown', 'not_resolved']);
  });

  it('is negative: any changed byte of a signed attestation stops it from passing', () => {
    const spec = specOf({ proof: 'comment' });
    const source = toAttestationSource(signStatement(say(spec), 'carol', pem('carol')));
    expect(judged(spec, [source])[0]).toBe('pass');
    const passing: number[] = [];
    for (let index = 0; index < source.bytes.length; index += 1) {
      const bytes = Uint8Array.from(source.bytes);
      bytes[index]! ^= 1;
      if (judged(spec, [{ ...source, bytes }])[0] === 'pass') passing.push(index);
    }
    expect(passing).toEqual([]);
  });
});
