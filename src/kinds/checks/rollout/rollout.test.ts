import type { JsonObject } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { Reading } from '../../../core/check/check.ts';
import { findPhaseFaults } from '../../../core/rollout/sealed-phase.ts';
import type { SealedPhase } from '../../../core/rollout/sealed-phase.ts';
import { toMomentSource } from '../moment.ts';
import { rolloutReader, toPhaseSource } from './reader.ts';
import { candidate, carriedOut, planHash, sampleFile, samplePhase } from './sample-phase.fixture.ts';

const spec: JsonObject = {
  rollout: 'new-shop',
  phase: 'at-10',
  maxAge: '1d',
  environment: 'production',
  planHash,
  candidate,
  launch: 'shop',
};
const good = carriedOut();
const endedMs = good.at(-1)!.toMs;

function read(files: readonly string[], { over = {}, laterMs = 60_000 } = {}): Reading {
  const sources = files.map((text, place) => toPhaseSource(`s-${place}`, text));
  return rolloutReader.parse({ ...spec, ...over }, [...sources, toMomentSource(endedMs + laterMs)]);
}

function factsOf(reading: Reading): JsonObject {
  if (reading.state === 'readable') return reading.facts;
  throw new Error(`expected facts, got ${reading.trouble.code}: ${reading.trouble.message}`);
}

function troubleOf(reading: Reading): string {
  return reading.state === 'readable' ? 'none' : `${reading.trouble.code}: ${reading.trouble.message}`;
}

/** The same phase with something changed, signed as if it were true. */
function changed(change: (sealed: SealedPhase) => void): SealedPhase {
  // What is stored has no two places for one number.
  const sealed = JSON.parse(JSON.stringify(samplePhase())) as SealedPhase;
  change(sealed);
  return sealed;
}

describe('rollout check', () => {
  it('C21 C22 a phase that passed says so, with the counts of both arms and the share of bad events', () => {
    const facts = factsOf(read(good.map((report) => sampleFile({ report }))));
    expect(facts).toMatchObject({ last: 'passed', ended: 'passed', weight: 10, passedOver: [] });
    const { canary, stable, verdict } = (facts['measures'] as { [id: string]: JsonObject })['errors']! as unknown as {
      canary: { total: number; bad: number; share: number };
      stable: { total: number };
      verdict: string;
    };
    expect(verdict).toBe('PASS');
    expect(canary.total).toBeGreaterThan(200);
    expect(canary.share).toBeCloseTo(canary.bad / canary.total);
    expect(stable.total).toBeGreaterThan(canary.total);
  });

  it('T28 what was taken back in a later phase did not pass in an earlier one', () => {
    const bad = carriedOut(50);
    expect(bad.map(({ phase, ended }) => [phase, ended])).toEqual([
      ['at-10', 'passed'],
      ['at-50', 'left'],
    ]);
    expect(factsOf(read([sampleFile({ report: bad[0]! })]))).toMatchObject({ last: 'passed' });
    const both = bad.map((report) => sampleFile({ report }));
    expect(factsOf(read(both))).toMatchObject({ last: 'left', ended: 'passed', leftAt: 'at-50' });
    // Tried again later and passed, it has passed.
    const later = structuredClone(bad[0]!);
    for (const name of ['fromMs', 'toMs'] as const) later[name] += 3_600_000;
    later.basis!.judgedAtMs! += 3_600_000;
    for (const watch of later.basis!.watches) {
      watch.newestMs.canary! += 3_600_000;
      watch.newestMs.stable! += 3_600_000;
      watch.countedMs! += 3_600_000;
    }
    expect(factsOf(read([...both, sampleFile({ report: later })], { laterMs: 3_600_000 }))).toMatchObject({
      last: 'passed',
    });
  });

  it.each([
    ['another candidate', { candidateSha256: 'e5'.repeat(32) }, /of another candidate/],
    ['another plan', { planHash: 'd4'.repeat(32) }, /of another plan/],
    ['another launch', { launch: 'other' }, /of another launch/],
    ['another rollout', { rollout: 'old-shop' }, /of another rollout/],
    ['another environment', { environment: 'staging' }, /of staging/],
  ])('C21 a phase of %s does not count, and that is unknown', (_, over, why) => {
    expect(troubleOf(read([sampleFile(over)]))).toMatch(/^not_reached: /u);
    expect(troubleOf(read([sampleFile(over)]))).toMatch(why);
  });

  it('C21 a phase that was never reached is unknown, and so is one that is too old or of the future', () => {
    expect(troubleOf(read([]))).toMatch(/^not_reached: .*got none$/u);
    expect(troubleOf(read([sampleFile()], { over: { phase: 'at-50' } }))).toMatch(/got only at-10$/u);
    expect(troubleOf(read([sampleFile()], { laterMs: 25 * 3_600_000 }))).toMatch(/at most 1d is allowed/u);
    expect(troubleOf(read([sampleFile()], { laterMs: -24 * 3_600_000 }))).toMatch(/ahead of the clock/u);
  });

  it('T7 counts that were edited after the signature are no report', () => {
    const envelope = JSON.parse(sampleFile()) as { payload: string };
    const payload = Buffer.from(envelope.payload, 'base64').toString().replace('"weight":10', '"weight":11');
    const edited = JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') });
    expect(troubleOf(read([edited]))).toMatch(/^not_signed: /u);
  });

  it.each<[string, (sealed: SealedPhase) => void, RegExp]>([
    ['fewer bad events', ({ report }) => (report.verdicts[0]!.canary.bad = 0), /canary.bad/u],
    [
      'fewer bad events in both places',
      ({ report }) => {
        report.verdicts[0]!.canary.bad = 0;
        report.basis!.watches[0]!.evidence.since.counts.canary.bad = 0;
      },
      /expected counts of the windows that were compared/u,
    ],
    ['a verdict of its own', ({ report }) => (report.verdicts[0]!.verdict = 'FAIL'), /verdict "PASS", got "FAIL"/u],
    ['a verdict that is missing', ({ report }) => (report.verdicts = []), /expected a verdict, got none/u],
    ['no counts', ({ report }) => (report.basis!.watches = []), /expected one of every measure that is judged/u],
    ['less time than it takes', ({ report }) => (report.fromMs = report.toMs - 1_000), /passed|verdict/u],
    ['another weight', ({ report }) => (report.weight = 50), /weight: expected 10/u],
    ['a phase that nobody declared', ({ report }) => (report.phase = 'at-11'), /got none/u],
    ['old samples', ({ report }) => (report.basis!.watches[0]!.newestMs.canary! -= 60_000), /NO_DATA/u],
    [
      'evidence that it never had',
      ({ report }) => (report.basis!.watches[0]!.evidence.compared.canary += 40),
      /measure errors: expected/u,
    ],
  ])('T28 a report with %s is judged by its numbers, whoever signed it', (_, change, why) => {
    const sealed = changed(change);
    expect(findPhaseFaults(samplePhase())).toEqual([]);
    expect(findPhaseFaults(sealed).join('; ')).toMatch(why);
    expect(troubleOf(read([sampleFile(sealed)]))).toMatch(/^(?:contradiction|not_reached): /u);
  });
});
