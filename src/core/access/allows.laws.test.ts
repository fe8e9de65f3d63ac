import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { grant, minutes, nowMs, scene } from './access.fixture.ts';
import { allowsBy, standardAccessRules } from './allows.ts';
import type { AccessRequest, AccessRules } from './allows.ts';
import type { AccessScene, Grant } from './grant.ts';
import { accessRoles, permissions } from './permission.ts';

const actors = ['bob', 'bob', 'bob', 'alice', 'alice-admin', 'bob', 'carol', 'robot', 'mallory'];
const never = { weight: 6, arbitrary: fc.constant(null) };

const grantArbitrary = (id: string): fc.Arbitrary<Grant> =>
  fc
    .record({
      holder: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...actors).map((each) => ({ kind: 'person' as const, id: each })) },
        fc.constant({ kind: 'group' as const, id: 'night-shift' }),
      ),
      role: fc.constantFrom(...accessRoles),
      launch: fc.constantFrom(...Array<string>(8).fill('shop'), 'crm'),
      environment: fc.constantFrom(...Array<string>(6).fill('production'), 'staging', 'ghost'),
      givenBy: fc.constantFrom('ada', 'ada', 'ada', 'ada', 'bob', 'alice', 'alice-admin', null),
      givenAt: fc.constantFrom(...Array<string>(12).fill(minutes(-90)), minutes(0), minutes(1), 'yesterday'),
      expiresAt: fc.oneof(never, fc.constantFrom(minutes(1), minutes(0), minutes(-1), 'never')),
      revokedAt: fc.oneof(never, fc.constantFrom(minutes(1), minutes(0), minutes(-1), '')),
      delegates: fc.oneof(never, fc.constantFrom('g0', 'g1', 'g2', 'g9')),
      breakGlass: fc.oneof(
        never,
        fc.constantFrom(
          { reason: 'fire', confirmedBy: null },
          { reason: 'fire', confirmedBy: 'ada' },
          { reason: '', confirmedBy: 'ada' },
        ),
      ),
    })
    .map((patch) =>
      grant('x', 'viewer', { ...patch, ...(patch.breakGlass ? { expiresAt: patch.expiresAt ?? minutes(1) } : {}), id }),
    );

const caseArbitrary: fc.Arbitrary<{ world: AccessScene; request: AccessRequest }> = fc
  .record({
    grants: fc.tuple(grantArbitrary('g0'), grantArbitrary('g1'), grantArbitrary('g2')),
    actor: fc.constantFrom(...actors),
    permission: fc.constantFrom(...permissions),
    launch: fc.constantFrom(...Array<string>(8).fill('shop'), 'crm'),
    environment: fc.constantFrom(...Array<string>(6).fill('production'), 'staging', 'ghost'),
  })
  .map(({ grants, actor, permission, launch, environment }) => ({
    world: scene({ grants }),
    request: { actor, permission, scope: { launch, environment } },
  }));

const humans: Record<string, string> = {
  alice: 'alice',
  'alice-admin': 'alice',
  bob: 'bob',
  carol: 'carol',
  robot: 'robot',
  ada: 'ada',
};
const forHumans = new Set([
  'run.retarget',
  'step.skip',
  'step.attest',
  'approval.vote',
  'approval.bypass',
  'waiver.sign',
  'poll.call',
  'grant.give',
  'grant.revoke',
  'account.manage',
  'installation.manage',
  'document.edit',
  'document.submit',
  'document.review',
  'document.approve',
  'document.lock',
]);

/** What has to be so where something was allowed, said again in another way: conditions on the one grant that is named. */
function mustHold({ grants }: AccessScene, { actor, permission, scope }: AccessRequest, id: string): boolean {
  const found = grants.find((each) => each.id === id)!;
  return (
    scope.launch === 'shop' &&
    ['production', 'staging'].includes(scope.environment) &&
    humans[actor] !== undefined &&
    !(actor === 'robot' && forHumans.has(permission)) &&
    (permission !== 'approval.bypass' || found.breakGlass !== null) &&
    !(found.role === 'admin' && ['step.run', 'approval.vote', 'waiver.sign'].includes(permission)) &&
    !(found.role === 'viewer' && !['launch.view', 'run.view', 'approval.bypass'].includes(permission)) &&
    found.launch === scope.launch &&
    found.environment === scope.environment &&
    lineHolds(found, actor, grants, 0)
  );
}

