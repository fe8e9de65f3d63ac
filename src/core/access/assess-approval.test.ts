import { sha256Hex } from '@tminus/verify';
import type { ActionVote } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import { grant, minutes, nowMs, request, scene, vote } from './access.fixture.ts';
import { leastLevel, levelRules } from './approval-level.ts';
import type { ApprovalRequest, ApprovalScene } from './approval-request.ts';
import { assessApproval } from './assess-approval.ts';
import { permitAction } from './permit-action.ts';

const asked = request();
const two = [vote(asked, 'bob'), vote(asked, 'carol')];

/** The reasons for which the only vote of this person is void. */
function voidReasons(
  patch: Partial<ActionVote>,
  options: { who?: string; key?: string; of?: ApprovalRequest; in?: ApprovalScene } = {},
): string[] {
  const { who = 'bob', of = asked } = options;
  const cast = vote(asked, who, patch, options.key ?? who);
  const assessment = assessApproval(of, [cast, vote(of, 'carol')], options.in ?? scene(), nowMs);
  expect(assessment.approved).toBe(false);
  return assessment.void.find(({ id }) => id === cast.id)?.reasons ?? [];
}

describe('levels of approval', () => {
  it('O02 level 2 is approved by two humans, and by no fewer', () => {
    expect(assessApproval(asked, two, scene(), nowMs)).toEqual({
      approved: true,
      reasons: [],
      go: two.map(({ id }) => id),
      noGo: [],
      void: [],
    });
    expect(assessApproval(asked, [two[0]!], scene(), nowMs).reasons).toEqual(['level 2 wants 2 humans, got 1']);
    expect(assessApproval(asked, [], scene(), nowMs).approved).toBe(false);
  });

  it('O02 level 1 wants one human, level 3 three with an approver and a lead among them', () => {
    const one = request({ level: 1, action: { ...asked.action, reversible: true } });
    expect(assessApproval(one, [vote(one, 'bob')], scene(), nowMs).approved).toBe(true);
    const three = request({ level: 3 });
    const approvers = ['alice', 'bob', 'carol'].map((each) => vote(three, each));
    expect(assessApproval(three, approvers, scene(), nowMs).reasons).toEqual(['level 3 wants a vote of the role lead']);
    expect(assessApproval(three, [...approvers.slice(1), vote(three, 'lena')], scene(), nowMs).approved).toBe(true);
  });

  it('O02 level 0 is automatic by a named policy that is in force and covers it, and never without', () => {
    const automatic = request({
      level: 0,
      environment: 'staging',
      policy: 'harmless',
      action: { id: 'warm', kind: 'http', reversible: true, destructive: false },
    });
    expect(assessApproval(automatic, [], scene(), nowMs).approved).toBe(true);
    const [policy] = scene().policies;
    const others: [Partial<ApprovalRequest>, ApprovalScene][] = [
      [{ policy: null }, scene()],
      [{ policy: 'harmles' }, scene()],
      [{ action: { ...automatic.action, kind: 'sql' } }, scene()],
      [{}, scene({ policies: [] })],
      [{}, scene({ policies: [policy!, policy!] })],
      [{}, scene({ policies: [{ ...policy!, expiresAt: minutes(0) }] })],
      [{}, scene({ policies: [{ ...policy!, environments: ['production'] }] })],
      [{}, scene({ policies: [{ ...policy!, givenBy: 'robot' }] })],
      [{ environment: 'production' }, scene()],
      [{ action: { ...automatic.action, destructive: true } }, scene()],
    ];
    for (const [patch, world] of others) {
      expect(
        assessApproval({ ...automatic, ...patch }, two, world, nowMs).approved,
        `with ${JSON.stringify(patch)}`,
      ).toBe(false);
    }
  });

  it('D11 nothing in production and nothing that destroys data is automatic', () => {
    const levels = [true, false].flatMap((production) =>
      [true, false].flatMap((reversible) =>
        [true, false].map((destructive) => leastLevel({ production, reversible, destructive })),
      ),
    );
    expect(levels).toEqual([2, 1, 3, 2, 1, 0, 1, 0]);
    expect(assessApproval(request({ level: 1 }), two, scene(), nowMs).reasons).toEqual([
      'switch wants approval of level 2, and was asked for at level 1',
    ]);
    expect(assessApproval(request({ level: 7 as 3 }), two, scene(), nowMs).approved).toBe(false);
  });

  it.each<[string, Partial<ApprovalRequest>, string]>([
    ['without a runbook from level 2 on', { runbook: null }, 'runbook'],
    ['without a dry run', { dryRunSha256: '' }, 'dry run'],
    ['without a plan', { planHash: '' }, 'plan'],
    ['without a candidate', { candidateSha256: 'latest' }, 'candidate'],
    ['without a reason', { reason: ' ' }, 'reason'],
    ['for an unknown environment', { environment: 'prod' }, 'not declared'],
    ['for another launch', { launch: 'crm' }, 'not about the launch'],
    ['after its end', { expiresAt: minutes(0) }, 'expired'],
    ['that lasts too long', { expiresAt: minutes(421) }, '8h at most'],
    ['whose end cannot be read', { expiresAt: 'tonight' }, 'cannot be read'],
    ['from the future', { requestedAt: minutes(1) }, 'future'],
    ['whose authors nobody knows', { authors: [] }, 'who wrote'],
    ['whose executors nobody knows', { executors: [] }, 'who carries'],
    ['with an author who is not declared', { authors: ['Mallory'] }, 'Mallory'],
    ['with a group in which somebody is not declared', { executors: ['mixed'] }, 'mallory'],
    ['with a group of nobody', { executors: ['deployer', 'empty'] }, 'empty'],
    ['by somebody who is not declared', { requester: 'mallory' }, 'not declared'],
  ])('O02 nothing approves a request %s', (_, patch, reason) => {
    const changed = request(patch);
    const assessment = assessApproval(
      changed,
      ['bob', 'carol', 'alice', 'lena'].map((each) => vote(changed, each)),
      scene({
        groups: [
          { id: 'mixed', people: ['oscar', 'mallory'] },
          { id: 'empty', people: [] },
        ],
      }),
      nowMs,
    );
    expect(assessment.approved).toBe(false);
    expect(assessment.reasons.join()).toContain(reason);
  });
});

