import { sha256Hex } from '@tminus/verify';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { nowMs, request, scene, vote } from './access.fixture.ts';
import { assessApprovalBy, standardApprovalRules as real } from './assess-approval.ts';
import type { ApprovalRules } from './assess-approval.ts';
import type { ApprovalRequest } from './approval-request.ts';
import { separationArbitrary, taints } from './separation.fixture.ts';
import type { Question, Taint } from './separation.fixture.ts';

type Law = (rules: ApprovalRules) => fc.IProperty<unknown>;

const isApproved = (rules: ApprovalRules, { request: of, votes, world }: Question): boolean =>
  assessApprovalBy(rules, { request: of, votes }, world, nowMs).approved;

/** C3: votes that suffice exactly, one of them by a hand that is elsewhere in the matter, too. */
const noHandTwice: Law = (rules) => fc.property(separationArbitrary, ({ tainted }) => !isApproved(rules, tainted));

const fields = [
  'id',
  'launch',
  'environment',
  'planHash',
  'candidateSha256',
  'dryRunSha256',
  'level',
  'action',
  'runbook',
  'policy',
  'reason',
  'requestedAt',
  'expiresAt',
] as const;

/** S5: a change of one thing voids every vote on it, and no vote on another request. */
const changeVoids: Law = (rules) =>
  fc.property(fc.constantFrom(...fields), fc.integer({ min: 1, max: 60_000 }), (field, step) => {
    const shown = request();
    const other = request({ id: 'r-2' });
    const votes = [vote(shown, 'bob'), vote(shown, 'carol'), vote(other, 'alice'), vote(other, 'lena')];
    const changed = { ...shown, [field]: changeOf(shown, field, step) };
    // The request itself may now be refused; here it is the votes that are looked at.
    const lenient = { ...rules, requestFault: () => null };
    const after = assessApprovalBy(lenient, { request: changed, votes }, scene(), nowMs);
    const untouched = assessApprovalBy(lenient, { request: other, votes }, scene(), nowMs);
    return after.go.length === 0 && untouched.go.length === 2;
  });

function changeOf(shown: ApprovalRequest, field: (typeof fields)[number], step: number): unknown {
  if (field === 'action') return { ...shown.action, kind: `kind-${step}` };
  if (field === 'level') return 3;
  if (field === 'requestedAt') return new Date(Date.parse(shown.requestedAt) + step).toISOString();
  if (field === 'expiresAt') return new Date(Date.parse(shown.expiresAt) - step).toISOString();
  return sha256Hex(`step ${step}`);
}

/** What is known of a vote but not shown with the request, such as who else carries it out, voids nobody else's vote. */
const othersStand: Law = (rules) =>
  fc.property(fc.constantFrom('bob', 'carol', 'alice'), (who) => {
    const shown = request({ level: 2 });
    const votes = ['alice', 'bob', 'carol'].map((each) => vote(shown, each));
    const assessed = assessApprovalBy(
      rules,
      { request: { ...shown, executors: ['deployer', who] }, votes },
      scene(),
      nowMs,
    );
    return assessed.void.length === 1 && assessed.void[0]!.id.startsWith(`v-${who}-`) && assessed.approved;
  });

const holds = (law: Law, rules: ApprovalRules, numRuns: number) =>
  fc.check(law(rules), { numRuns, seed: 5 }).counterexample;

