import type { JsonValue } from '@tminus/verify';

export type FoundFact =
  | { state: 'present'; value: JsonValue }
  | { state: 'absent'; parentSeen: boolean; reason: string };

/**
 * Walks `path` into `facts` through own properties only, so that `__proto__` or `constructor` are never facts.
 * A list has the fact `length`. `parentSeen` tells whether the place where the last step would stand was really there:
 * only then does absence mean anything.
 */
export function findFact(facts: JsonValue, path: readonly (string | number)[]): FoundFact {
  let value: JsonValue = facts;
  for (const [depth, step] of path.entries()) {
    const isContainer = typeof value === 'object' && value !== null;
    if (!isContainer || !Object.hasOwn(value as object, step) || isIndexOfObject(value, step)) {
      const last = depth === path.length - 1;
      return {
        state: 'absent',
        parentSeen: last && isContainer,
        reason: isContainer ? `no ${String(step)}` : `nothing that could hold ${String(step)}`,
      };
    }
    value = (value as unknown as Record<string | number, JsonValue>)[step]!;
  }
  return { state: 'present', value };
}

function isIndexOfObject(value: JsonValue, step: string | number): boolean {
  return typeof step === 'number' ? !Array.isArray(value) : Array.isArray(value) && step !== 'length';
}
