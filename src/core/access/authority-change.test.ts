import { describe, expect, it } from 'vitest';

import { criterion, gate, launch, person } from '../gate/dossier.fixture.ts';
import { authorityChange } from './authority-change.ts';

const before = launch([gate([criterion('health')])]);

describe('what an edit does to rights', () => {
  it("O05 words, criteria and places change nobody's rights", () => {
    const moved = { file: 'other.md', line: 99, column: 3 };
    const after = {
      ...before,
      title: 'another title',
      gates: [{ ...gate([criterion('health'), criterion('orders')]), at: moved }],
      people: before.people.map((one) => ({ ...one, at: moved })),
    };
    expect(authorityChange(before, after)).toEqual([]);
  });

  it.each([
    ['a key', { people: before.people.map((one) => ({ ...one, key: 'ed25519:other' })) }, 'people'],
    ['a person more', { people: [...before.people, person('mallory')] }, 'people'],
    [
      'two accounts that become two humans',
      { people: before.people.map((one) => ({ ...one, human: one.id })) },
      'people',
    ],
    ['a role', { roles: before.roles.map((one) => ({ ...one, people: [...one.people, 'guest'] })) }, 'roles'],
    ['another launch', { id: 'other' }, 'id of the launch'],
    [
      'production that is none any more',
      { environments: before.environments.map((one) => ({ ...one, production: !one.production })) },
      'environments',
    ],
    ['a quorum', { gates: before.gates.map((one) => ({ ...one, quorum: 7 })) }, 'who votes at gates'],
    ['a requester', { gates: before.gates.map((one) => ({ ...one, requester: 'guest' })) }, 'who votes at gates'],
  ])('O05 S5 sees %s', (_, patch, part) => {
    expect(authorityChange(before, { ...before, ...patch })).toEqual([part]);
  });
});
