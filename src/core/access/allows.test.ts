import { describe, expect, it } from 'vitest';

import { grant, minutes, nowMs, scene } from './access.fixture.ts';
import { allows } from './allows.ts';
import type { Grant } from './grant.ts';
import { accessRoles, permissions } from './permission.ts';
import type { AccessRole, Permission } from './permission.ts';

/** Written out a second time, by hand: v viewer, o operator, a approver, l lead, d admin; `!` for humans only. */
const matrix: Record<Permission, string> = {
  'launch.view': 'voald',
  'run.view': 'voald',
  'audit.view': 'oald',
  'data.view': 'oal',
  'document.edit': 'l!',
  'document.submit': 'ol!',
  'document.review': 'oal!',
  'document.approve': 'al!',
  'document.lock': 'l!',
  'check.run': 'ol',
  'run.start': 'ol',
  'run.hold': 'oald',
  'run.resume': 'ol',
  'run.cancel': 'ol',
  'run.retarget': 'l!',
  'rollout.promote': 'l!',
  'step.run': 'ol',
  'step.skip': 'l!',
  'step.attest': 'oal!',
  'secret.use': 'ol',
  'queue.requeue': 'ol',
  'approval.request': 'ol',
  'approval.vote': 'al!',
  'approval.bypass': '!',
  'waiver.sign': 'l!',
  'poll.call': 'l!',
  'grant.give': 'd!',
  'grant.revoke': 'd!',
  'account.manage': 'd!',
  'installation.manage': 'd!',
};
const letters: Record<AccessRole, string> = { viewer: 'v', operator: 'o', approver: 'a', lead: 'l', admin: 'd' };
const environments = ['production', 'staging', 'prod', 'PRODUCTION', ''];

function ask(
  grants: Grant[],
  permission: Permission,
  patch: { actor?: string; environment?: string; launch?: string } = {},
) {
  const { actor = 'bob', environment = 'production', launch = 'shop' } = patch;
  return allows(scene({ grants }), { actor, permission, scope: { launch, environment } }, nowMs);
}

