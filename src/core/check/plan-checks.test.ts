import { digestOf } from '@tminus/verify';
import type { EvidenceRecord, LogEntry } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { Candidate } from '../candidate/candidate.ts';
import { candidateSha256 } from '../candidate/candidate-sha256.ts';
import type { Criterion, Launch } from '../launch/launch.ts';
import { checkSha256 } from './check-sha256.ts';
import type { CheckDeclaration } from './check.ts';
import { planChecks } from './plan-checks.ts';
import type { PlanInput } from './plan-checks.ts';
import { readExpectation } from './read-expectation.ts';

const at = { file: 'launch.md', line: 1, column: 1 };
const now = Date.parse('2026-12-05T14:00:00.000Z');
const candidate: Candidate = {
  commit: 'c0ffee',
  version: null,
  url: 'https://next.shop.test',
  environment: 'production',
  extra: {},
};

function check(url: string): CheckDeclaration {
  const read = readExpectation('status == 200');
  const declared = { kind: 'http', spec: { url }, expectations: read.ok ? [read.expectation] : [] };
  return { ...declared, sha256: checkSha256(declared), at };
}

function criterion(id: string, more: Partial<Criterion> = {}): Criterion {
  const standard: Criterion = {
    id,
    title: id,
    human: false,
    role: null,
    proof: null,
    owner: null,
    freshMs: null,
    by: null,
    waivable: true,
    need: 'all',
    children: [],
    check: check(`https://shop.test/${id}`),
    at,
  };
  return { ...standard, ...more };
}

function launchOf(criteria: Criterion[]): Launch {
  const gate = {
    id: 'ready',
    title: 'Ready',
    phase: 't-0',
    quorum: 0,
    roles: [],
    freshMs: 900_000,
    requester: null,
    criteria,
    at,
  };
  const empty = {
    phases: [],
    procedures: [],
    scope: [],
    risks: [],
    metrics: [],
    scenarios: [],
    pointsOfNoReturn: [],
    stops: [],
    windows: [],
    datastores: [],
    datasets: [],
    imports: [],
    routers: [],
    metricSources: [],
    rollouts: [],
    objectives: [],
    declarations: [],
    documents: [],
  };
  const people = { people: [], roles: [], secrets: [], dependencies: [] };
  const comms = { comms: 'on' as const, testMail: null, testWebhook: null };
  const environments = [
    { id: 'production', url: 'https://shop.test', production: true, simulated: false, allow: [], ...comms, at },
  ];
  return {
    id: 'shop',
    title: 'Shop',
    owner: null,
    t0: null,
    environment: 'production',
    candidate: null,
    environments,
    gates: [gate],
    ...people,
    ...empty,
  };
}

function evidence(id: string, more: Partial<EvidenceRecord> = {}): EvidenceRecord {
  return {
    format: 'tminus/evidence/1',
    launch: 'shop',
    planHash: digestOf('plan'),
    candidateSha256: candidateSha256(candidate),
    environment: 'production',
    criterion: id,
    check: { kind: 'http', sha256: check(`https://shop.test/${id}`).sha256 },
    spec: {},
    expectations: ['status == 200'],
    mode: 'real',
    observedAt: '2026-12-05T13:50:00.000Z',
    durationMs: 1,
    producer: { kind: 'check', tool: 'test' },
    sources: [],
    trouble: null,
    facts: {},
    judgement: { outcome: 'pass', findings: [] },
    control: { outcome: 'fail', findings: [] },
    supersedes: null,
    ...more,
  };
}

function plan(criteria: Criterion[], entries: LogEntry[], more: Partial<PlanInput> = {}) {
  return planChecks({
    launch: launchOf(criteria),
    planHash: digestOf('plan'),
    candidate,
    candidateSha256: candidateSha256(candidate),
    entries,
    now,
    ...more,
  });
}

