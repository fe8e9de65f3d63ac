import { digestOf } from '@tminus/verify';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Risk } from '../risk/risk.ts';
import type { ScopeItem } from '../scope/scope.ts';
import { decide } from './decide.ts';
import { dossierArbitrary, faults } from './dossier-arbitrary.fixture.ts';
import type { FaultKind } from './dossier-arbitrary.fixture.ts';
import { criterion, evidence, gate, input, launch, log } from './dossier.fixture.ts';
import { shuffle, shuffleSets } from './input-order.fixture.ts';

const api = criterion('api');

describe('generated dossiers', () => {
  it('R13 5,000 generated dossiers with evidence that lacks something: no GO', () => {
    const outcomes = new Map<string, number>();
    const seen = new Set<FaultKind>();
    fc.assert(
      fc.property(dossierArbitrary(faults), ({ question, faults: spoiled }) => {
        const { outcome } = decide(question);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        for (const fault of spoiled) seen.add(fault);
      }),
      { numRuns: 5_000, seed: 13 },
    );
    expect([...outcomes]).toEqual([['no-go', 5_000]]);
    expect([...seen].toSorted()).toEqual(faults.toSorted());
  }, 180_000);

  it('R13 the same generator without faults: GO every time', () => {
    fc.assert(
      fc.property(dossierArbitrary([]), ({ question }) => {
        expect(decide(question).outcome).toBe('go');
      }),
      { numRuns: 1_000, seed: 13 },
    );
  }, 180_000);

  it('U3 the same dossier has the same hash in 1,000 orders of entries and of declared sets', () => {
    const [sample] = fc.sample(dossierArbitrary(faults), { numRuns: 1, seed: 5 });
    const declared = { scope: someScope, risks: someRisks, dependencies: someDependencies };
    const question = { ...sample!.question, launch: { ...sample!.question.launch, ...declared } };
    const hash = digestOf(decide(question));
    const streams = fc.sample(fc.infiniteStream(fc.nat()), { numRuns: 1_000, seed: 3 });
    const hashes = streams.map((random) =>
      digestOf(
        decide({
          ...question,
          entries: shuffle(question.entries, random),
          launch: shuffleSets(question.launch, random),
        }),
      ),
    );
    expect(new Set(hashes)).toEqual(new Set([hash]));
  });

  it('law 13 a launch has nowhere to put a tick, a claim or a status, so none can move a decision', () => {
    const question = input(launch([gate([api])]), log(evidence(api)));
    const fields = (value: unknown): string[] =>
      Array.isArray(value)
        ? value.flatMap(fields)
        : value && typeof value === 'object'
          ? Object.entries(value).flatMap(([key, part]) => [key, ...fields(part)])
          : [];
    expect(
      fields(question.launch).filter((name) => /tick|checked|done|status|claim|progress|complete/i.test(name)),
    ).toEqual([]);
    const claimed = { ...question, launch: { ...question.launch, ticked: ['api'], status: 'done' }, entries: [] };
    expect(decide(claimed).outcome).toBe('no-go');
    expect(digestOf(decide(claimed))).toBe(digestOf(decide({ ...question, entries: [] })));
  });
});

const place = { file: 'launch.md', line: 3, column: 1 };
const someScope = ['a', 'b', 'c'].map((id): ScopeItem => {
  const deferral = { owner: 'ann', riskNote: 'small' };
  return {
    id,
    title: id,
    class: 'critical',
    state: 'deferred',
    owner: null,
    followUp: '#9',
    userSees: null,
    deferral,
    highRisk: true,
    undoCriterion: 'c0',
    at: place,
  };
});
const someRisks = ['x', 'y'].map((id, index): Risk => {
  return {
    id,
    title: id,
    likelihood: 4,
    impact: 3 + index,
    mitigation: null,
    mitigatedBy: 'c0',
    owner: null,
    at: place,
  };
});
const someDependencies = ['#1', '#2'].map((id) => ({ id, state: 'open' as const, at: place }));
