import type { ComparedSide } from './comparison.ts';

/** True where an index of the datastore says that rows can be told apart by the key: one whose columns all lie within it. */
export function isUnique({ shape, query }: ComparedSide): boolean {
  return shape.key.length > 0 && shape.key.every((name) => query.key.includes(name));
}
