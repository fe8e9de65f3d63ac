import type { Hit } from '../rule.ts';

interface Gathered {
  places: readonly { line: number; column: number; note: string }[];
  message: string;
  expected: string;
  got: string;
  hint: string;
}

const mostRelated = 20;

/** Returns one hit at the first place with the others related to it, or none: forty equal findings would hide the one that matters. */
export function gatherPlaces({ places, message, expected, got, hint }: Gathered): Hit[] {
  const first = places[0];
  if (first === undefined) return [];
  return [
    { line: first.line, column: first.column, message, expected, got, hint, related: places.slice(1, mostRelated + 1) },
  ];
}

/** Prints a list of words for a sentence: `a, b and c`. */
export function printWords(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** Prints a number with its noun: `1 box`, `3 boxes`. */
export function printCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
