import { quoteShort } from './format-error.ts';

/** Where two JSON values first differ, in the order of sorted keys, and what stands there. */
export interface Difference {
  /** JSONPath-like: `$.tree.children[2].outcome`. */
  path: string;
  expected: string;
  got: string;
}

/** The first place where `got` is not what was expected; null where the values are equal. Depth is bounded by `canonicalize`. */
export function firstDifference(expected: unknown, got: unknown, path = '$'): Difference | null {
  if (Object.is(expected, got)) return null;
  if (Array.isArray(expected) && Array.isArray(got)) {
    for (let index = 0; index < Math.max(expected.length, got.length); index += 1) {
      const found = firstDifference(expected[index], got[index], `${path}[${index}]`);
      if (found !== null) return found;
    }
    return null;
  }
  if (isObject(expected) && isObject(got)) {
    for (const key of [...new Set([...Object.keys(expected), ...Object.keys(got)])].toSorted()) {
      const found = firstDifference(expected[key], got[key], `${path}.${key}`);
      if (found !== null) return found;
    }
    return null;
  }
  return { path, expected: show(expected), got: show(got) };
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? quoteShort(value) : quoteShort(JSON.stringify(value)).slice(1, -1);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
