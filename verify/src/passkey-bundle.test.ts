import { describe, expect, it } from 'vitest';

import { toBundleSource } from './bundle-source.ts';
import { newPasskey } from './passkey.fixture.ts';
import type { Approval, LogEntry, StepConfirmation } from './record.ts';
import { appendDecision, appendEvidence, bindingOf, minute, newSampleLog } from './sample-bundle.fixture.ts';
import { sharedLogKey, toParts } from './sample-bundle.fixture.ts';
import type { SampleLog } from './sample-bundle.fixture.ts';
import { sampleRules } from './sample-rules.fixture.ts';
import { newVote } from './tampering.fixture.ts';
import { verifyBundle } from './verify-bundle.ts';
import type { VerifyReport } from './verify-report.ts';
import { writeBundle } from './write-bundle.ts';

const pia = newPasskey();
const replaced = newPasskey();

/** A log whose documents declare a passkey for Pia. */
function newLog(): SampleLog {
  const log = newSampleLog(7, 1);
  const text = Buffer.from(log.documents.get('launch.md') ?? []).toString();
  return { ...log, documents: new Map([['launch.md', Buffer.from(`${text}person: pia ${pia.key}\n`)]]) };
}

function voteOf(log: SampleLog): Approval {
  return { ...newVote(log), person: 'pia' };
}

function confirmationOf(log: SampleLog): StepConfirmation {
  const step = { run: 'run-1', step: 'switch', attempt: 1, round: 0, proof: 'https://shop.example/news/1' };
  const by = { person: 'pia', role: 'lead', comment: 'seen', signedAt: minute(log.entries.length) };
  return { format: 'tminus/step-confirmation/1', ...bindingOf(log), ...step, ...by };
}

/** The report on a bundle in whose log these entries stand. */
function verifyWith(make: (log: SampleLog) => LogEntry[]): VerifyReport {
  const log = newLog();
  appendEvidence(log, 'c0', true);
  log.entries.push(...make(log));
  const files = writeBundle(toParts(log, appendDecision(log)));
  const options = { pinnedKey: sharedLogKey().text, foreignCheckpoints: [] };
  return verifyBundle(toBundleSource(files), options, sampleRules);
}

describe('a bundle with signatures by passkey', () => {
  it('O21 proves a vote and who closed a step, to somebody who has only the bundle', () => {
    const report = verifyWith((log) => [pia.sign(voteOf(log)), pia.sign(confirmationOf(log))]);
    expect(report).toMatchObject({ verdict: 'verified', firstFault: null });
    expect(report.steps.find(({ id }) => id === 'people')).toMatchObject({ state: 'ok', detail: '2 signatures' });
  });

  it('O21 keeps the word on an earlier plan, by the passkey of that time', () => {
    const report = verifyWith((log) => [replaced.sign({ ...confirmationOf(log), planHash: 'old' })]);
    expect(report.verdict).toBe('verified');
  });

  it.each<[string, (log: SampleLog) => LogEntry, string, string]>([
    [
      'a vote that was turned',
      (log) => turned(pia.sign(voteOf(log)), { vote: 'no-go' }),
      'signature_invalid',
      'challenge',
    ],
    [
      'a word moved to another step',
      (log) => turned(pia.sign(confirmationOf(log)), { step: 'delete' }),
      'signature_invalid',
      'challenge',
    ],
    [
      'a word moved to another run',
      (log) => turned(pia.sign(confirmationOf(log)), { run: 'run-2' }),
      'signature_invalid',
      'challenge',
    ],
    [
      'a word with another proof',
      (log) => turned(pia.sign(confirmationOf(log)), { proof: '' }),
      'signature_invalid',
      'challenge',
    ],
    ['a passkey that is not declared', (log) => replaced.sign(voteOf(log)), 'signature_invalid', 'key'],
    [
      'a person who was not verified',
      (log) => pia.sign(confirmationOf(log), { flags: 0x01 }),
      'signature_invalid',
      'authenticatorData',
    ],
    [
      'a foreign page',
      (log) => pia.sign(voteOf(log), { clientData: { origin: 'https://x.example' } }),
      'signature_invalid',
      'origin',
    ],
    ['a stranger', (log) => pia.sign({ ...confirmationOf(log), person: 'mallory' }), 'signature_invalid', ''],
    [
      'an attempt that is no number',
      (log) => pia.sign(turn(confirmationOf(log), { attempt: '1' })),
      'entry_invalid',
      'attempt',
    ],
    ['a word without a round', (log) => pia.sign(turn(confirmationOf(log), { round: null })), 'entry_invalid', 'round'],
    [
      'a field that nobody reads',
      (log) => pia.sign(turn(confirmationOf(log), { forced: true })),
      'entry_invalid',
      'forced',
    ],
  ])('A25 A30 does not hold with %s', (_, make, code, place) => {
    const report = verifyWith((log) => [make(log)]);
    expect(report).toMatchObject({ verdict: 'does-not-hold', firstFault: { code } });
    expect(report.firstFault?.where).toContain('entries.jsonl entry 1');
    expect(report.firstFault?.where).toContain(place);
  });
});

function turn<Statement>(statement: Statement, change: object): Statement {
  return { ...statement, ...change };
}

function turned<Entry extends { statement: object }>(entry: Entry, change: object): Entry {
  return { ...entry, statement: { ...entry.statement, ...change } };
}
