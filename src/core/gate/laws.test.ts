import { digestOf } from '@tminus/verify';
import type { Approval, Waiver } from '@tminus/verify';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decideBy } from './decide.ts';
import { dossierArbitrary, faults } from './dossier-arbitrary.fixture.ts';
import type { FaultKind } from './dossier-arbitrary.fixture.ts';
import {
  ago,
  criterion,
  evidence,
  gate,
  group,
  input,
  launch,
  log,
  vote,
  waiver,
  withVotes,
} from './dossier.fixture.ts';
import { shuffle, shuffleSets } from './input-order.fixture.ts';
import { standardRules } from './rules.ts';
import type { Rules } from './rules.ts';

/** A law as a property over any rules: it holds for the real ones, and finds the fault that is planted in others. */
type Law = (rules: Rules) => fc.IProperty<unknown>;

const runs = { numRuns: 150, seed: 7 };
const lead = { person: 'alice', role: 'lead' };
const second = { person: 'bob', role: 'second' };

/** Law 1 and 4: faulty evidence of these kinds never leads to GO, whatever votes stand on it. */
const neverGo =
  (...kinds: FaultKind[]): Law =>
  (rules) =>
    fc.property(dossierArbitrary(kinds), ({ question }) => {
      // The votes are cast on what these rules show: a planted fault changes that, too.
      const { subjectSha256 } = decideBy(rules, question);
      const votes = log(vote(subjectSha256, lead), vote(subjectSha256, second));
      return decideBy(rules, { ...question, entries: [...question.entries, ...votes] }).outcome === 'no-go';
    });

/** Law 1: no criteria, or choices without members, are unknown. */
const emptyIsUnknown: Law = (rules) =>
  fc.property(fc.array(fc.constantFrom('all' as const, 'any' as const, 1), { maxLength: 3 }), (needs) => {
    const empty = needs.map((need, index) => group(`g${index}`, need, [group(`g${index}-x`, need, [])]));
    return decideBy(rules, input(launch([gate(empty)]), [])).outcome === 'no-go';
  });

const api = criterion('api');
const tls = criterion('tls');

/** A waiver that lacks something changes nothing. */
const waiverNeeds =
  (patch: Partial<Waiver>, key?: string): Law =>
  (rules) =>
    fc.property(fc.integer({ min: 0, max: 100_000 }), (age) => {
      const entries = log(evidence(api), waiver('tls', { signedAt: ago(120_000 + age), ...patch }, key));
      return decideBy(rules, input(launch([gate([api, tls])]), entries)).outcome === 'no-go';
    });

/** A waiver that holds allows a GO with conditions, never a plain one; where everything is waived, none at all. */
const waiverIsNoPass: Law = (rules) =>
  fc.property(fc.boolean(), (isAll) => {
    const entries = log(waiver('tls'), ...(isAll ? [waiver('api')] : [evidence(api)]));
    return (
      decideBy(rules, input(launch([gate([api, tls])]), entries)).outcome === (isAll ? 'no-go' : 'go-with-conditions')
    );
  });

/** Law 5: one valid vote and this one are not the two that are wanted. */
const voteNeeds =
  (patch: Partial<Approval>, ...key: [string?]): Law =>
  (rules) =>
    fc.property(fc.integer({ min: 0, max: 100_000 }), (age) => {
      const question = input(launch([gate([api], { quorum: 2 })]), log(evidence(api)));
      return (
        decideBy(rules, withVotes(question, [lead], [{ ...second, signedAt: ago(age), ...patch }, ...key])).outcome ===
        'no-go'
      );
    });

/** Law 5: votes on what was shown before newer evidence came do not stand on what is shown now. */
const newEvidenceVoids: Law = (rules) =>
  fc.property(fc.integer({ min: 0, max: 59_000 }), (age) => {
    const voted = withVotes(input(launch([gate([api], { quorum: 2 })]), log(evidence(api))), [lead], [second]);
    const entries = [...voted.entries, ...log(evidence(api, { observedAt: ago(age) }))];
    return decideBy(rules, { ...voted, entries }).outcome === 'no-go';
  });

