import * as fc from 'fast-check';

import { grant, minutes, request, scene, vote } from './access.fixture.ts';
import { levelRules } from './approval-level.ts';
import type { ApprovalLevel } from './approval-level.ts';
import type { ApprovalRequest, ApprovalScene, LoggedActionVote } from './approval-request.ts';
import type { Grant } from './grant.ts';

/** One question, and the same with one hand in two places. */
export interface SeparationCase {
  taint: Taint;
  clean: Question;
  tainted: Question;
}

export interface Question {
  request: ApprovalRequest;
  votes: LoggedActionVote[];
  world: ApprovalScene;
}

export const taints = [
  'requester',
  'requester-account',
  'author-id',
  'author-name',
  'author-account',
  'author-group',
  'author-group-of-groups',
  'executor',
  'executor-account',
  'executor-group',
  'executor-changed-after-the-vote',
  'delegated-by-requester',
  'delegated-by-author-over-two-hands',
  'two-accounts',
  'delegate-and-delegator',
  'role-ended-after-the-vote',
  'role-began-after-the-vote',
  'left-the-group',
  'automation',
] as const;

export type Taint = (typeof taints)[number];

interface Choice {
  level: Exclude<ApprovalLevel, 0>;
  taint: Taint;
  order: string[];
  which: number;
  minute: number;
}

/** Votes that suffice exactly, so that one of them being tainted is enough for the whole not to be approved. */
export const separationArbitrary: fc.Arbitrary<SeparationCase> = fc
  .record({
    level: fc.constantFrom<Exclude<ApprovalLevel, 0>>(1, 2, 3),
    taint: fc.constantFrom(...taints),
    order: fc.shuffledSubarray(['alice', 'bob', 'carol', 'arthur', 'oscar'], { minLength: 5 }),
    which: fc.nat(2),
    minute: fc.integer({ min: -59, max: -2 }),
  })
  .map(toCase);

function toCase(choice: Choice): SeparationCase {
  const isPair = choice.taint === 'two-accounts' || choice.taint === 'delegate-and-delegator';
  const level = isPair && choice.level === 1 ? 2 : choice.level;
  const wanted = levelRules[level].approvers - (level === 3 ? 1 : 0);
  const voters = choice.order.slice(0, wanted);
  // Nobody who votes has a hand in the clean case: those are Rita, Ada (who has no vote) and the deployer.
  const asked = request({
    level,
    authors: ['Ada <ada@example.org>'],
    executors: ['deployer'],
    action: natureOf(level),
  });
  const grants = scene().grants;
  const cast = (of: ApprovalRequest, who: readonly string[]): LoggedActionVote[] =>
    [...who, ...(level === 3 ? ['lena'] : [])].map((each) => vote(of, each, { signedAt: minutes(choice.minute) }));
  const clean = { request: asked, votes: cast(asked, voters), world: scene() };
  const at = choice.which % wanted;
  return {
    taint: choice.taint,
    clean,
    tainted: taintOf(choice.taint, { asked, voters, at, grants, cast, minute: choice.minute }),
  };
}

function natureOf(level: ApprovalLevel): ApprovalRequest['action'] {
  return { id: 'switch', kind: 'dns', reversible: level === 1, destructive: level === 3 };
}

interface Ground {
  asked: ApprovalRequest;
  voters: readonly string[];
  at: number;
  grants: readonly Grant[];
  cast: (of: ApprovalRequest, who: readonly string[]) => LoggedActionVote[];
  minute: number;
}

interface Names {
  target: string;
  account: string;
  name: string;
}

/** Hands that meet in the request. */
const patches: Partial<Record<Taint, (names: Names) => Partial<ApprovalRequest>>> = {
  requester: ({ target }) => ({ requester: target }),
  'requester-account': ({ account }) => ({ requester: account }),
  'author-id': ({ target }) => ({ authors: ['ada', target] }),
  'author-name': ({ name }) => ({ authors: [`${name.toUpperCase()}  <someone@example.org>`] }),
  'author-account': ({ account }) => ({ authors: [account] }),
  'author-group': () => ({ authors: ['crew'] }),
  'author-group-of-groups': () => ({ authors: ['division'] }),
  executor: ({ target }) => ({ executors: ['deployer', target] }),
  'executor-account': ({ account }) => ({ executors: [account] }),
  'executor-group': () => ({ executors: ['crew'] }),
};

function taintOf(taint: Taint, ground: Ground): Question {
  const { asked, voters, at, cast } = ground;
  const target = voters[at]!;
  const neighbour = voters[(at + 1) % voters.length]!;
  const account = `${target}-second`;
  const known = withAccount(scene({ grants: ground.grants }), target, account);
  const world = {
    ...known,
    groups: [
      ...known.groups,
      { id: 'crew', people: ['ada', target] },
      { id: 'division', people: ['ada', 'crew', 'division'] },
    ],
  };
  const { name } = world.launch.people.find(({ id }) => id === target)!;
  const patch = patches[taint]?.({ target, account, name });
  if (patch !== undefined) {
    const changed = { ...asked, ...patch };
    return { request: changed, votes: cast(changed, voters), world };
  }
  const instead = (from: string, to: string): Question => {
    const voices = voters.map((each) => (each === from ? to : each));
    return { request: asked, votes: cast(asked, voices), world };
  };
  if (taint === 'executor-changed-after-the-vote') {
    return { request: { ...asked, executors: [target] }, votes: cast(asked, voters), world };
  }
  if (taint === 'two-accounts') return instead(neighbour, account);
  return taint === 'automation' ? instead(target, 'robot') : byGrants(taint, ground, world);
}

/** Hands that meet in the grants: passed on, ended, begun, or held by a group. */
function byGrants(taint: Taint, { asked, voters, at, cast, minute }: Ground, world: ApprovalScene): Question {
  const target = voters[at]!;
  const others = world.grants.filter(({ holder }) => holder.id !== target);
  const question = (given: Grant[], of = asked): Question => ({
    request: of,
    votes: cast(of, voters),
    world: { ...world, grants: [...others, ...given] },
  });
  const passed = (from: string, patch: Partial<Grant> = {}): Grant =>
    grant(target, 'approver', { delegates: `g-${from}-approver`, givenBy: from, ...patch });
  const neighbour = voters[(at + 1) % voters.length]!;
  if (taint === 'delegated-by-requester') return question([passed('rita')]);
  if (taint === 'delegate-and-delegator') return question([passed(neighbour)]);
  if (taint === 'role-ended-after-the-vote')
    return question([grant(target, 'approver', { revokedAt: minutes(minute / 2) })]);
  if (taint === 'role-began-after-the-vote')
    return question([grant(target, 'approver', { givenAt: minutes(minute / 2) })]);
  if (taint === 'left-the-group')
    return question([grant('night-shift', 'approver', { id: 'g-left', holder: { kind: 'group', id: 'left' } })]);
  // Over two hands: Rita, who wrote the change here, to Ada, to the voter.
  const toAda = grant('ada', 'approver', { id: 'g-ada-passed', delegates: 'g-rita-approver', givenBy: 'rita' });
  return question([toAda, passed('ada', { delegates: toAda.id })], {
    ...asked,
    requester: 'deployer',
    authors: ['rita'],
  });
}

function withAccount(world: ApprovalScene, target: string, account: string): ApprovalScene {
  const owner = world.launch.people.find(({ id }) => id === target)!;
  const key = vote(request(), account).entry.signature.key;
  const people = [...world.launch.people, { ...owner, id: account, name: `second account of ${owner.name}`, key }];
  return { ...world, launch: { ...world.launch, people }, grants: [...world.grants, grant(account, 'approver')] };
}