function lineHolds(found: Grant, holder: string, grants: readonly Grant[], depth: number): boolean {
  const isHolder = found.holder.kind === 'person' ? found.holder.id === holder : ['carol', 'robot'].includes(holder);
  const isAlive =
    Date.parse(found.givenAt) <= nowMs &&
    [found.expiresAt, found.revokedAt].every((end) => end === null || Date.parse(end) > nowMs);
  if (!isHolder || !isAlive || depth > 3) return false;
  if (found.breakGlass) {
    const lasts = Date.parse(found.expiresAt ?? '') - Date.parse(found.givenAt);
    return (
      depth === 0 &&
      found.breakGlass.reason !== '' &&
      lasts <= 4 * 3_600_000 &&
      found.holder.kind === 'person' &&
      !found.delegates
    );
  }
  if (found.givenBy !== null && humans[found.givenBy] === humans[holder]) return false;
  if (found.delegates === null) return true;
  const source = grants.find((each) => each.id === found.delegates);
  return (
    source !== undefined &&
    found.givenBy !== null &&
    source.role === found.role &&
    source.environment === found.environment &&
    lineHolds(source, found.givenBy, grants, depth + 1)
  );
}

const nothingBeyondItsGrant = (rules: AccessRules): fc.IProperty<unknown> =>
  fc.property(caseArbitrary, ({ world, request }) => {
    const verdict = allowsBy(rules, world, request, nowMs);
    if (!verdict.allowed) return verdict.grant === null && !verdict.exception && verdict.reason !== '';
    return (
      mustHold(world, request, verdict.grant!) &&
      verdict.exception === (world.grants.find(({ id }) => id === verdict.grant)!.breakGlass !== null)
    );
  });

const runs = { numRuns: 6000, seed: 11 };
const real = standardAccessRules;
/** Grants as they would look to a rule that does not see something. */
const blind =
  (change: (each: Grant) => Partial<Grant>): AccessRules['grantFault'] =>
  (found, person, world, now) =>
    real.grantFault(
      { ...found, ...change(found) },
      person,
      { ...world, grants: world.grants.map((each) => ({ ...each, ...change(each) })) },
      now,
    );

describe('what is allowed', () => {
  it('O05 is never more than a grant of that moment gives', () => {
    expect(fc.check(nothingBeyondItsGrant(real), runs).counterexample).toBeNull();
  });

  it('O05 is something in enough of the generated cases for the law to mean something', () => {
    const verdicts = fc.sample(caseArbitrary, runs).map(({ world, request }) => allowsBy(real, world, request, nowMs));
    expect(verdicts.filter(({ allowed }) => allowed).length).toBeGreaterThan(150);
    expect(verdicts.filter(({ exception }) => exception).length).toBeGreaterThan(0);
  });

  it.each<[string, Partial<AccessRules>]>([
    ['knows no launch and no environment', { scopeFault: () => null }],
    ['knows no people', { actorFault: () => null }],
    [
      'takes an admin for everything',
      { carries: (found, permission) => found.role === 'admin' || real.carries(found, permission) },
    ],
    ['lets everybody read and write', { carries: () => true }],
    ['forgets the environment of a grant', { covers: ({ launch }, scope) => launch === scope.launch }],
    [
      'lets a grant for production do everywhere',
      {
        covers: (found, scope) =>
          found.launch === scope.launch &&
          (found.environment === 'production' || found.environment === scope.environment),
      },
    ],
    ['never looks at grants', { grantFault: () => null }],
    ['sees no end', { grantFault: blind(() => ({ expiresAt: null })) }],
    ['sees no revocation', { grantFault: blind(() => ({ revokedAt: null })) }],
    ['sees no beginning', { grantFault: blind(() => ({ givenAt: minutes(-90) })) }],
    [
      'lets people give to themselves',
      { grantFault: blind(({ delegates }) => (delegates === null ? { givenBy: null } : {})) },
    ],
    ['takes every delegation for a gift', { grantFault: blind(() => ({ delegates: null })) }],
    [
      'wants no reason to break the glass',
      { grantFault: blind(({ breakGlass }) => ({ breakGlass: breakGlass && { ...breakGlass, reason: 'x' } })) },
    ],
    [
      'counts a moment too far',
      { grantFault: (found, person, world, now) => real.grantFault(found, person, world, now - 1) },
    ],
  ])('O05 (planted fault) the law finds out a rule that %s', (_, fault) => {
    expect(fc.check(nothingBeyondItsGrant({ ...real, ...fault }), runs).counterexample).not.toBeNull();
  });
});
