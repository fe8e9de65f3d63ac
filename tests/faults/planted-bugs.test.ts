import { describe, expect, it } from 'vitest';

import { createTestDatabase } from '../setup/test-database.ts';
import { bugScenes } from './bug-scenes.ts';
import { plantedBugs } from './planted-bugs.ts';
import { tryBug } from './try-bug.ts';

/** Tries side by side: more would only wait for each other. */
const lanes = 3;

async function inLanes<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const waiting = [...items.entries()];
  const results: R[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await run(next[1]);
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return results;
}

describe('the history checker', () => {
  it(
    'R7 finds nothing wrong in any scene, at any moment, where the engine is whole',
    { timeout: 240_000 },
    async () => {
      const found = await inLanes(Object.entries(bugScenes), async ([name, scene]) => {
        const database = await createTestDatabase();
        const until = (texts: readonly string[]): boolean => texts.length > 0;
        return { name, found: await tryBug(database, { scene, bug: null, until, giveUpMs: 90_000 }) };
      });
      expect(found).toEqual(Object.keys(bugScenes).map((name) => ({ name, found: [] })));
    },
  );

  it(
    'R7 names at least 20 engines that are wrong in one way each, each by the rule that it breaks',
    { timeout: 240_000 },
    async () => {
      const tried = await inLanes(plantedBugs, async ({ name, scene, rule }) => {
        const until = (texts: readonly string[]): boolean => texts.some((text) => text.startsWith(rule));
        const found = await tryBug(await createTestDatabase(), {
          scene: bugScenes[scene],
          bug: name,
          until,
          giveUpMs: 15_000,
        });
        process.stdout.write(`${until(found) ? 'caught' : 'missed'}: an engine in which ${name}\n`);
        return { name, rule, found, isCaught: until(found) };
      });
      const missed = tried.filter(({ isCaught }) => !isCaught);
      const lines = missed.map(
        ({ name, rule, found }) => `  missed: ${name}: expected ${rule}, got ${found.join('; ')}`,
      );
      process.stdout.write([`mutation score ${tried.length - missed.length}/${tried.length}`, ...lines, ''].join('\n'));
      expect(tried.length - missed.length, lines.join('\n')).toBeGreaterThanOrEqual(20);
    },
  );
});
