import type { Bearer, Draft } from './draft.ts';
import { addProblem } from './problem.ts';

/** Adds a problem for every id that two things of one family bear, with both places. */
export function findDuplicates(draft: Draft): void {
  const seen = new Map<string, Bearer>();
  for (const bearer of draft.bearers) {
    const key = `${bearer.family} ${bearer.id}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, bearer);
      continue;
    }
    addProblem(draft.problems, 'id_duplicate', bearer.at, {
      message: `${bearer.id} is the id of two things`,
      expected: `one ${bearer.id}`,
      got: `a ${first.what} at ${first.at.file}:${first.at.line}:${first.at.column}, and this ${bearer.what}`,
      hint: 'give one of them another id, such as {#name} at the end of its line',
    });
  }
}