/** A valid no-go makes it NO-GO, in whatever order goes of others come. */
const noGoStands: Law = (rules) =>
  fc.property(fc.integer({ min: 0, max: 100_000 }), (age) => {
    const question = input(launch([gate([api], { quorum: 1 })]), log(evidence(api)));
    const noGo = { person: 'carol', role: 'second', vote: 'no-go' as const, signedAt: ago(age) };
    return decideBy(rules, withVotes(question, [lead], [second], [noGo])).outcome === 'no-go';
  });

/** Equal inputs give equal bytes, whatever their order. */
const orderLeavesNoTrace: Law = (rules) =>
  fc.property(
    dossierArbitrary([]),
    dossierArbitrary(faults),
    fc.infiniteStream(fc.nat()),
    ({ question: good }, { question: bad }, random) =>
      [good, bad].every((question) => {
        const shuffled = {
          ...question,
          entries: shuffle(question.entries, random),
          launch: shuffleSets(question.launch, random),
        };
        return digestOf(decideBy(rules, question)) === digestOf(decideBy(rules, shuffled));
      }),
  );

/** A criterion that is required by a phase is required from then on. */
const conditionsFallDue: Law = (rules) =>
  fc.property(fc.constantFrom('t-0', 'canary', 'full', 'no-such-phase'), (by) => {
    const question = input(launch([gate([api, criterion('late', { by })])]), log(evidence(api)), { phase: 'full' });
    return decideBy(rules, question).outcome === 'no-go';
  });

