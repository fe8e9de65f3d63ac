import { createHash } from 'node:crypto';

import { canonicalize, encodeBase64 } from '@tminus/verify';
import type { JsonObject } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { ObservedSource, Reading } from '../../../core/check/check.ts';
import { toStatSource } from '../file-stat.ts';
import { toMomentSource } from '../moment.ts';
import { rehearsalReader } from './reader.ts';
import {
  candidate,
  forwardPass,
  otherKey,
  planHash,
  rehearsedAt,
  sampleFile,
  sampleKey,
  sampleReport,
  wayBackEvents,
  wayBackPass,
} from './sample-report.fixture.ts';

const hourMs = 3_600_000;
const spec: JsonObject = { procedure: 'runbook', times: 2, path: 'reports', maxAge: '7d', planHash, candidate };

function read(files: readonly string[], { ageMs = hourMs, over = {} } = {}): Reading {
  const sources: ObservedSource[] = files.map((text, index) => ({
    name: `${index}.json`,
    mediaType: 'application/json',
    bytes: new TextEncoder().encode(text),
  }));
  const stat = sources.map(({ name, bytes }) => ({
    path: name,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ageMs: 0,
    kept: 'whole' as const,
  }));
  const moment = toMomentSource(Date.parse(rehearsedAt) + ageMs);
  return rehearsalReader.parse({ ...spec, ...over }, [...sources, toStatSource({ files: stat }), moment]);
}

function factsOf(reading: Reading): JsonObject {
  if (reading.state === 'readable') return reading.facts;
  throw new Error(`expected facts, got ${reading.trouble.code}: ${reading.trouble.message}`);
}

function troubleOf(reading: Reading): string {
  return reading.state === 'readable' ? 'none' : `${reading.trouble.code}: ${reading.trouble.message}`;
}

const again = (id: string, over = {}): string => sampleFile({ id, ...over });

