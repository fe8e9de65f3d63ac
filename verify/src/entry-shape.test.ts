import { describe, expect, it } from 'vitest';

import { assertAttestation, assertLogEntry } from './entry-shape.ts';
import { signStatement } from './person-signature.ts';
import type { Attestation, EvidenceRecord, LogEntry, Waiver } from './record.ts';
import { alicePem, appendDecision, appendEvidence, bindingOf, minute, newSampleLog } from './sample-bundle.fixture.ts';
import { newActionVote, newVote } from './tampering.fixture.ts';

const log = newSampleLog(1, 1);
const evidence = appendEvidence(log, 'c0', true);
appendDecision(log);
const decision = log.entries[1]!;
const vote = signStatement(newVote(log), 'alice', alicePem);
const said = {
  ...bindingOf(log),
  criterion: 'c0',
  person: 'alice',
  role: 'lead',
  signedAt: '2026-11-01T12:00:00+02:00',
};
const waiver: Waiver = { ...said, format: 'tminus/waiver/1', reason: 'r', requestedBy: 'bob', expiresAt: minute(9) };
const word: Attestation = {
  ...said,
  format: 'tminus/attestation/1',
  comment: '',
  proof: { kind: 'url', value: 'https://a.example', sha256: null },
};
const all: [string, LogEntry][] = [
  ['evidence', evidence],
  ['evidence of a person', { ...evidence, producer: { kind: 'person', person: 'alice' }, supersedes: 'a'.repeat(64) }],
  ['evidence with trouble', { ...evidence, trouble: { code: 'x', message: 'y' }, facts: null, sources: [] }],
  ['a sealed decision', decision],
  ['a vote', vote],
  ['a vote on a run', signStatement(newActionVote(log), 'alice', alicePem)],
  ['a waiver', signStatement(waiver, 'alice', alicePem)],
];

describe('assertLogEntry', () => {
  it.each(all)('accepts %s', (_, entry) => {
    expect(() => assertLogEntry(entry, 'entry 0')).not.toThrow();
  });

  it.each(all)('refuses %s with any field missing, unknown or of another type', (_, entry) => {
    for (const field of Object.keys(entry)) {
      const { [field as keyof LogEntry]: taken, ...rest } = entry;
      expect(taken).toBeDefined();
      expect(() => assertLogEntry(rest, 'entry 0')).toThrow(`entry 0.${field}: expected`);
      expect(() => assertLogEntry({ ...entry, [field]: [1] }, 'entry 0')).toThrow(`entry 0.${field}`);
    }
    expect(() => assertLogEntry({ ...entry, zzz: 1 }, 'entry 0')).toThrow(
      'entry 0.zzz: expected a field as the format has it',
    );
  });

  it.each<[string, Partial<{ [field in keyof EvidenceRecord]: unknown }>, string]>([
    ['a verdict that is none', { judgement: { outcome: 'passed', findings: [] } }, '.judgement.outcome'],
    ['a digest in capitals', { candidateSha256: 'A'.repeat(64) }, '.candidateSha256'],
    ['a day that does not exist', { observedAt: '2026-02-30T00:00:00.000Z' }, '.observedAt'],
    ['a local time', { observedAt: '2026-02-03T00:00:00.000' }, '.observedAt'],
    [
      'a negative size',
      { sources: [{ name: 'a', mediaType: 'b', sha256: 'a'.repeat(64), size: -1 }] },
      '.sources[0].size',
    ],
    [
      'a finding without a rule',
      { judgement: { outcome: 'fail', findings: [{ outcome: 'fail', expected: '', got: '' }] } },
      '.judgement.findings[0].rule',
    ],
    ['a producer of no kind', { producer: { kind: 'robot', tool: 'x' } }, '.producer.kind'],
  ])('refuses %s and names the place', (_, change, place) => {
    expect(() => assertLogEntry({ ...evidence, ...change }, 'entry 0')).toThrow(`entry 0${place}: expected`);
  });

  it.each([null, [], 'text', 1, {}, { format: 'constructor' }, { format: '__proto__' }])(
    'refuses %j, which has no known format',
    (value) => {
      expect(() => assertLogEntry(value, 'entry 0')).toThrow('entry 0.format: expected tminus/evidence/1 or');
    },
  );
});

describe('assertAttestation', () => {
  it('accepts a signed word, and refuses one inside of which a field is missing', () => {
    const signed = signStatement(word, 'alice', alicePem);
    expect(() => assertAttestation(signed, 'word')).not.toThrow();
    expect(() => assertAttestation({ ...signed, statement: { ...word, role: 1 } }, 'word')).toThrow(
      'word.statement.role',
    );
    expect(() => assertAttestation(vote, 'word')).toThrow('word.statement');
  });
});
