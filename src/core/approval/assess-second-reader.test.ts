import { describe, expect, it } from 'vitest';

import { person } from '../gate/dossier.fixture.ts';
import { assessSecondReader } from './assess-second-reader.ts';

const people = [
  person('alice', { name: 'Alice Example' }),
  person('alice-admin', { human: 'alice' }),
  person('bob'),
  person('robot', { automation: true }),
];
const roster = { people, roles: [] };

describe('assessSecondReader', () => {
  it.each([
    ['C18 somebody outside the authors', 'bob', ['Alice Example'], 'pass'],
    ['C18 an author by id', 'alice', ['alice'], 'fail'],
    ['C18 an author by name, in another case', 'alice', ['ALICE example '], 'fail'],
    ['C18 an author under a second account', 'alice-admin', ['Alice Example', 'bob'], 'fail'],
    ['C18 an automation', 'robot', ['alice'], 'fail'],
    ['C18 nobody', null, ['alice'], 'unknown'],
    ['C18 somebody whom the launch does not know', 'mallory', ['alice'], 'unknown'],
    ['F01 a document without a history', 'bob', [], 'unknown'],
  ])('%s', (_, reviewer, authors, outcome) => {
    expect(assessSecondReader(roster, reviewer, authors).outcome).toBe(outcome);
  });
});