describe('rehearsal check', () => {
  it('C07 counts rehearsals of this plan and candidate, and says how long the way back was and who signed', () => {
    const facts = factsOf(read([again('a'), again('b')]));
    expect(facts).toMatchObject({ passed: 2, failed: 0, last: 'passed', undoMs: 120_000, ageMs: hourMs, controls: 1 });
    expect(facts).toMatchObject({ key: sampleKey.text, environment: 'staging', passedOver: [] });
  });

  it.each([
    ['another plan', { planHash: 'd4'.repeat(32), passes: [forwardPass()], planned: ['forward'] }, /of another plan/],
    ['another candidate', { candidates: { production: 'e5'.repeat(32) } }, /of another candidate/],
    ['another procedure', { procedure: 'rollback' }, /of procedure rollback/],
    ['a quick one', { depth: 'quick' as const }, /a quick one/],
    ['no way back', { passes: [forwardPass()], planned: ['forward'] }, /nothing was taken back/],
    [
      'a pass that is missing',
      { planned: ['forward', 'way-back', 'crash_after'] },
      /not finished: no pass crash_after/,
    ],
    ['the future', { beganAt: '2026-12-03T08:00:00.000Z' }, /ahead of the clock/],
  ])('C07 of %s none counts, and that is unknown', (_, over, why) => {
    expect(troubleOf(read([sampleFile(over)]))).toMatch(/^not_rehearsed: /);
    expect(troubleOf(read([sampleFile(over)]))).toMatch(why);
    expect(factsOf(read([again('good'), sampleFile({ id: 'bad', ...over })]))).toMatchObject({
      passed: 1,
      passedOver: [{ file: expect.any(String), why: expect.stringMatching(why) }],
    });
  });

  it('C07 what is older than maxAge counts no more, by what is signed in it and not by the date of the file', () => {
    expect(factsOf(read([sampleFile()], { ageMs: 167 * hourMs }))).toMatchObject({ passed: 1 });
    expect(troubleOf(read([sampleFile()], { ageMs: 169 * hourMs }))).toMatch(/7 days old, at most 7d is allowed/);
  });

  it('C07 files of no commit that were rehearsed are counted, and nothing is told where one of the rehearsals could not tell', () => {
    expect(factsOf(read([again('a'), again('b')]))).toMatchObject({ uncommitted: 0 });
    const dirty = again('b', { uncommitted: ['scripts/freeze.sh'] });
    expect(factsOf(read([again('a'), dirty]))).toMatchObject({ passed: 2, uncommitted: 1 });
    expect(factsOf(read([dirty, again('c', { uncommitted: null })]))).not.toHaveProperty('uncommitted');
  });

  it('no report at all is unknown', () => {
    expect(troubleOf(read([]))).toMatch(/^not_rehearsed: .*got none$/);
  });

  it.each([
    ['a finding', { passes: [forwardPass({ findings: ['stuck'] }), wayBackPass()] }, 'forward: stuck'],
    [
      'a way back that stands still',
      { passes: [forwardPass(), wayBackPass({ state: 'held', log: null })] },
      'way-back: expected rolled back, got held',
    ],
    [
      'a pass without events',
      { passes: [forwardPass({ events: { count: 0, sha256: '0' } }), wayBackPass()] },
      'forward: expected events, got none',
    ],
    [
      'a gate that cannot fail',
      { controls: [{ of: 'return-1', part: 'return' as const, kind: 'sql', outcome: 'pass' as const, reason: '' }] },
      'return-1: the sql check passes on a broken target, too: it cannot fail',
    ],
  ])('C07 with %s it failed, whatever it says of itself', (_, over, finding) => {
    const facts = factsOf(read([sampleFile({ passed: true, ...over })]));
    expect(facts).toMatchObject({ passed: 0, failed: 1, last: 'failed' });
    expect(facts).toMatchObject({ rehearsals: [{ passed: false, findings: [finding] }] });
  });

  it('a failed rehearsal after good ones is the last word, and one before them is not', () => {
    const bad = { passes: [forwardPass({ findings: ['stuck'] }), wayBackPass()] };
    const [early, late] = ['2026-12-01T07:00:00.000Z', '2026-12-01T08:30:00.000Z'];
    expect(factsOf(read([again('a'), again('bad', { ...bad, beganAt: late })]))['last']).toBe('failed');
    expect(factsOf(read([again('a'), again('bad', { ...bad, beganAt: early })]))['last']).toBe('passed');
  });

  it('a stop condition that is met by a broken target is no gate that cannot fail', () => {
    const controls = [{ of: 'stop-1', part: 'stop', kind: 'http', outcome: 'pass', reason: '' } as const];
    expect(factsOf(read([sampleFile({ controls: [...controls] })]))).toMatchObject({ passed: 1 });
  });

  it('one report counts once, however many files hold it', () => {
    expect(factsOf(read([sampleFile(), sampleFile()]))).toMatchObject({ passed: 1 });
  });

  it('T31 a time that is typed into a report is not read; events that were changed contradict it', () => {
    const { wayBack, ...pass } = wayBackPass();
    const typed = { ...pass, wayBack: { ...wayBack, rollbackMs: 1 } as never };
    expect(factsOf(read([sampleFile({ passes: [forwardPass(), typed] })]))['undoMs']).toBe(120_000);
    const shorter = { ...pass, wayBack: null, log: wayBackEvents(1) };
    expect(troubleOf(read([sampleFile({ passes: [forwardPass(), shorter] })]))).toMatch(
      /^contradiction: .*the events of its digest/,
    );
    const foreign = wayBackPass({ run: 'run-9' });
    expect(troubleOf(read([sampleFile({ passes: [forwardPass(), foreign] })]))).toMatch(
      /^contradiction: .*its own run/,
    );
    const none = wayBackPass({ log: null });
    expect(troubleOf(read([sampleFile({ passes: [forwardPass(), none] })]))).toMatch(
      /^contradiction: .*its events, got none/,
    );
  });

  it('a report that nobody signed, or that another key signed than it names, or of which a byte is changed, is unreadable', () => {
    expect(troubleOf(read([JSON.stringify(sampleReport())]))).toMatch(/^not_signed: /);
    expect(troubleOf(read([sampleFile({ signedBy: sampleKey.text }, otherKey)]))).toMatch(/^not_signed: /);
    const envelope = JSON.parse(sampleFile()) as { payload: string };
    const payload = Buffer.from(envelope.payload, 'base64').toString().replace('"depth":"full"', '"depth":"quick"');
    const changed = canonicalize({ ...envelope, payload: encodeBase64(Buffer.from(payload)) });
    expect(troubleOf(read([changed]))).toMatch(/^not_signed: .*does not hold/);
  });

  it('a store that signed with another key is told apart by the fact key', () => {
    const both = factsOf(read([again('a'), sampleFile({ id: 'b' }, otherKey)]));
    expect(both).toMatchObject({ passed: 2 });
    expect(both).not.toHaveProperty('key');
  });

  it('A document cannot name a plan or candidate of its own choice', () => {
    const refused = rehearsalReader.readSpec({ procedure: 'runbook', planHash });
    expect(refused.ok ? [] : refused.faults.map(({ path }) => path)).toEqual([['planHash']]);
    expect(rehearsalReader.readSpec({ procedure: 'runbook' })).toMatchObject({
      spec: { planHash: '{{ launch.planHash }}', candidate: '{{ candidate.sha256 }}' },
    });
  });
});