describe('who may do what', () => {
  it('O05 answers the whole matrix of role, permission and environment as written down here, and no cell otherwise', () => {
    let cells = 0;
    for (const role of accessRoles) {
      for (const permission of permissions) {
        for (const given of ['production', 'staging', 'ghost']) {
          for (const environment of [...environments, 'ghost']) {
            for (const actor of ['bob', 'robot']) {
              const word = matrix[permission];
              const isRight = word.includes(letters[role]) && !(actor === 'robot' && word.includes('!'));
              const expected = isRight && given === environment && given !== 'ghost';
              const verdict = ask([grant(actor, role, { environment: given })], permission, { actor, environment });
              expect(verdict.allowed, `${actor} as ${role} in ${given}: ${permission} in "${environment}"`).toBe(
                expected,
              );
              expect(verdict.exception).toBe(false);
              cells += 1;
            }
          }
        }
      }
    }
    expect(cells).toBe(5 * Object.keys(matrix).length * 3 * 6 * 2);
  });

  it('O05 refuses by default: without grants nobody may do anything, the owner of the name admin included', () => {
    for (const permission of permissions) expect(ask([], permission, { actor: 'ada' }).allowed).toBe(false);
  });

  it('O05 refuses an environment that is not declared, or declared twice, even where a grant names it', () => {
    expect(ask([grant('bob', 'lead', { environment: 'prod' })], 'run.start', { environment: 'prod' }).reason).toBe(
      'the environment prod is not declared in the launch',
    );
    const twice = scene({ grants: [grant('bob', 'lead')] });
    const launch = { ...twice.launch, environments: [...twice.launch.environments, ...twice.launch.environments] };
    const request = {
      actor: 'bob',
      permission: 'run.start',
      scope: { launch: 'shop', environment: 'production' },
    } as const;
    expect(allows({ ...twice, launch }, request, nowMs).allowed).toBe(false);
    expect(allows(twice, request, nowMs).allowed).toBe(true);
  });

  it('O05 keeps launches apart', () => {
    const other = grant('bob', 'lead', { launch: 'crm' });
    expect(ask([other], 'run.start').allowed).toBe(false);
    expect(ask([other], 'run.start', { launch: 'crm' }).reason).toBe('crm is not the launch shop');
  });

  it('O05 refuses words that are no permission, such as those every object has', () => {
    for (const word of ['', 'run.*', 'constructor', '__proto__', 'toString']) {
      expect(ask([grant('bob', 'admin'), grant('bob', 'lead')], word as Permission).allowed, `word ${word}`).toBe(
        false,
      );
    }
  });

  it('O05 refuses people who are not declared', () => {
    expect(ask([grant('mallory', 'lead')], 'run.start', { actor: 'mallory' }).reason).toBe(
      'mallory is not declared in the launch',
    );
  });

  it.each<[string, Partial<Grant>, string]>([
    ['expired', { expiresAt: minutes(-1) }, 'expired'],
    ['expires at this very moment', { expiresAt: minutes(0) }, 'expired'],
    ['has an end that cannot be read', { expiresAt: 'next week' }, 'expired'],
    ['was revoked', { revokedAt: minutes(-1) }, 'revoked'],
    ['was revoked at this very moment', { revokedAt: minutes(0) }, 'revoked'],
    ['was revoked at a time that cannot be read', { revokedAt: '?' }, 'revoked'],
    ['begins later', { givenAt: minutes(1) }, 'begins later'],
    ['has a beginning that cannot be read', { givenAt: '' }, 'cannot be read'],
    ['was given by its holder', { givenBy: 'bob' }, 'to themselves'],
    ['passes on something unknown', { delegates: 'g-9', givenBy: 'lena' }, 'unknown'],
  ])('O05 refuses a grant that %s', (_, patch, reason) => {
    const verdict = ask([grant('bob', 'lead', patch)], 'run.start');
    expect(verdict.allowed).toBe(false);
    expect(verdict.reason).toContain(reason);
  });

  it('O05 a human does not give a role to another account of theirs', () => {
    expect(
      ask([grant('alice-admin', 'lead', { givenBy: 'alice' })], 'run.start', { actor: 'alice-admin' }).allowed,
    ).toBe(false);
  });

  it('O05 a permission that was removed after queueing stops the work when the worker asks again', () => {
    const queued = {
      actor: 'deployer',
      permission: 'step.run',
      scope: { launch: 'shop', environment: 'production' },
    } as const;
    const atQueueing = scene();
    expect(allows(atQueueing, queued, nowMs).allowed).toBe(true);
    const revoked = atQueueing.grants.map((each) =>
      each.holder.id === 'deployer' ? { ...each, revokedAt: minutes(1) } : each,
    );
    const later = allows(scene({ grants: revoked }), queued, nowMs + 120_000);
    expect(later).toMatchObject({ allowed: false, grant: null });
    expect(later.reason).toContain('was revoked');
  });

  it('O05 reaches the members of a group, and nobody where two groups bear its name', () => {
    const given = [grant('night-shift', 'operator', { holder: { kind: 'group', id: 'night-shift' } })];
    expect(ask(given, 'run.start', { actor: 'carol' }).allowed).toBe(true);
    expect(ask(given, 'run.start', { actor: 'bob' }).allowed).toBe(false);
    const groups = [...scene().groups, { id: 'night-shift', people: ['bob'] }];
    const request = {
      actor: 'carol',
      permission: 'run.start',
      scope: { launch: 'shop', environment: 'production' },
    } as const;
    expect(allows(scene({ grants: given, groups }), request, nowMs).allowed).toBe(false);
  });
});

