import { describe, expect, it } from 'vitest';

import { decide } from './decide.ts';
import type { Decision, DecisionNode } from './decision.ts';
import {
  ago,
  check,
  criterion,
  evidence,
  gate,
  goodLog,
  group,
  human,
  input,
  judgement,
  launch,
  log,
  waiver,
} from './dossier.fixture.ts';

const api = criterion('api');
const easier = { outcome: 'pass' as const, findings: [{ ...judgement('pass').findings[0]!, rule: 'status exists' }] };

function decideOn(criteria: Parameters<typeof gate>[0], ...entries: Parameters<typeof log>): Decision {
  return decide(input(launch([gate(criteria)]), log(...entries)));
}

function nodeOf(decision: Decision, id: string): DecisionNode {
  const find = (node: DecisionNode): DecisionNode | undefined =>
    node.id === id ? node : node.children.map(find).find(Boolean);
  const found = find(decision.tree);
  if (!found) throw new Error(`no node ${id}`);
  return found;
}

describe('decide', () => {
  it('O18 says GO where every criterion was seen to hold, and names the bytes', () => {
    const decision = decideOn([api], evidence(api));
    expect(decision.outcome).toBe('go');
    expect(decision.shortestWay).toEqual([]);
    expect(nodeOf(decision, 'api')).toMatchObject({ standing: 'met', outcome: 'pass' });
    expect(nodeOf(decision, 'api').evidence?.sources[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['missing', 'no evidence', []],
    ['stale', 'candidate ', [evidence(api, { candidateSha256: 'f'.repeat(64) })]],
    ['stale', 'environment staging', [evidence(api, { environment: 'staging' })]],
    ['stale', 'plan ', [evidence(api, { planHash: 'f'.repeat(64) })]],
    ['stale', 'check ', [evidence(api, { check: { kind: 'http', sha256: 'f'.repeat(64) } })]],
    ['stale', 'launch other', [evidence(api, { launch: 'other' })]],
    ['stale', 'evidence of 2026-12-05T11:44:59.999Z', [evidence(api, { observedAt: ago(900_001) })]],
    ['stale', 'from the future', [evidence(api, { observedAt: ago(-5_001) })]],
    ['stale', 'unreadable time', [evidence(api, { observedAt: 'yesterday' })]],
    ['simulated', 'simulated evidence', [evidence(api, { mode: 'simulated' })]],
    ['unreadable', 'refused: no', [evidence(api, { trouble: { code: 'refused', message: 'no' }, facts: null })]],
    ['unreadable', 'no finding', [evidence(api, { judgement: { outcome: 'pass', findings: [] } })]],
    ['unreadable', 'status == 200: 503', [evidence(api, { judgement: judgement('unknown') })]],
    ['cannot-fail', 'passes on it', [evidence(api, { control: judgement('pass') })]],
    ['cannot-fail', 'cannot be read', [evidence(api, { control: { outcome: 'unknown', findings: [] } })]],
    ['missing', 'the word of carol', [evidence(api, { producer: { kind: 'person', person: 'carol' } })]],
    ['stale', 'another spec', [evidence(api, { spec: { url: 'elsewhere' } })]],
    ['stale', 'other expectations', [evidence(api, { expectations: ['status exists'] })]],
    ['stale', 'findings on other', [evidence(api, { judgement: easier })]],
    ['stale', 'the file check', [evidence(api, { check: { kind: 'file', sha256: api.check?.sha256 ?? '' } })]],
    ['failed', 'status == 200: 503', [evidence(api, { judgement: judgement('fail') })]],
    ['failed', 'status == 200: 503', [evidence(api, { judgement: { ...judgement('fail'), outcome: 'pass' } })]],
  ] as const)('D01 shows %s evidence as such (%s) and says NO-GO', (standing, got, entries) => {
    const decision = decideOn([api], ...entries);
    expect(decision.outcome).toBe('no-go');
    expect(nodeOf(decision, 'api')).toMatchObject({ standing, outcome: standing === 'failed' ? 'fail' : 'unknown' });
    expect(nodeOf(decision, 'api').got).toContain(got);
  });

  it('D01 the edges of freshness and clock skew still count', () => {
    expect(decideOn([api], evidence(api, { observedAt: ago(900_000) })).outcome).toBe('go');
    expect(decideOn([api], evidence(api, { observedAt: ago(-5_000) })).outcome).toBe('go');
  });

  it('D01 evidence of a simulated environment never meets a gate, and nothing can change that', () => {
    const mirror = { environment: 'mirror' };
    const question = input(launch([gate([api])]), log(evidence(api, mirror)));
    const decision = decide({ ...question, candidate: { ...question.candidate, ...mirror } });
    expect(nodeOf(decision, 'api').standing).toBe('simulated');
    expect(decision.shortestWay).toBeNull();
  });

  it('D01 a criterion with no limit of age anywhere is never met', () => {
    const decision = decide(input(launch([gate([api], { freshMs: null })]), log(evidence(api))));
    expect(nodeOf(decision, 'api')).toMatchObject({ standing: 'stale', got: 'none, on the criterion or on its gate' });
  });

  it('D08 a newer red run blocks however green the older one was, and both are listed', () => {
    const green = evidence(api, { observedAt: ago(120_000) });
    const red = evidence(api, { observedAt: ago(60_000), judgement: judgement('fail') });
    const decision = decideOn([api], red, green);
    const [redId, greenId] = log(red, green).map(({ id }) => id);
    expect(decision.outcome).toBe('no-go');
    expect(nodeOf(decision, 'api').evidence).toMatchObject({ id: redId, superseded: [greenId] });
  });

  it('D02 superseded evidence stays readable and an old red run with a new green one does not block', () => {
    const red = evidence(api, { observedAt: ago(120_000), judgement: judgement('fail') });
    const green = evidence(api, { observedAt: ago(60_000) });
    const decision = decideOn([api], green, red);
    expect(decision.outcome).toBe('go');
    expect(nodeOf(decision, 'api').evidence?.superseded).toEqual(log(red).map(({ id }) => id));
  });

  it('D01 newer evidence of another candidate neither counts nor hides the one that does', () => {
    const decision = decideOn(
      [api],
      evidence(api),
      evidence(api, { candidateSha256: 'f'.repeat(64), observedAt: ago(1_000) }),
    );
    expect(decision.outcome).toBe('go');
  });

  it.each([
    ['robot', 'robot is an automation'],
    ['bob', 'bob does not hold the role operator'],
    ['nobody', 'nobody is not declared'],
  ])('D04 the word of %s does not close a human criterion', (person, reason) => {
    const ops = human('ops');
    const decision = decideOn([ops], evidence(ops, { producer: { kind: 'person', person } }));
    expect(decision.outcome).toBe('no-go');
    expect(nodeOf(decision, 'ops')).toMatchObject({ standing: 'missing', outcome: 'unknown' });
    expect(nodeOf(decision, 'ops').got).toContain(reason);
    expect(decision.shortestWay).toMatchObject([{ verb: 'attest', subject: 'ops', owner: 'carol' }]);
  });

  it.each([
    ['no valid signature', { facts: { signature: 'invalid', person: 'carol' } }],
    ['no valid signature', { facts: { signature: 'valid', person: 'alice' } }],
    ['a word about something else', { spec: { ...evidence(human('ops')).spec, criterion: 'other' } }],
    [
      'a key that the launch does not declare',
      { spec: { ...evidence(human('ops')).spec, people: [{ id: 'carol', key: 'ed25519:mine' }] } },
    ],
    ['a key that the launch does not declare', { spec: { ...evidence(human('ops')).spec, people: 'all' } }],
  ])('D04 a word with %s closes nothing', (reason, patch) => {
    const ops = human('ops');
    const decision = decideOn([ops], evidence(ops, patch));
    expect(decision.outcome).toBe('no-go');
    expect(nodeOf(decision, 'ops').got).toContain(reason);
  });

  it('D01 templates of a check are filled in for this candidate, and evidence of another filling is stale', () => {
    const templated = { ...check('t'), spec: { url: '{{ candidate.version }}/health' } };
    const item = criterion('t', { check: templated });
    expect(decideOn([item], evidence(item, { spec: { url: '1.8.0/health' } })).outcome).toBe('go');
    expect(decideOn([item], evidence(item, { spec: { url: '1.7.0/health' } })).outcome).toBe('no-go');
    expect(decideOn([item], evidence(item)).outcome).toBe('no-go');
  });

  it('D04 a human with the role closes it, and the evidence of a machine does not', () => {
    const ops = human('ops');
    expect(decideOn([ops], evidence(ops)).outcome).toBe('go');
    expect(decideOn([ops], evidence(ops, { producer: { kind: 'check', tool: 'tminus' } })).outcome).toBe('no-go');
    expect(decideOn([ops], evidence(ops, { check: { kind: 'http', sha256: 'a'.repeat(64) } })).outcome).toBe('no-go');
  });

  it('D04 a human criterion with a machine check wants both', () => {
    const smoke = human('smoke', 'operator', { check: check('smoke') });
    const machine = evidence(criterion('smoke'));
    const byHand = evidence(human('smoke'));
    expect(decideOn([smoke], machine).outcome).toBe('no-go');
    expect(decideOn([smoke], byHand).outcome).toBe('no-go');
    expect(decideOn([smoke], machine, byHand).outcome).toBe('go');
  });

  it('O18 a criterion without a check is missing, whatever evidence names it', () => {
    const bare = criterion('bare', { check: null });
    const decision = decideOn([bare], evidence(bare));
    expect(nodeOf(decision, 'bare')).toMatchObject({ standing: 'missing', got: 'no check is declared' });
    expect(decision.shortestWay).toMatchObject([{ verb: 'replace-check', subject: 'bare', owner: 'olga' }]);
  });

  it('O18 a gate without criteria is NO-GO, and no set of actions can change that', () => {
    const decision = decideOn([]);
    expect(decision.outcome).toBe('no-go');
    expect(decision.shortestWay).toBeNull();
  });

  it('O18 counts any, all and k of n, and an impossible number is unknown', () => {
    const [a, b, c] = [criterion('a'), criterion('b'), criterion('c')] as const;
    const one = [evidence(a), evidence(b, { judgement: judgement('fail') })];
    expect(decideOn([group('g', 'any', [a, b, c])], ...one).outcome).toBe('go');
    expect(nodeOf(decideOn([group('g', 'all', [a, b, c])], ...one), 'g').outcome).toBe('fail');
    expect(nodeOf(decideOn([group('g', 2, [a, b, c])], ...one), 'g').outcome).toBe('unknown');
    expect(decideOn([group('g', 2, [a, b, c])], ...one, evidence(c)).outcome).toBe('go');
    for (const need of [0, 4, 1.5, -1]) {
      expect(decideOn([group('g', need, [a, b, c])], ...[a, b, c].map((item) => evidence(item))).outcome).toBe('no-go');
    }
  });

  it('F13 names the shortest way with owners, one action for a shared check', () => {
    const shared = check('shared');
    const [a, b] = [criterion('a', { check: shared, owner: 'ann' }), criterion('b', { check: shared })];
    const decision = decideOn([a, b, group('g', 'any', [criterion('x'), criterion('y')])]);
    expect(decision.shortestWay).toHaveLength(2);
    expect(decision.shortestWay?.[0]).toMatchObject({ verb: 'run-check', subject: 'a', owner: 'ann' });
  });

  it('F13 every linked piece of evidence is part of the evidence root', () => {
    const first = decideOn([api], evidence(api));
    const second = decideOn([api], evidence(api), evidence(api, { observedAt: ago(120_000) }));
    expect(first.evidenceRoot).not.toBe(second.evidenceRoot);
  });

  it('refuses a gate, a phase and a clock that make no sense', () => {
    const question = input(launch([gate([api])]), goodLog(launch([gate([api])])));
    expect(() => decide({ ...question, gate: 'raedy' })).toThrow(/expected one gate "raedy", got 0 among ready/);
    expect(() => decide({ ...question, phase: 'canray' })).toThrow(/expected a declared phase/);
    expect(() => decide({ ...question, now: '2026-12-05' })).toThrow(/RFC 3339/);
    expect(() => decide(input(launch([gate([api]), gate([api])]), []))).toThrow(/got 2/);
  });

  it('waivers of a group set the whole group aside', () => {
    const two = group('two', 'all', [criterion('a'), criterion('b')]);
    const decision = decideOn([two, api], evidence(api), waiver('two'));
    expect(decision.outcome).toBe('go-with-conditions');
    expect(decision.waivers).toMatchObject([{ criterion: 'two', person: 'bob' }]);
  });
});