describe('votes that do not count', () => {
  it.each<[string, string, string]>([
    ['the requester', 'rita', 'rita asked for it'],
    ['the author of the change, known by the name in Git', 'arthur', 'arthur wrote the change'],
    ['an executor', 'oscar', 'oscar carries it out'],
  ])('A26 %s', (_, who, reason) => {
    expect(voidReasons({}, { who })).toEqual([reason]);
  });

  it('A26 the requester under a second account', () => {
    const of = request({ requester: 'alice-phone' });
    expect(voidReasons({ requestSha256: vote(of, 'bob').entry.statement.requestSha256 }, { who: 'alice', of })).toEqual(
      ['alice asked for it'],
    );
  });

  it('law 5: an automation signs nothing, whatever it was granted', () => {
    expect(voidReasons({}, { who: 'robot' }).join()).toContain('humans only');
    const members = scene({
      grants: [...scene().grants, grant('night-shift', 'approver', { holder: { kind: 'group', id: 'night-shift' } })],
    });
    expect(voidReasons({}, { who: 'robot', in: members }).join()).toContain('humans only');
  });

  it('law 5: one human with three accounts counts once', () => {
    const accounts = ['alice', 'alice-phone', 'alice-admin'].map((each) => vote(asked, each));
    const assessment = assessApproval(asked, accounts, scene(), nowMs);
    expect(assessment.go).toHaveLength(1);
    expect(assessment.void.map(({ reasons }) => reasons)).toEqual([
      ['alice was heard already'],
      ['alice was heard already'],
    ]);
    expect(assessment.approved).toBe(false);
  });

  it('A26 a vote that is replayed on the next candidate, or stands on a plan that was edited after it', () => {
    expect(voidReasons({}, { of: request({ candidateSha256: sha256Hex('next') }) })).toEqual([
      'it is about another candidate',
    ]);
    expect(voidReasons({}, { of: request({ planHash: sha256Hex('edited') }) })).toEqual(['the plan has changed since']);
    expect(voidReasons({}, { of: request({ dryRunSha256: sha256Hex('other') }) })).toEqual([
      'the dry run has changed since',
    ]);
  });

  it('A28 a vote from a page that is old', () => {
    expect(voidReasons({}, { of: request({ reason: 'another reason' }) })).toEqual(['the request has changed since']);
    expect(voidReasons({}, { of: request({ action: { ...asked.action, kind: 'sql' } }) })).toEqual([
      'the request has changed since',
    ]);
  });

  it('A27 a vote by API token, chat button or session alone, from level 2 on; a no-go is heard from everywhere', () => {
    for (const authMethod of ['api-token', 'chat', 'session', '', 'passkey2', 'PASSKEY']) {
      expect(voidReasons({ authMethod })[0], `by ${authMethod}`).toContain('second factor');
      const stop = vote(asked, 'bob', { authMethod, vote: 'no-go' });
      expect(assessApproval(asked, [stop], scene(), nowMs).noGo).toEqual([stop.id]);
    }
    const one = request({ level: 1, action: { ...asked.action, reversible: true } });
    expect(assessApproval(one, [vote(one, 'bob', { authMethod: 'api-token' })], scene(), nowMs).approved).toBe(true);
  });

  it.each<[string, Partial<ActionVote>, string]>([
    ['has expired', { expiresAt: minutes(0) }, 'expired'],
    ['lasts longer than its level allows', { expiresAt: minutes(451) }, '8h at most'],
    ['is older than the request', { signedAt: minutes(-61) }, 'older than the request'],
    ['is from the future', { signedAt: minutes(1) }, 'from the future'],
    ['has times that cannot be read', { signedAt: 'now' }, 'cannot be read'],
    ['is neither go nor no-go', { vote: 'maybe' as 'go' }, 'neither go nor no-go'],
    ['gives no reason', { reason: '' }, 'no reason'],
    ['names a role that its person lacks', { role: 'lead' }, 'does not hold the role lead'],
  ])('O02 a vote that %s', (_, patch, reason) => {
    expect(voidReasons(patch).join()).toContain(reason);
  });

  it('law 5: a vote under another key, or changed after it was signed', () => {
    expect(voidReasons({}, { key: 'carol' })).toHaveLength(1);
    const [first, second] = two;
    const forged = {
      ...first!,
      entry: { ...first!.entry, statement: { ...first!.entry.statement, reason: 'something else' } },
    };
    expect(assessApproval(asked, [forged, second!], scene(), nowMs).void).toHaveLength(1);
  });

  it('C3 a role that ended, or began, after the vote', () => {
    const withBob = (patch: Parameters<typeof grant>[2]) =>
      scene({
        grants: [...scene().grants.filter(({ holder }) => holder.id !== 'bob'), grant('bob', 'approver', patch)],
      });
    expect(voidReasons({}, { in: withBob({ revokedAt: minutes(-1) }) }).join()).toContain('revoked');
    expect(voidReasons({}, { in: withBob({ givenAt: minutes(-29) }) }).join()).toContain('begins later');
    expect(
      voidReasons(
        {},
        { in: withBob({ breakGlass: { reason: 'fire', confirmedBy: 'lena' }, expiresAt: minutes(-400) }) },
      ),
    ).not.toEqual([]);
  });

  it('C3 a delegated vote is the voice of both: neither may have had a hand in it, and both were heard', () => {
    const passed = (from: string) =>
      scene({
        grants: [
          ...scene().grants.filter(({ holder }) => holder.id !== 'bob'),
          grant('bob', 'approver', { delegates: `g-${from}-approver`, givenBy: from }),
        ],
      });
    expect(voidReasons({}, { in: passed('rita') })).toEqual(['rita, for whom bob votes, asked for it']);
    const heard = assessApproval(
      asked,
      [vote(asked, 'bob', { signedAt: minutes(-20) }), vote(asked, 'carol')],
      passed('carol'),
      nowMs,
    );
    expect(heard.go).toHaveLength(1);
    expect(heard.void[0]!.reasons).toEqual(['carol was heard already']);
    expect(assessApproval(asked, [vote(asked, 'bob'), vote(asked, 'carol')], passed('alice'), nowMs).approved).toBe(
      true,
    );
  });

  it('O02 a no-go stops it, and only its human takes it back, by a later go', () => {
    const stop = vote(asked, 'alice', { vote: 'no-go', reason: 'the mail queue is full' });
    expect(assessApproval(asked, [...two, stop], scene(), nowMs).reasons).toEqual([
      'alice says no-go: the mail queue is full',
    ]);
    const back = vote(asked, 'alice-phone', { signedAt: minutes(-10) });
    expect(assessApproval(asked, [...two, stop, back], scene(), nowMs).approved).toBe(true);
  });
});

