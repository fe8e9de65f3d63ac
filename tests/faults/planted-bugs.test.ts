import { describe, expect, it } from 'vitest';

import { createTestDatabase } from '../setup/test-database.ts';
import { bugScenes } from './bug-scenes.ts';
import { tryBugs, tryScenes } from './try-bugs.ts';

describe('the history checker', () => {
  it(
    'R7 finds nothing wrong in any scene, at any moment, where the engine is whole',
    { timeout: 900_000 },
    async () => {
      const found = await tryScenes(() => createTestDatabase());
      expect(found).toEqual(Object.keys(bugScenes).map((name) => ({ name, found: [] })));
    },
  );

  it(
    'R7 names at least 20 engines that are wrong in one way each, each by the rule that it breaks',
    { timeout: 900_000 },
    async () => {
      const tried = await tryBugs(() => createTestDatabase());
      const caught = tried.filter(({ rule }) => rule !== null);
      const missed = tried
        .filter(({ rule }) => rule === null)
        .map(({ name, expected, found }) => `  missed: ${name}: expected ${expected}, got ${found.join('; ')}`);
      process.stdout.write([`mutation score ${caught.length}/${tried.length}`, ...missed, ''].join('\n'));
      expect(caught.length).toBeGreaterThanOrEqual(20);
    },
  );
});
