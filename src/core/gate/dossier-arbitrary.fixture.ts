import * as fc from 'fast-check';
import type { EvidenceRecord } from '@tminus/verify';

import type { Criterion } from '../launch/launch.ts';
import type { DecideInput } from './decide.ts';
import {
  ago,
  criterion,
  evidence,
  gate,
  group,
  human,
  input,
  judgement,
  launch,
  leavesOf,
  log,
  withVotes,
} from './dossier.fixture.ts';
import type { LoggedEntry } from './log-index.ts';

/** Everything that evidence can lack. `missing` leaves none; `superseded-by-worse` adds a newer failure over an older pass. */
export const faults = [
  'missing',
  'stale',
  'from-the-future',
  'superseded-by-worse',
  'superseded-by-unknown',
  'simulated',
  'unreadable',
  'inconclusive',
  'no-findings',
  'failed',
  'other-candidate',
  'other-environment',
  'other-plan',
  'other-check',
  'cannot-fail',
  'wrong-producer',
  'other-question',
  'weaker-expectations',
] as const;
export type FaultKind = (typeof faults)[number];

const other = 'f'.repeat(64);
const patches: Record<
  Exclude<FaultKind, 'missing' | 'superseded-by-worse' | 'superseded-by-unknown'>,
  Partial<EvidenceRecord>
> = {
  stale: { observedAt: ago(900_001) },
  'from-the-future': { observedAt: ago(-60_000) },
  simulated: { mode: 'simulated' },
  unreadable: { trouble: { code: 'report_contradicts_itself', message: '287 declared, 46 found' }, facts: null },
  inconclusive: { judgement: judgement('unknown') },
  'no-findings': { judgement: { outcome: 'pass', findings: [] } },
  failed: { judgement: judgement('fail') },
  'other-candidate': { candidateSha256: other },
  'other-environment': { environment: 'staging' },
  'other-plan': { planHash: other },
  'other-check': { check: { kind: 'http', sha256: other } },
  'cannot-fail': { control: judgement('pass') },
  'wrong-producer': { producer: { kind: 'person', person: 'robot' }, facts: { signature: 'valid', person: 'robot' } },
  'other-question': { spec: { url: 'elsewhere' } },
  'weaker-expectations': { expectations: ['status exists'], facts: { signature: 'invalid', person: 'carol' } },
};

/** Evidence for this leaf that must not count, for the given reason. */
function faultyEvidence(leaf: Criterion, fault: FaultKind): LoggedEntry[] {
  if (fault === 'missing') return [];
  if (fault === 'superseded-by-worse') return superseded(leaf, { judgement: judgement('fail') });
  if (fault === 'superseded-by-unknown') return superseded(leaf, { judgement: judgement('unknown') });
  // A person's word is asked in no check of the document, so another check text means nothing to it.
  if (fault === 'other-check' && leaf.human) return [];
  return log(evidence(leaf, patches[fault]));
}

function superseded(leaf: Criterion, patch: Partial<EvidenceRecord>): LoggedEntry[] {
  return log(evidence(leaf, { observedAt: ago(120_000) }), evidence(leaf, { ...patch, observedAt: ago(60_000) }));
}

/** Criteria of a gate: leaves, human ones, and choices up to two deep. Their ids are unique. */
const criteriaArbitrary: fc.Arbitrary<Criterion[]> = fc
  .array(fc.constantFrom<Shape>('leaf', 'leaf', 'human', 'any', 'all', 'two', 'nested'), { minLength: 1, maxLength: 5 })
  .map((shapes) => shapes.map((shape, index) => toCriterion(shape, `c${index}`)));

type Shape = 'leaf' | 'human' | 'any' | 'all' | 'two' | 'nested';

function toCriterion(shape: Shape, id: string): Criterion {
  const parts = ['a', 'b', 'c'].map((name) => criterion(`${id}-${name}`));
  if (shape === 'leaf') return criterion(id);
  if (shape === 'human') return human(id);
  if (shape === 'any' || shape === 'all') return group(id, shape, parts);
  if (shape === 'two') return group(id, 2, parts);
  return group(id, 'all', [group(`${id}-x`, 'any', parts), human(`${id}-y`)]);
}

export interface Dossier {
  question: DecideInput;
  /** Empty where everything holds. */
  faults: FaultKind[];
}

/**
 * Dossiers in which all evidence holds, or, where faults are wanted, one criterion of the gate lost every leaf to one of
 * them. Two humans voted go on what is shown, so that nothing but the evidence stands in the way.
 */
export function dossierArbitrary(kinds: readonly FaultKind[]): fc.Arbitrary<Dossier> {
  const chosen =
    kinds.length === 0
      ? fc.constant<FaultKind[]>([])
      : fc.array(fc.constantFrom(...kinds), { minLength: 12, maxLength: 12 });
  return fc.tuple(criteriaArbitrary, fc.nat(), chosen).map(([criteria, pick, spoiled]) => {
    const target = kinds.length === 0 ? null : criteria[pick % criteria.length]!;
    const good = leavesOf(criteria.filter((item) => item !== target)).flatMap((leaf) => log(evidence(leaf)));
    const bad = leavesOf(target ? [target] : []).flatMap((leaf, index) => faultyEvidence(leaf, spoiled[index]!));
    const question = input(launch([gate(criteria, { quorum: 2 })]), [...good, ...bad]);
    return { question: voted(question), faults: target ? spoiled.slice(0, leavesOf([target]).length) : [] };
  });
}

/** A dossier in which every leaf stands as it may, with the leaves that hold; votes of two humans are on what is shown. */
export const mixedArbitrary: fc.Arbitrary<{ question: DecideInput; met: ReadonlySet<string> }> = fc
  .tuple(
    criteriaArbitrary,
    fc.array(
      fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...faults) }),
      {
        minLength: 20,
        maxLength: 20,
      },
    ),
  )
  .map(([criteria, states]) => {
    const leaves = leavesOf(criteria).map((leaf, index) => ({ leaf, fault: states[index]! }));
    const entries = leaves.flatMap(({ leaf, fault }) => (fault ? faultyEvidence(leaf, fault) : log(evidence(leaf))));
    const met = new Set(leaves.filter(({ fault }) => fault === null).map(({ leaf }) => leaf.id));
    return { question: input(launch([gate(criteria, { quorum: 2 })]), entries), met };
  });

/** The question with both votes on what it shows. */
export function voted(question: DecideInput): DecideInput {
  return withVotes(question, [{ person: 'alice', role: 'lead' }], [{ person: 'bob', role: 'second' }]);
}