describe('a role that was passed on', () => {
  const own = grant('lena', 'lead');
  const passed = grant('bob', 'lead', { delegates: own.id, givenBy: 'lena' });

  it('O05 holds while what it stands on holds, and not longer', () => {
    expect(ask([own, passed], 'run.start')).toMatchObject({ allowed: true, grant: passed.id });
    expect(ask([{ ...own, revokedAt: minutes(-1) }, passed], 'run.start').allowed).toBe(false);
    expect(ask([passed], 'run.start').allowed).toBe(false);
  });

  it.each<[string, Partial<Grant>]>([
    ['to a wider role', { role: 'admin' }],
    ['to another environment', { environment: 'staging' }],
    ['by somebody who does not hold it', { givenBy: 'carol' }],
    ['in a circle', { delegates: passed.id, givenBy: 'bob' }],
  ])('O05 is not passed on %s', (_, patch) => {
    const grants = [own, { ...passed, ...patch }];
    const environment = patch.environment ?? 'production';
    expect(ask(grants, patch.role === 'admin' ? 'grant.give' : 'run.start', { environment }).allowed).toBe(false);
  });
});

describe('breaking the glass', () => {
  const emergency = { reason: 'shop is down, nobody answers', confirmedBy: null };
  const alone = grant('oscar', 'operator', {
    givenBy: 'oscar',
    givenAt: minutes(-5),
    expiresAt: minutes(55),
    breakGlass: emergency,
  });
  const bypass = (...grants: Grant[]) => ask(grants, 'approval.bypass', { actor: 'oscar' });

  it('A29 is possible for one hour alone, for four with a second human, and is always marked as an exception', () => {
    expect(bypass(alone)).toMatchObject({ allowed: true, exception: true });
    expect(bypass(alone).reason).toContain('shop is down');
    expect(bypass({ ...alone, expiresAt: minutes(56) }).allowed).toBe(false);
    const confirmed = { ...alone, expiresAt: minutes(235), breakGlass: { ...emergency, confirmedBy: 'lena' } };
    expect(bypass(confirmed).allowed).toBe(true);
    expect(bypass({ ...confirmed, expiresAt: minutes(236) }).allowed).toBe(false);
  });

  it.each<[string, Partial<Grant>]>([
    ['no reason', { breakGlass: { reason: ' ', confirmedBy: null } }],
    ['no end', { expiresAt: null }],
    ['a group as holder', { holder: { kind: 'group', id: 'night-shift' } }],
    ['a grant that it passes on', { delegates: 'g-lena-lead' }],
  ])('A29 is refused with %s', (_, patch) => {
    const actor = patch.holder ? 'carol' : 'oscar';
    expect(ask([grant('lena', 'lead'), { ...alone, ...patch }], 'approval.bypass', { actor }).allowed).toBe(false);
  });

  it('A29 a second account, an automation or a stranger is no second human', () => {
    const long = {
      ...alone,
      holder: { kind: 'person', id: 'alice' } as const,
      givenBy: 'alice',
      expiresAt: minutes(200),
    };
    for (const confirmedBy of ['alice-admin', 'robot', 'mallory', 'alice']) {
      const given = { ...long, breakGlass: { ...emergency, confirmedBy } };
      expect(ask([given], 'approval.bypass', { actor: 'alice' }).allowed, `confirmed by ${confirmedBy}`).toBe(false);
    }
    expect(
      ask([{ ...long, breakGlass: { ...emergency, confirmedBy: 'bob' } }], 'approval.bypass', { actor: 'alice' })
        .allowed,
    ).toBe(true);
  });

  it('A29 an automation never breaks the glass, and what an ordinary grant allows is no exception', () => {
    expect(
      ask([{ ...alone, holder: { kind: 'person', id: 'robot' } }], 'approval.bypass', { actor: 'robot' }).allowed,
    ).toBe(false);
    expect(ask([alone, grant('oscar', 'operator', { id: 'z' })], 'run.start', { actor: 'oscar' })).toMatchObject({
      grant: 'z',
      exception: false,
    });
  });
});
