import { afterAll, describe, expect, it } from 'vitest';

import { createTestDatabase } from '../setup/test-database.ts';
import { notCaught, plantedBugs } from './planted-bugs.ts';
import { tryBug } from './try-bug.ts';
import type { BugCase } from './try-bug.ts';

const caught: string[] = [];

/** Scenarios of the bugs without a bug: what is found there would be the checker's own fault. */
const controls: [string, BugCase][] = [
  ['nobody dies', { die: null }],
  ['a worker dies after an effect', { die: { point: 'effect.after', role: 'worker' }, crashes: true }],
  ['a worker dies before an effect', { die: { point: 'effect.before', role: 'worker' }, crashes: true }],
  ['the run is held, and taken back', { die: null, holds: true, cancels: true }],
  ['a person dies after the order', { die: { point: 'create-run.committed', role: 'person' } }],
];

describe('the history checker', () => {
  afterAll(() => {
    process.stdout.write(`mutation score ${caught.length}/${plantedBugs.length}\n`);
  });

  it.each(controls)(
    'R7 finds nothing wrong where %s and the engine is whole',
    { timeout: 90_000 },
    async (_, wanted) => {
      expect(await tryBug(await createTestDatabase(), null, wanted)).toEqual([]);
    },
  );

  it.skip.each(notCaught)('R7 does not catch yet an engine in which %s', () => undefined);

  it.each(plantedBugs.filter(({ name }) => !notCaught.includes(name)).map((bug) => [bug.name, bug] as const))(
    'R7 catches an engine in which %s',
    { timeout: 90_000 },
    async (name, bug) => {
      const found = await tryBug(await createTestDatabase(), name, bug);
      expect(found).not.toEqual([]);
      caught.push(name);
    },
  );
});
