import { canonicalize, digestOf, sha256Hex } from '@tminus/verify';
import type { EvidenceRecord } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { CheckReader, Observation } from '../check/check.ts';
import { readExpectation } from '../check/read-expectation.ts';
import { newestEvidence } from './newest-evidence.ts';
import { rejudge } from './rejudge.ts';
import { sealEvidence } from './seal-evidence.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The smallest kind there is: its one source is the number that it is about. */
const reader: CheckReader = {
  kind: 'number',
  summary: 'Reads a number.',
  jsonSchema: { type: 'object' },
  readSpec: () => ({ ok: true, spec: {} }),
  fenceLanguages: [],
  readFence: () => ({ ok: false, faults: [] }),
  defaultExpectations: () => ['value >= 1'],
  parse: (_spec, sources) => {
    const text = new TextDecoder().decode(sources[0]!.bytes);
    if (text === 'throw') throw new Error('parser fault\nwith a second line');
    if (text === 'surrogate') return { state: 'readable', facts: { value: '\ud800' } };
    return text === 'x'
      ? { state: 'unreadable', trouble: { code: 'malformed', message: 'expected a number' } }
      : { state: 'readable', facts: { value: Number(text) } };
  },
  negativeControl: () => [{ name: 'n', mediaType: 'text/plain', bytes: encode('0') }],
};

function seal(observation: Observation, texts = ['value >= 1'], by = reader): EvidenceRecord {
  const expectations = texts.map((text) => {
    const read = readExpectation(text);
    if (!read.ok) throw new Error(text);
    return read.expectation;
  });
  const binding = {
    launch: 'shop',
    planHash: digestOf('p'),
    candidateSha256: digestOf('c'),
    environment: 'production',
  };
  return sealEvidence({
    reader: by,
    binding,
    criterion: 'a',
    checkSha256: digestOf('k'),
    asked: { spec: {}, expectations },
    observation,
    mode: 'real',
    observedAt: '2026-12-05T14:00:00.000Z',
    durationMs: 3,
    producer: { kind: 'check', tool: 't' },
    supersedes: null,
  });
}

const saw = (text: string): Observation => ({
  sources: [{ name: 'n', mediaType: 'text/plain', bytes: encode(text) }],
  trouble: null,
});
const blobsOf =
  (...texts: string[]) =>
  (sha256: string) =>
    texts.map((text) => encode(text)).find((bytes) => sha256Hex(bytes) === sha256) ?? null;

function verdictOf({ facts, judgement, control, trouble }: EvidenceRecord): string {
  return canonicalize({ facts, judgement, control, trouble });
}

describe('what is sealed', () => {
  it('D01 keeps the digest of every byte, the facts, the verdict and the verdict on the negative control', () => {
    expect(seal(saw('5'))).toMatchObject({
      sources: [{ name: 'n', sha256: sha256Hex('5'), size: 1 }],
      facts: { value: 5 },
      judgement: { outcome: 'pass' },
      control: { outcome: 'fail' },
      trouble: null,
    });
  });

  it('law 2: an expectation that holds on the broken thing, too, is seen to be unable to fail', () => {
    expect(seal(saw('5'), ['value >= 0'])).toMatchObject({
      judgement: { outcome: 'pass' },
      control: { outcome: 'pass' },
    });
  });

  it('trouble of the observation leaves facts null and every finding unknown, though bytes came', () => {
    const record = seal({ ...saw('5'), trouble: { code: 'timeout', message: 'too late' } });
    expect(record).toMatchObject({ facts: null, trouble: { code: 'timeout' }, judgement: { outcome: 'unknown' } });
    expect(record.sources).toHaveLength(1);
  });

  it.each([
    ['x', 'malformed'],
    ['throw', 'unreadable'],
    ['surrogate', 'unreadable'],
  ])('source %s is unreadable, not an exception and not a pass', (text, code) => {
    expect(seal(saw(text))).toMatchObject({ facts: null, trouble: { code }, judgement: { outcome: 'unknown' } });
  });

  it.each(['5', '0', 'x', 'throw', 'surrogate'])(
    'T24 a stranger comes to the same verdict from the bytes %s',
    (text) => {
      const record = JSON.parse(canonicalize(seal(saw(text)))) as EvidenceRecord;
      expect(canonicalize(rejudge(reader, record, blobsOf(text)))).toBe(verdictOf(record));
    },
  );

  it('T24 a changed fact, verdict, expectation or byte does not survive a second look', () => {
    const record = seal(saw('0'));
    const pass = { ...record.judgement, outcome: 'pass' as const };
    const forged: EvidenceRecord[] = [
      { ...record, facts: { value: 5 } },
      { ...record, judgement: pass },
      { ...record, control: pass },
      { ...record, expectations: ['value >= 0'] },
      { ...record, trouble: { code: 'a', message: 'b' } },
    ];
    for (const each of forged) expect(canonicalize(rejudge(reader, each, blobsOf('0')))).not.toBe(verdictOf(each));
    expect(rejudge(reader, record, () => encode('5'))).toMatchObject({
      trouble: { code: 'source_changed' },
      judgement: { outcome: 'unknown' },
    });
    expect(rejudge(reader, record, () => null)).toMatchObject({
      trouble: { code: 'source_missing' },
      judgement: { outcome: 'unknown' },
    });
    expect(rejudge(reader, { ...record, expectations: ['value >='] }, blobsOf('0'))).toMatchObject({
      trouble: { code: 'expectation_unreadable' },
      judgement: { outcome: 'unknown' },
    });
  });

  it('D02 finds the newest evidence of a criterion by its place in the log', () => {
    const [older, newer] = [seal(saw('5')), seal(saw('0'))];
    expect(newestEvidence([older, newer], 'a')).toEqual({ id: digestOf(newer), record: newer });
    expect(newestEvidence([older, newer], 'b')).toBeNull();
  });
});

describe('the negative control of a check', () => {
  const blind: CheckReader = {
    ...reader,
    negativeControl: () => [{ name: 'n', mediaType: 'text/plain', bytes: encode('x') }],
  };

  it('law 2: has no findings where it cannot be read, and a stranger finds none either', () => {
    const record = seal(saw('5'), ['value >= 1'], blind);
    expect(record.judgement.outcome).toBe('pass');
    expect(record.control).toEqual({ outcome: 'unknown', findings: [] });
    expect(rejudge(blind, record, blobsOf('5')).control).toEqual(record.control);
  });

  it('keeps the findings of one that can be read and does not have the value', () => {
    expect(seal(saw('5'), ['version == 1']).control).toMatchObject({
      outcome: 'unknown',
      findings: [{ rule: 'version == 1' }],
    });
  });
});
