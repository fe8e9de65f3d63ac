import { generateKeyPairSync } from 'node:crypto';

import { digestOf, formatPersonKey, signStatement } from '@tminus/verify';
import type { JsonObject, Signed } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { ObservedSource } from '../../../core/check/check.ts';
import { beganAtMs } from '../../../core/procedure/runs.fixture.ts';
import type { DrillAttestation } from '../../../core/rollback/drill-attestation.ts';
import type { DrillReport } from '../../../core/rollback/drill-report.ts';
import { toMomentSource } from '../moment.ts';
import { toAttestationFile } from './attestation-file.ts';
import { drillReader } from './reader.ts';
import { toDrillFile } from './report-file.ts';
import { drill, drillKey, planHash } from './sample-drill.fixture.ts';

const ids = ['bob', 'bot', 'carol', 'dave', 'dave-at-home'];
const keys = new Map(ids.map((id) => [id, generateKeyPairSync('ed25519')]));
const pem = (id: string): string => keys.get(id)!.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const people = ids.map((id) => ({
  id,
  key: formatPersonKey(keys.get(id)!.publicKey),
  human: id.startsWith('dave') ? 'dave' : id,
  automation: id === 'bot',
  may: id !== 'carol',
}));
const read = drillReader.readSpec({ procedure: 'at-once' });
const unwatched: JsonObject = read.ok ? read.spec : {};
const watched = { ...unwatched, observer: { asked: 'lead', people } };

const endedMs = beganAtMs + 60_000;
const file = (name: string, text: string): ObservedSource => ({
  name,
  mediaType: 'application/json',
  bytes: new TextEncoder().encode(text),
});
const asked = (report: DrillReport): DrillReport => ({ ...report, observer: 'lead' });

function word(report: DrillReport, over: Partial<DrillAttestation> = {}): Signed<DrillAttestation> {
  const { id, launch, environment, procedure } = report;
  const about = { launch, environment, procedure, planHash, drill: id, reportSha256: digestOf(report) };
  const signedAt = new Date(endedMs + 1_000).toISOString();
  const said: DrillAttestation = {
    format: 'tminus/drill-attestation/1',
    ...about,
    person: 'bob',
    comment: 'seen',
    signedAt,
    ...over,
  };
  return signStatement(said, said.person, pem(said.person));
}

function parse(spec: JsonObject, report: DrillReport, ...words: Signed<DrillAttestation>[]) {
  const said = words.map((one, place) => file(`word-${place}.json`, toAttestationFile(one)));
  const sources = [file('a.json', toDrillFile(report, drillKey)), ...said, toMomentSource(endedMs + 60_000)];
  return drillReader.parse(spec, sources);
}

const report = asked(drill('drill-a'));
const unknown = (why: RegExp): object => ({
  state: 'unreadable',
  trouble: { code: 'not_drilled', message: expect.stringMatching(why) },
});

describe('a drill that somebody has to watch', () => {
  it('T31 counts once a human who was asked to, and did not run it, has attested this very record', () => {
    expect(parse(watched, report)).toEqual(unknown(/nobody who watched drill-a has attested it: lead has to/));
    expect(parse(watched, report, word(report))).toMatchObject({
      state: 'readable',
      facts: { passed: 1, last: 'passed', observedBy: 'bob' },
    });
  });

  it.each<[string, Partial<DrillAttestation>, RegExp]>([
    ['of whoever ran it', { person: 'dave' }, /dave ran the drill/],
    ['of another account of that human', { person: 'dave-at-home' }, /dave-at-home ran the drill/],
    ['of an automation', { person: 'bot' }, /bot is an automation/],
    ['of somebody who was not asked', { person: 'carol' }, /carol was not asked to watch: lead was/],
    ['of before it had ended', { signedAt: new Date(endedMs - 1).toISOString() }, /before the drill had ended/],
    ['of the future', { signedAt: new Date(endedMs + 120_000).toISOString() }, /from the future/],
    ['without a time', { signedAt: 'yesterday' }, /its time cannot be read/],
    ['about another record', { reportSha256: 'f'.repeat(64) }, /about another record of drill-a/],
    ['about another environment', { environment: 'qa' }, /about environment qa, and not about staging/],
    ['about another plan', { planHash: 'f'.repeat(64) }, /about plan f/],
  ])('T31 stays unknown with the word %s', (_, over, why) => {
    expect(parse(watched, report, word(report, over))).toEqual(unknown(why));
  });

  it('T31 stays unknown with the word on another drill, and with one whose drill was changed since', () => {
    const other = word(asked(drill('drill-b')));
    expect(parse(watched, report, other)).toEqual(unknown(/nobody who watched drill-a/));
    expect(parse(watched, { ...report, withinMs: report.withinMs + 1 }, word(report))).toEqual(
      unknown(/about another record of drill-a/),
    );
    const late = { ...report, endedAt: '2000-01-01T00:00:00.000Z' };
    const lastMs = report.back.log.at(-1)!.atMs;
    const early = word(late, { signedAt: new Date(lastMs - 1).toISOString() });
    expect(parse(watched, late, early)).toEqual(unknown(/before the drill had ended/));
  });

  it('T31 stays unknown where a signature does not hold, or is of a key that nobody declared', () => {
    const said = word(report);
    const changed = { ...said, statement: { ...said.statement, comment: 'other words' } };
    expect(parse(watched, report, changed)).toEqual(unknown(/the word of bob does not count/));
    const keyless = { ...watched, observer: { asked: 'lead', people: people.map((one) => ({ ...one, key: null })) } };
    expect(parse(keyless, report, said)).toEqual(unknown(/no key is declared/));
    const strange = { ...watched, observer: { asked: 'lead', people: people.filter(({ human }) => human !== 'dave') } };
    expect(parse(strange, report, said)).toEqual(unknown(/nobody knows who ran the drill/));
  });

  it('T31 is unknown where a check asks nobody and the drill was to be watched; what failed has failed unwatched', () => {
    expect(parse(unwatched, report, word(report))).toEqual(unknown(/lead has to have watched it/));
    const failed = { ...report, ledger: 'seen' };
    expect(parse(watched, failed)).toMatchObject({ facts: { passed: 0, last: 'failed' } });
    expect(parse(unwatched, drill('drill-a'))).toMatchObject({ facts: { passed: 1 } });
  });

  it('T31 refuses a file that says it is a word and is none', () => {
    const broken = file('word.json', JSON.stringify({ format: 'tminus/signed/1', statement: {} }));
    const sources = [file('a.json', toDrillFile(report, drillKey)), broken, toMomentSource(endedMs)];
    expect(drillReader.parse(watched, sources)).toMatchObject({
      state: 'unreadable',
      trouble: {
        code: 'malformed',
        message: expect.stringMatching(/^word\.json: expected the attestation of a drill/),
      },
    });
  });
});
