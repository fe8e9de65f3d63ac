import { bugScenes } from './bug-scenes.ts';
import type { FaultDatabase } from './place.ts';
import { plantedBugs } from './planted-bugs.ts';
import { tryBug } from './try-bug.ts';

/** What became of a planted bug: the rule that named it, or null and what was said instead. */
export interface TriedBug {
  name: string;
  expected: string;
  rule: string | null;
  found: string[];
}

/** Tries side by side: more would only wait for each other. */
const lanes = 3;

/** Tries every planted bug in its scene. */
export function tryBugs(create: () => Promise<FaultDatabase>): Promise<TriedBug[]> {
  return inLanes(plantedBugs, async ({ name, scene, rule: expected }) => {
    const until = (texts: readonly string[]): boolean => texts.some((text) => text.startsWith(expected));
    const found = await tryBug(await create(), { scene: bugScenes[scene], bug: name, until, giveUpMs: 40_000 });
    return { name, expected, rule: until(found) ? expected : null, found };
  });
}

/** Plays every scene with the whole engine, and returns what was found in each. */
export function tryScenes(create: () => Promise<FaultDatabase>): Promise<{ name: string; found: string[] }[]> {
  return inLanes(Object.entries(bugScenes), async ([name, scene]) => {
    const until = (texts: readonly string[]): boolean => texts.length > 0;
    return { name, found: await tryBug(await create(), { scene, bug: null, until, giveUpMs: 240_000 }) };
  });
}

async function inLanes<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const waiting = [...items.entries()];
  const results: R[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await run(next[1]);
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return results;
}
