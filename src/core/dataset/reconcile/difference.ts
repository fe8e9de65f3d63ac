import type { CanonRow, CanonValue } from '../canon.ts';

/**
 * What two values that are not equal have in common, so that thousands of differences read as a few causes. A class explains a difference; it never
 * makes one disappear.
 */
export const differenceClasses = [
  'case',
  'space',
  'newline',
  'unicode',
  'zone',
  'precision',
  'null-or-empty',
  'encoding',
  'moved',
  'value',
] as const;

export type DifferenceClass = (typeof differenceClasses)[number];

/** One column of one row that differs. */
export interface ValueDifference {
  column: string;
  class: DifferenceClass;
  source: CanonValue;
  target: CanonValue;
}

/** One row that is on one side only, or on both and not the same. */
export type RowDifference =
  | { kind: 'missing'; key: CanonRow; source: CanonRow; target: null }
  | { kind: 'extra'; key: CanonRow; source: null; target: CanonRow }
  | { kind: 'changed'; key: CanonRow; source: CanonRow; target: CanonRow; values: ValueDifference[] };