describe('separation of duties', () => {
  it('C3 lets none of 5,000 generated cases through in which requester, implementer and approver coincide', () => {
    expect(holds(noHandTwice, real, 5000)).toBeNull();
  }, 180_000);

  it('C3 (negative control) approves the same cases without the coincidence, each sort of them', () => {
    const cases = fc.sample(separationArbitrary, { numRuns: 600, seed: 5 });
    expect(cases.filter(({ clean }) => !isApproved(real, clean))).toEqual([]);
    expect(new Set(cases.map(({ taint }) => taint))).toEqual(new Set(taints));
  });

  it('S5 1,000 changes of what was shown void exactly the votes on it', () => {
    expect(holds(changeVoids, real, 1000)).toBeNull();
    expect(holds(othersStand, real, 30)).toBeNull();
  });

  const asAccounts = (question: Parameters<typeof real.excludedHumans>[1]): typeof question => ({
    ...question,
    launch: { ...question.launch, people: question.launch.people.map((each) => ({ ...each, human: each.id })) },
  });
  const standing = (
    change: (args: Parameters<typeof real.voteStanding>) => Parameters<typeof real.voteStanding>,
  ): Partial<ApprovalRules> => ({
    voteStanding: (...args) => real.voteStanding(...change(args)),
  });

  it.each<[string, Partial<ApprovalRules>]>([
    [
      'lets the requester vote',
      { excludedHumans: (parties, world) => real.excludedHumans({ ...parties, requester: '' }, world) },
    ],
    [
      'lets authors vote',
      { excludedHumans: (parties, world) => real.excludedHumans({ ...parties, authors: [] }, world) },
    ],
    [
      'lets executors vote',
      { excludedHumans: (parties, world) => real.excludedHumans({ ...parties, executors: [] }, world) },
    ],
    [
      'knows accounts, not humans',
      { excludedHumans: (parties, world) => real.excludedHumans(parties, asAccounts(world)) },
    ],
    [
      'compares names by letter',
      {
        excludedHumans: (parties, world) =>
          real.excludedHumans({ ...parties, authors: parties.authors.filter((each) => !each.includes('<')) }, world),
      },
    ],
    [
      'knows no groups in groups',
      {
        excludedHumans: (parties, world) =>
          real.excludedHumans(parties, {
            ...world,
            groups: world.groups.map((each) => (each.id === 'division' ? { ...each, people: ['ada'] } : each)),
          }),
      },
    ],
    ['knows no groups', { excludedHumans: (parties, world) => real.excludedHumans(parties, { ...world, groups: [] }) }],
    [
      'counts accounts, not humans',
      {
        voteStanding: (...args) => {
          const found = real.voteStanding(...args);
          return found.ok ? { ok: true, humans: [args[0].person] } : found;
        },
      },
    ],
    [
      'forgets who passed a role on',
      {
        voteStanding: (cast, world, excluded, now) =>
          real.voteStanding(
            cast,
            { ...world, grants: world.grants.map((each) => ({ ...each, delegates: null })) },
            excluded,
            now,
          ),
      },
    ],
    [
      'looks at roles as they were',
      standing(([cast, world, excluded]) => [cast, world, excluded, Date.parse(cast.signedAt)]),
    ],
    [
      'looks at roles as they are',
      standing(([cast, world, excluded, now]) => [
        { ...cast, signedAt: new Date(now).toISOString() },
        world,
        excluded,
        now,
      ]),
    ],
    [
      'lets automations vote',
      standing(([cast, world, excluded, now]) => [
        cast,
        {
          ...world,
          launch: { ...world.launch, people: world.launch.people.map((each) => ({ ...each, automation: false })) },
        },
        excluded,
        now,
      ]),
    ],
    [
      'takes any group for theirs',
      standing(([cast, world, excluded, now]) => [
        cast,
        { ...world, groups: [{ id: 'left', people: [cast.person] }] },
        excluded,
        now,
      ]),
    ],
    ['asks for no standing at all', { voteStanding: (cast) => ({ ok: true, humans: [cast.person] }) }],
  ])('C3 (planted fault) is found out in a rule that %s', (_, fault) => {
    expect(holds(noHandTwice, { ...real, ...fault }, 1500)).not.toBeNull();
  });

  it.each([
    'another candidate',
    'another launch',
    'another environment',
    'the plan has',
    'the dry run has',
    'the request has',
  ])('S5 (planted fault) is found out in a rule that overlooks: %s changed', (overlooked) => {
    const forgetful: ApprovalRules = {
      ...real,
      changesSince: (cast, of) => real.changesSince(cast, of).filter((change) => !change.includes(overlooked)),
    };
    expect(holds(changeVoids, forgetful, 600)).not.toBeNull();
  });

  it('S5 (planted fault) is found out in a rule that voids everything as soon as one executor changes', () => {
    const jumpy: ApprovalRules = {
      ...real,
      changesSince: (_, of) =>
        (of.executors.length === 2 ? [] : ['x']).concat(
          of.executors.includes('bob') ? ['the executors have changed'] : [],
        ),
    };
    expect(holds(othersStand, jumpy, 30)).not.toBeNull();
  });

  it('C3 says why, for every sort of coincidence', () => {
    const cases = fc.sample(separationArbitrary, { numRuns: 400, seed: 5 });
    const silent = new Set<Taint>();
    for (const { taint, tainted } of cases) {
      const { void: voided, reasons } = assessApprovalBy(
        real,
        { request: tainted.request, votes: tainted.votes },
        tainted.world,
        nowMs,
      );
      if (voided.length !== 1 || voided[0]!.reasons.length !== 1 || reasons.length === 0) silent.add(taint);
    }
    expect([...silent]).toEqual([]);
  });
});
