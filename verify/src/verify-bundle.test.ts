import { describe, expect, it } from 'vitest';

import { toBundleSource } from './bundle-source.ts';
import { nothingElsewhere } from './bundle-state.ts';
import { canonicalize } from './canonicalize.ts';
import { signStatement } from './person-signature.ts';
import type { Approval, Attestation, EvidenceRecord } from './record.ts';
import { noRecompute } from './recompute.ts';
import { renderReport } from './render-report.ts';
import {
  alicePem,
  appendDecision,
  appendEvidence,
  bindingOf,
  minute,
  newSampleLog,
  sharedLogKey,
  signHead,
  testKey,
  toParts,
} from './sample-bundle.fixture.ts';
import type { SampleLog } from './sample-bundle.fixture.ts';
import { sampleRules } from './sample-rules.fixture.ts';
import { sha256Hex } from './sha256.ts';
import { verifyBundle } from './verify-bundle.ts';
import type { VerifyReport } from './verify-report.ts';
import { writeBundle } from './write-bundle.ts';

/** A disk that is gone. */
function refuse(): never {
  throw new Error('gone');
}

function said(log: SampleLog): Attestation {
  const bound = { ...bindingOf(log), criterion: 'c0', person: 'alice', role: 'lead' };
  return { ...bound, format: 'tminus/attestation/1', comment: 'seen', proof: null, signedAt: minute(1) };
}

/** A bundle whose only evidence is what a person sent, as `change` made it. */
function verifyWord(change: (word: Attestation) => unknown, spread: Partial<EvidenceRecord> = {}): VerifyReport {
  const log = newSampleLog(3, 1);
  const bytes = Buffer.from(JSON.stringify(change(said(log)), null, 1));
  const record = appendEvidence(log, 'c0', true);
  log.blobs.clear();
  log.blobs.set(sha256Hex(bytes), bytes);
  const source = {
    name: 'attestation.json',
    mediaType: 'application/json',
    sha256: sha256Hex(bytes),
    size: bytes.length,
  };
  log.entries[0] = { ...record, producer: { kind: 'person', person: 'alice' }, sources: [source], ...spread };
  const parts = toParts(log, appendDecision(log));
  const { facts, trouble, judgement, control } = record;
  const rules = { ...sampleRules, rejudge: () => ({ facts, trouble, judgement, control, ...spread }) };
  return verifyBundle(toBundleSource(writeBundle(parts)), pinned, rules);
}

function newBundle(): Map<string, Uint8Array> {
  const log = newSampleLog(1, 2);
  appendEvidence(log, 'c0', true);
  appendEvidence(log, 'c1', false);
  appendDecision(log);
  appendEvidence(log, 'c1', true);
  const vote: Approval = {
    ...bindingOf(log),
    format: 'tminus/approval/1',
    gate: 'ready',
    subjectSha256: 'a'.repeat(64),
    vote: 'go',
    person: 'alice',
    role: 'lead',
    comment: '',
    signedAt: minute(4),
  };
  log.entries.push(signStatement(vote, 'alice', alicePem));
  const decision = appendDecision(log);
  return writeBundle(toParts(log, decision));
}

const malloryPem = testKey('mallory').export({ format: 'pem', type: 'pkcs8' }).toString();
const pinned = { pinnedKey: sharedLogKey().text, foreignCheckpoints: [] };

