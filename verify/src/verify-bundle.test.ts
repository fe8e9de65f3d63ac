import { describe, expect, it } from 'vitest';

import { toBundleSource } from './bundle-source.ts';
import { nothingElsewhere } from './bundle-state.ts';
import { canonicalize } from './canonicalize.ts';
import { signStatement } from './person-signature.ts';
import type { Approval } from './record.ts';
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
  toParts,
} from './sample-bundle.fixture.ts';
import { sampleRules } from './sample-rules.fixture.ts';
import { verifyBundle } from './verify-bundle.ts';
import { writeBundle } from './write-bundle.ts';

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
});