describe('the last question before the effect', () => {
  const ordinary = { request: asked, votes: two, executor: 'deployer', bypassedBy: null };
  const glass = grant('oscar', 'operator', {
    id: 'glass',
    givenBy: 'oscar',
    givenAt: minutes(-5),
    expiresAt: minutes(50),
    breakGlass: { reason: 'fire', confirmedBy: null },
  });
  const onFire = scene({ grants: [...scene().grants, glass] });

  it('D11 lets an approved action of an announced executor through', () => {
    expect(permitAction(ordinary, scene(), nowMs)).toEqual({ permitted: true, exception: false, reasons: [] });
  });

  it('D11 refuses a step in production without approval, by an executor nobody was told of, or without the permission', () => {
    expect(permitAction({ ...ordinary, votes: [] }, scene(), nowMs).permitted).toBe(false);
    const grants = [...scene().grants, grant('ada', 'operator', { givenBy: 'lena' })];
    expect(permitAction({ ...ordinary, executor: 'ada' }, scene({ grants }), nowMs).reasons).toEqual([
      'ada is not among those who were to carry it out',
    ]);
    expect(permitAction({ ...ordinary, executor: 'oscar' }, scene(), nowMs).permitted).toBe(false);
    expect(permitAction(ordinary, scene(), nowMs + 61 * 60_000).permitted).toBe(false);
  });

  it('A29 lets a human with a break-glass grant through, as an exception with every reason', () => {
    const permit = permitAction({ ...ordinary, votes: [], bypassedBy: 'oscar' }, onFire, nowMs);
    expect(permit).toEqual({
      permitted: true,
      exception: true,
      reasons: ['level 2 wants 2 humans, got 0', 'break-glass grant glass: fire'],
    });
    expect(permitAction({ ...ordinary, votes: [], bypassedBy: 'ada' }, onFire, nowMs).permitted).toBe(false);
    expect(permitAction({ ...ordinary, votes: [], bypassedBy: 'oscar' }, scene(), nowMs).permitted).toBe(false);
    expect(permitAction({ ...ordinary, votes: [], bypassedBy: 'oscar' }, onFire, nowMs + 51 * 60_000).permitted).toBe(
      false,
    );
  });

  it('O02 says of each level what it asks for, higher ones never less', () => {
    const rules = Object.values(levelRules);
    for (const [index, rule] of rules.slice(1).entries()) {
      expect(rule.approvers).toBeGreaterThan(rules[index]!.approvers);
      expect(rule.lifeMs).toBeLessThanOrEqual(rules[index]!.lifeMs);
      expect(Number(rule.secondFactor)).toBeGreaterThanOrEqual(Number(rules[index]!.secondFactor));
    }
  });
});