describe('verifyBundle', () => {
  it('F13 verifies an honest bundle in every needed step', () => {
    const report = verifyBundle(toBundleSource(newBundle()), pinned, sampleRules);
    expect(report.firstFault).toBeNull();
    expect(report).toMatchObject({ ok: true, verdict: 'verified', decision: { outcome: 'go', gate: 'ready' } });
    expect(report.steps.filter((step) => step.needed).every((step) => step.state === 'ok')).toBe(true);
    expect(renderReport(report)).toContain('VERIFIED: GO for gate ready (t-0) of sample-1');
  });

  it('says NOT CHECKED, and is not ok, where nothing can be recomputed', () => {
    const report = verifyBundle(toBundleSource(newBundle()), pinned, noRecompute);
    expect(report).toMatchObject({ ok: false, verdict: 'incomplete', firstFault: null });
    const open = report.steps.filter((step) => step.needed && step.state !== 'ok').map((step) => step.id);
    expect(open).toEqual(['launch', 'evidence', 'decision']);
    expect(renderReport(report)).toContain('NOT VERIFIED');
  });

  it('says plainly that an unpinned key is trusted on first use', () => {
    const report = verifyBundle(toBundleSource(newBundle()), nothingElsewhere, sampleRules);
    expect(report.ok).toBe(true);
    expect(report.cautions.join()).toContain('trusted on first use');
  });

  it('T32 one flipped byte in any file fails', () => {
    const honest = newBundle();
    for (const [name, bytes] of honest) {
      const changed = Buffer.from(bytes);
      const at = Math.floor(changed.length / 2);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      const report = verifyBundle(toBundleSource(new Map([...honest, [name, changed]])), nothingElsewhere, sampleRules);
      expect([name, report.verdict]).toEqual([name, 'does-not-hold']);
      expect(report.steps.filter((step) => step.state === 'failed')).toHaveLength(1);
    }
  });

  it('A31 sees a cut tail by one checkpoint kept elsewhere', () => {
    const files = newBundle();
    const log = Buffer.from(files.get('entries.jsonl') ?? [])
      .toString()
      .trimEnd()
      .split('\n');
    const note = signHead([...log, canonicalize({})]);
    const report = verifyBundle(
      toBundleSource(files),
      { ...pinned, foreignCheckpoints: [{ name: 'mail', note }] },
      sampleRules,
    );
    expect(report.firstFault).toMatchObject({ code: 'tail_cut', where: 'entries.jsonl' });
    expect(report.firstFault?.got).toContain('the log had 7 entries');
  });

  it('names a check kind that it does not know and is not ok', () => {
    const report = verifyBundle(toBundleSource(newBundle()), pinned, { ...sampleRules, rejudge: () => null });
    expect(report).toMatchObject({ ok: false, verdict: 'incomplete' });
    expect(renderReport(report)).toContain('does not know the check kinds sample');
  });

  it('ends closed where a rule breaks on what it is given', () => {
    const report = verifyBundle(toBundleSource(newBundle()), pinned, { ...sampleRules, rejudge: refuse });
    expect(report.firstFault).toMatchObject({
      code: 'evidence_mismatch',
      where: 'step evidence',
      got: '"gone"',
    });
  });

  it('notes a later decision about the same gate', () => {
    const log = newSampleLog(2, 1);
    appendEvidence(log, 'c0', true);
    const early = appendDecision(log);
    appendEvidence(log, 'c0', false);
    appendDecision(log);
    const report = verifyBundle(toBundleSource(writeBundle(toParts(log, early))), pinned, sampleRules);
    expect(report).toMatchObject({ ok: true, decision: { outcome: 'go' } });
    expect(report.cautions.join()).toContain('a later decision about gate ready is in the log: entry 3 says no-go');
  });

  it('refuses what is too large before it reads it', () => {
    const files = newBundle();
    const source = toBundleSource(files);
    const list = (): { name: string; size: number }[] => [...source.list(), { name: 'documents/huge', size: 2e9 }];
    expect(verifyBundle({ list, read: refuse }, pinned, sampleRules).firstFault).toMatchObject({
      code: 'limit_exceeded',
    });
  });

  it('says that a folder that cannot be read is unreadable', () => {
    const report = verifyBundle({ list: refuse, read: refuse }, pinned, sampleRules);
    expect(report.firstFault).toMatchObject({ code: 'bundle_unreadable', got: '"gone"' });
  });

  it('keeps hostile text from the terminal', () => {
    const report = verifyBundle(
      toBundleSource(new Map([['bundle.json', Buffer.from('\u001b[2J\u202e')]])),
      pinned,
      sampleRules,
    );
    expect(report.ok).toBe(false);
    expect(renderReport(report)).not.toMatch(/[\u001b\u202e]/u);
  });

  it('is an empty bundle in nothing: every name of the format is wanted', () => {
    const report = verifyBundle(toBundleSource(new Map()), pinned, sampleRules);
    expect(report.firstFault).toMatchObject({ code: 'file_missing', where: 'bundle.json' });
  });
});

describe('the word of a person behind evidence', () => {
  it('D04 holds when it is signed with the key that the launch declares', () => {
    expect(verifyWord((word) => signStatement(word, 'alice', alicePem)).firstFault).toBeNull();
  });

  it.each<[string, (word: Attestation) => unknown, string]>([
    [
      'changed after it was signed',
      (word) => ({ ...signStatement(word, 'alice', alicePem), statement: { ...word, comment: 'x' } }),
      'signature_invalid',
    ],
    ['signed by another key', (word) => signStatement(word, 'alice', malloryPem), 'signature_invalid'],
    [
      'given for another criterion',
      (word) => signStatement({ ...word, criterion: 'c1' }, 'alice', alicePem),
      'evidence_mismatch',
    ],
    [
      'given for another candidate',
      (word) => signStatement({ ...word, candidateSha256: '0'.repeat(64) }, 'alice', alicePem),
      'evidence_mismatch',
    ],
    ['not signed at all', (word) => word, 'signature_invalid'],
    ['no object', () => 'yes', 'signature_invalid'],
  ])('A33 does not hold when it was %s', (_, change, code) => {
    expect(verifyWord(change).firstFault).toMatchObject({ code });
  });

  it('is no alarm where it was refused when it was given, since it passes nothing', () => {
    const refused: Partial<EvidenceRecord> = { judgement: { outcome: 'fail', findings: [] } };
    expect(verifyWord((word) => signStatement(word, 'alice', malloryPem), refused).firstFault).toBeNull();
  });
});