const plants: [name: string, law: Law, faulty: Partial<Rules>][] = [
  [
    'law 1: an unknown outcome counted as pass',
    neverGo('inconclusive'),
    { outcomeOf: ({ judgement }) => (judgement.outcome === 'fail' ? 'fail' : 'pass') },
  ],
  [
    'law 1: the written outcome taken for the findings',
    neverGo('no-findings'),
    { outcomeOf: ({ judgement }) => judgement.outcome },
  ],
  ['law 1: unreadable evidence judged all the same', neverGo('unreadable'), { readingFault: () => null }],
  ['law 1: simulated evidence accepted', neverGo('simulated'), { simulationFault: () => null }],
  ['law 1: stale evidence accepted', neverGo('stale'), { ageFault: () => null }],
  [
    'law 1: evidence from the future accepted',
    neverGo('from-the-future'),
    {
      ageFault: ({ observedAt }, limitMs, nowMs) =>
        nowMs - Date.parse(observedAt) > (limitMs ?? 0) ? { expected: '', got: '' } : null,
    },
  ],
  [
    'law 1: the oldest evidence used for the newest',
    neverGo('superseded-by-worse'),
    { compareAge: (a, b) => standardRules.compareAge(b, a) },
  ],
  [
    'law 1: a pass preferred to a newer unknown',
    neverGo('superseded-by-unknown'),
    { compareAge: (a, b) => rankPass(a.entry.judgement.outcome) - rankPass(b.entry.judgement.outcome) },
  ],
  [
    'law 1: an empty branch passes',
    emptyIsUnknown,
    {
      fold: (need, nodes) =>
        nodes.length === 0 ? { outcome: 'pass', standing: 'met' } : standardRules.fold(need, nodes),
    },
  ],
  [
    'law 1: one member of any choice is enough',
    neverGo('missing', 'failed'),
    { fold: (need, nodes) => standardRules.fold(need === 'all' ? 'any' : need, nodes) },
  ],
  ['law 2: a check that cannot fail counts', neverGo('cannot-fail'), { controlFault: () => null }],
  [
    'law 4: the environment not compared',
    neverGo('other-environment'),
    {
      bindingFault: (record, wanted) =>
        standardRules.bindingFault({ ...record, environment: wanted.environment }, wanted),
    },
  ],
  [
    'law 4: the candidate not compared',
    neverGo('other-candidate'),
    {
      bindingFault: (record, wanted) =>
        standardRules.bindingFault({ ...record, candidateSha256: wanted.candidateSha256 }, wanted),
    },
  ],
  [
    'law 4: the plan not compared',
    neverGo('other-plan'),
    { bindingFault: (record, wanted) => standardRules.bindingFault({ ...record, planHash: wanted.planHash }, wanted) },
  ],
  [
    'law 4: the check not compared',
    neverGo('other-check'),
    {
      bindingFault: (record, wanted) =>
        standardRules.bindingFault(
          { ...record, check: { ...record.check, sha256: wanted.checkSha256 ?? '' } },
          { ...wanted, checkSha256: wanted.checkSha256 ?? '' },
        ),
    },
  ],
  [
    'law 4: the answer to another question taken',
    neverGo('other-question', 'weaker-expectations'),
    { questionFault: () => null },
  ],
  ['law 5: a word taken with whatever key it brings', neverGo('other-question'), { wordFault: () => null }],
  ['law 5: automation closes a human criterion', neverGo('wrong-producer'), { signerFault: () => null }],
  [
    'a waiver counted as pass',
    waiverIsNoPass,
    {
      fold: (need, nodes) =>
        standardRules.fold(
          need,
          nodes.map((node) => (node.standing === 'waived' ? { outcome: 'pass', standing: 'met' } : node)),
        ),
    },
  ],
  [
    'an expired waiver in effect',
    waiverNeeds({ expiresAt: ago(1) }),
    {
      waiverFault: (signed, ground) =>
        standardRules.waiverFault(signed, { ...ground, nowMs: Date.parse(signed.statement.signedAt) }),
    },
  ],
  [
    'a waiver by the one who asked for it',
    waiverNeeds({ requestedBy: 'bob' }),
    { waiverFault: without('asked for it') },
  ],
  ['a waiver by an automation', waiverNeeds({ person: 'robot', role: 'lead' }), { waiverFault: without('automation') }],
  ['a waiver with the signature of another', waiverNeeds({}, 'carol'), { waiverFault: without('signed statement') }],
  [
    'a waiver for another candidate',
    waiverNeeds({ candidateSha256: 'f'.repeat(64) }),
    { waiverFault: without('another candidate') },
  ],
  [
    'law 5: one human with two accounts counts twice',
    voteNeeds({ person: 'alice-admin', role: 'lead' }),
    { humanOf: (_, id) => id },
  ],
  [
    'law 5: the requester votes',
    voteNeeds({ person: 'rita', role: 'lead' }),
    { voteFault: (signed, ballot) => standardRules.voteFault(signed, { ...ballot, requester: null }) },
  ],
  [
    'law 5: an automation votes',
    voteNeeds({ person: 'robot', role: 'lead' }),
    { voteFault: withoutVoteFault('automation') },
  ],
  [
    'law 5: a vote with the key of another',
    voteNeeds({}, 'carol'),
    { voteFault: withoutVoteFault('signed statement') },
  ],
  ['law 5: a vote without the role', voteNeeds({ person: 'guest' }), { voteFault: withoutVoteFault('does not hold') }],
  [
    'law 5: a vote survives changed evidence',
    newEvidenceVoids,
    {
      voteFault: (signed, ballot) =>
        standardRules.voteFault(signed, { ...ballot, subjectSha256: signed.statement.subjectSha256 }),
    },
  ],
  [
    'law 5: a no-go is not heard',
    noGoStands,
    {
      voteFault: (signed, ballot) =>
        signed.statement.vote === 'no-go' ? 'not heard' : standardRules.voteFault(signed, ballot),
    },
  ],
  ['the order of the input shows', orderLeavesNoTrace, { arrange: (items) => [...items] }],
  ['the first of the log taken for the newest', orderLeavesNoTrace, { compareAge: () => 0 }],
  ['a condition never falls due', conditionsFallDue, { isLaterPhase: () => true }],
];

describe('laws of the decision', () => {
  it.each(plants)('holds, and its property finds the planted fault: %s', (_, law, faulty) => {
    fc.assert(law(standardRules), runs);
    expect(fc.check(law({ ...standardRules, ...faulty }), runs).failed).toBe(true);
  });
});

function rankPass(outcome: string): number {
  return outcome === 'pass' ? 0 : 1;
}

function without(reason: string): Rules['waiverFault'] {
  return (signed, ground) => {
    const fault = standardRules.waiverFault(signed, ground);
    return fault?.includes(reason) ? null : fault;
  };
}

function withoutVoteFault(reason: string): Rules['voteFault'] {
  return (signed, ballot) => {
    const fault = standardRules.voteFault(signed, ballot);
    return fault?.includes(reason) ? null : fault;
  };
}
