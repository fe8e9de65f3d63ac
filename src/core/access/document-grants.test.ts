import { describe, expect, it } from 'vitest';

import { launch as newLaunch, person } from '../gate/dossier.fixture.ts';
import type { Launch } from '../launch/launch.ts';
import { allows } from './allows.ts';
import { documentGrants } from './document-grants.ts';
import { toAccessScene } from './to-access-scene.ts';

const at = { file: 'launch.md', line: 1, column: 1 };

function rolesOf(launch: Launch, environment = 'production'): string[] {
  const found = documentGrants(launch).filter((grant) => grant.environment === environment);
  return found.map(({ role, holder }) => `${holder.id} ${role}`).toSorted();
}

function launchOf(roles: { [role: string]: string[] }, patch: Partial<Launch> = {}): Launch {
  return newLaunch([], {
    people: [person('alice'), person('bob'), person('zoe'), person('robot', { automation: true })],
    roles: Object.entries(roles).map(([id, people]) => ({ id, people, at })),
    ...patch,
  });
}

describe('the rights that a document gives', () => {
  it('O05 are those of its roles, in each of its environments and nowhere else, and make nobody admin', () => {
    const launch = launchOf({ lead: ['alice', 'robot'], operator: ['bob'] });
    const wanted = ['alice approver', 'alice lead', 'alice operator', 'bob operator', 'robot operator'];
    for (const { id } of launch.environments) expect(rolesOf(launch, id)).toEqual(wanted);
    expect(documentGrants(launch)).toHaveLength(wanted.length * launch.environments.length);
  });

  it('O05 come to humans of a role named approver, and to the deciders that a procedure names', () => {
    const procedure = { id: 'p', title: 'P', kind: 'runbook', steps: [], deciders: ['manager'], at } as const;
    const procedures = [procedure as unknown as Launch['procedures'][number]];
    expect(rolesOf(launchOf({ approver: ['bob'], lead: ['alice'] }))).toContain('bob approver');
    expect(rolesOf(launchOf({ manager: ['bob'], lead: ['alice'] }))).not.toContain('bob lead');
    expect(rolesOf(launchOf({ manager: ['bob'], lead: ['alice'] }, { procedures }))).toContain('bob lead');
    expect(rolesOf(launchOf({ manager: ['bob'], other: ['alice'] }, { procedures }))).not.toContain('alice lead');
    expect(rolesOf(launchOf({ manager: ['bob'], other: ['alice'] }))).toContain('alice lead');
  });

  it('O05 do not come to somebody who is declared twice, or not at all', () => {
    const twice = launchOf({ lead: ['alice', 'mallory'] }, { people: [person('alice'), person('alice')] });
    expect(documentGrants(twice)).toEqual([]);
  });

  it('O05 end by a revocation, which the document does not undo', () => {
    const launch = launchOf({ operator: ['bob'], lead: ['alice'] });
    const revocations = [{ grant: 'document/operator/bob/production', at: '2026-12-01T00:00:00.000Z' }];
    const scene = toAccessScene(launch, { grants: [], groups: [], revocations });
    const ask = (environment: string, ms: string): boolean => {
      const scope = { launch: launch.id, environment };
      return allows(scene, { actor: 'bob', permission: 'run.start', scope }, Date.parse(ms)).allowed;
    };
    expect(ask('production', '2026-11-30T23:59:59.999Z')).toBe(true);
    expect(ask('production', '2026-12-01T00:00:00.000Z')).toBe(false);
    expect(ask('staging', '2026-12-01T00:00:00.000Z')).toBe(true);
  });
});
