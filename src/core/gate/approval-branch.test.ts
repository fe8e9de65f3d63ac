import { describe, expect, it } from 'vitest';

import { decide } from './decide.ts';
import type { DecideInput } from './decide.ts';
import type { Decision } from './decision.ts';
import { ago, criterion, evidence, gate, input, launch, log, vote, withVotes } from './dossier.fixture.ts';

const api = criterion('api');
const question = input(launch([gate([api], { quorum: 2 })]), log(evidence(api)));
const alice = { person: 'alice', role: 'lead' };
const bob = { person: 'bob', role: 'second' };

function votesOn(asked: DecideInput, ...votes: Parameters<typeof withVotes>[1][]): Decision {
  return decide(withVotes(asked, ...votes));
}

function reasons(decision: Decision): string[] {
  return (decision.tree.children.at(-1)?.children ?? [])
    .filter(({ standing }) => standing === 'void')
    .map(({ got }) => got);
}

describe('approvals', () => {
  it('O21 everything met but the votes is NO-GO, with the votes as the shortest way', () => {
    const decision = decide(question);
    expect(decision.outcome).toBe('no-go');
    expect(decision.tree.children.at(-1)).toMatchObject({ kind: 'approvals', standing: 'open' });
    expect(decision.shortestWay).toHaveLength(2);
    expect(decision.shortestWay?.[0]).toMatchObject({
      verb: 'approve',
      subject: 'ready',
      owner: 'alice, alice-admin, bob, carol',
    });
  });

  it('O21 go votes of two humans over what was shown lead to GO', () => {
    expect(votesOn(question, [alice], [bob]).outcome).toBe('go');
    expect(votesOn(question, [alice]).outcome).toBe('no-go');
  });

  it('O21 votes change neither what they sign nor the evidence root', () => {
    const [before, after] = [decide(question), votesOn(question, [alice], [bob])];
    expect(after.subjectSha256).toBe(before.subjectSha256);
    expect(decide({ ...question, now: ago(-1_000) }).subjectSha256).toBe(before.subjectSha256);
  });

  it.each([
    ['alice voted again later', [alice], [{ person: 'alice-admin', role: 'lead', signedAt: ago(20_000) }]],
    ['rita asked for the release', [bob], [{ person: 'rita', role: 'lead' }]],
    ['robot is an automation', [bob], [{ person: 'robot', role: 'lead' }]],
    ['bob does not hold the role lead', [alice], [{ person: 'bob', role: 'lead' }]],
    ['guest does not hold the role second', [alice], [{ person: 'guest', role: 'second' }]],
    ['mallory is not declared', [alice], [{ person: 'mallory', role: 'second' }]],
    ['it is about another launch', [alice], [{ ...bob, launch: 'other' }]],
    ['it is about another candidate', [alice], [{ ...bob, candidateSha256: 'f'.repeat(64) }]],
    ['it is about another environment', [alice], [{ ...bob, environment: 'staging' }]],
    ['the plan has changed since', [alice], [{ ...bob, planHash: 'f'.repeat(64) }]],
    ['what was shown has changed since', [alice], [{ ...bob, subjectSha256: 'f'.repeat(64) }]],
    ['it is from the future', [alice], [{ ...bob, signedAt: ago(-6_000) }]],
    ['its time cannot be read', [alice], [{ ...bob, signedAt: 'today' }]],
    ['signed statement key', [alice], [bob, 'carol']],
  ] as const)('O21 a vote does not count where %s', (reason, first, second) => {
    const decision = votesOn(question, [...first] as never, [...second] as never);
    expect(decision.outcome).toBe('no-go');
    expect(reasons(decision).join()).toContain(reason);
  });

  it('O21 a changed byte under the signature voids the vote', () => {
    const signed = vote(decide(question).subjectSha256, bob);
    const forged = { ...signed, statement: { ...signed.statement, comment: 'sure' } };
    const decision = decide({
      ...withVotes(question, [alice]),
      entries: [...withVotes(question, [alice]).entries, ...log(forged)],
    });
    expect(decision.outcome).toBe('no-go');
    expect(reasons(decision)).toHaveLength(1);
  });

  it('O21 new evidence voids the votes on what was shown before', () => {
    const voted = withVotes(question, [alice], [bob]);
    const newer = evidence(api, { observedAt: ago(10_000) });
    const decision = decide({ ...voted, entries: [...voted.entries, ...log(newer)] });
    expect(decision.outcome).toBe('no-go');
    expect(reasons(decision)).toHaveLength(2);
  });

  it('O21 a blank line in the document moves places and voids no vote', () => {
    const voted = withVotes(question, [alice], [bob]);
    const moved = { ...api, at: { ...api.at, line: 17 } };
    expect(decide({ ...voted, launch: launch([gate([moved], { quorum: 2 })]) }).outcome).toBe('go');
  });

  it('O21 a no-go stands against any number of goes until the same human takes it back', () => {
    const noGo = { person: 'carol', role: 'second', vote: 'no-go' } as const;
    const blocked = votesOn(question, [alice], [bob], [noGo]);
    expect(blocked.outcome).toBe('no-go');
    expect(blocked.shortestWay).toMatchObject([{ verb: 'approve', owner: 'carol' }]);
    expect(votesOn(question, [alice], [bob], [noGo], [{ ...noGo, vote: 'go', signedAt: ago(10_000) }]).outcome).toBe(
      'go',
    );
    expect(
      votesOn(question, [alice], [bob], [{ ...noGo, vote: 'go' }], [{ ...noGo, signedAt: ago(10_000) }]).outcome,
    ).toBe('no-go');
    expect(votesOn(question, [alice], [bob], [{ ...noGo, vote: 'go' }], [noGo]).outcome).toBe('no-go');
  });

  it('O21 a withdrawn no-go fills a place of the quorum, so the way is no longer than it has to be', () => {
    expect(votesOn(question, [alice], [{ ...bob, vote: 'no-go' }]).shortestWay).toMatchObject([{ owner: 'bob' }]);
  });

  it('O21 each role of the gate has to vote, and no other role may', () => {
    const byRole = input(launch([gate([api], { quorum: 2, roles: ['lead', 'operator'] })]), log(evidence(api)));
    expect(votesOn(byRole, [alice], [bob]).outcome).toBe('no-go');
    expect(reasons(votesOn(byRole, [alice], [bob])).join()).toContain('the gate wants lead, operator, not second');
    expect(votesOn(byRole, [alice], [{ person: 'carol', role: 'operator' }]).outcome).toBe('go');
    expect(votesOn(byRole, [alice]).shortestWay).toMatchObject([{ owner: 'carol' }]);
  });

  it('O21 says that no way leads to GO where too few people may vote', () => {
    const alone = launch([gate([api], { quorum: 2 })]);
    const roles = [{ id: 'lead', people: ['alice', 'alice-admin', 'rita', 'robot'], at: api.at }];
    const decision = decide(input({ ...alone, roles }, log(evidence(api))));
    expect(decision.shortestWay).toBeNull();
    expect(decision.tree.children.at(-1)?.children[0]?.got).toContain('too few people who may vote');
  });

  it('O21 two roles that one human alone could fill cannot be had', () => {
    const roles = [
      { id: 'lead', people: ['alice'], at: api.at },
      { id: 'operator', people: ['alice'], at: api.at },
      { id: 'second', people: ['bob', 'carol'], at: api.at },
    ];
    const asked = launch([gate([api], { roles: ['lead', 'operator'] })], { roles });
    expect(decide(input(asked, log(evidence(api)))).shortestWay).toBeNull();
  });
});