describe('which checks are due', () => {
  it('U1 runs what was never observed and says so', () => {
    expect(plan([criterion('a')], [])).toMatchObject([
      { criterion: 'a', state: 'due', reason: 'never observed', newest: null },
    ]);
  });

  it('leaves fresh evidence that passed alone, unless forced', () => {
    const entries = [evidence('a')];
    expect(plan([criterion('a')], entries)).toMatchObject([
      { state: 'fresh', asked: null, newest: digestOf(entries[0]!) },
    ]);
    expect(plan([criterion('a')], entries, { force: true })).toMatchObject([{ state: 'due', reason: 'forced' }]);
  });

  it.each<[string, Partial<EvidenceRecord>]>([
    ['got candidate', { candidateSha256: digestOf('other') }],
    ['expected environment production, got environment staging', { environment: 'staging' }],
    ['got check', { check: { kind: 'http', sha256: digestOf('other') } }],
    ['got plan', { planHash: digestOf('other') }],
    ['expected launch shop, got launch other', { launch: 'other' }],
    ['expected evidence no older than 15m', { observedAt: '2026-12-05T13:44:59.000Z' }],
    ['got evidence from the future', { observedAt: '2026-12-05T14:00:05.001Z' }],
    ['unreadable time "yesterday"', { observedAt: 'yesterday' }],
  ])('D01 runs again, by the rule of the gate: %s', (reason, change) => {
    expect(plan([criterion('a')], [evidence('a', change)])).toMatchObject([
      { state: 'due', reason: expect.stringContaining(reason) },
    ]);
  });

  it('runs again what failed or was not decided', () => {
    const ended = (['fail', 'unknown'] as const).map((outcome) =>
      plan([criterion('a')], [evidence('a', { judgement: { outcome, findings: [] } })]),
    );
    expect(ended).toMatchObject([[{ reason: 'failed last time' }], [{ reason: 'was not decided last time' }]]);
  });

  it('D02 goes by the newest evidence in the order of the log, not by its clock', () => {
    const entries = [
      evidence('a'),
      evidence('a', { judgement: { outcome: 'fail', findings: [] }, observedAt: '2026-12-05T13:49:00.000Z' }),
    ];
    expect(plan([criterion('a')], entries)).toMatchObject([{ state: 'due', newest: digestOf(entries[1]!) }]);
  });

  it('D04 evidence for another candidate in between neither helps nor hurts', () => {
    const foreign = { candidateSha256: digestOf('other') };
    const failed = { judgement: { outcome: 'fail' as const, findings: [] } };
    expect(plan([criterion('a')], [evidence('a'), evidence('a', { ...foreign, ...failed })])).toMatchObject([
      { state: 'fresh' },
    ]);
    expect(plan([criterion('a')], [evidence('a', failed), evidence('a', foreign)])).toMatchObject([
      { state: 'due', reason: 'failed last time' },
    ]);
  });

  it('lists human criteria as waiting for a person and never runs them', () => {
    expect(plan([criterion('a', { human: true, role: 'operator' })], [], { force: true })).toMatchObject([
      { state: 'waiting', reason: 'waits for a person with role operator', asked: null },
    ]);
  });

  it('tells a criterion that nothing can prove, and a check whose template cannot be filled in', () => {
    const planned = plan(
      [
        criterion('a', { check: null }),
        criterion('b', { check: check('{{ candidate.vesion }}') }),
        criterion('c', { check: check('{{ candidate.version }}') }),
      ],
      [],
    );
    expect(planned.map(({ state }) => state)).toEqual(['undeclared', 'blocked', 'blocked']);
    expect(planned[1]!.reason).toContain('did you mean {{ candidate.version }}?');
  });

  it('fills the candidate in before it is asked', () => {
    expect(plan([criterion('a', { check: check('{{ candidate.url }}/health') })], [])[0]!.asked).toMatchObject({
      spec: { url: 'https://next.shop.test/health' },
    });
  });

  it('plans the leaves of a tree in document order, each once, and only those that are asked for', () => {
    const tree = [criterion('top', { children: [criterion('b'), criterion('a')] }), criterion('b')];
    expect(plan(tree, []).map((each) => each.criterion)).toEqual(['b', 'a']);
    expect(plan(tree, [], { only: ['a'] }).map((each) => each.criterion)).toEqual(['a']);
  });
});
