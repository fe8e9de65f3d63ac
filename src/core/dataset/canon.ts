/**
 * What a value is once it has left its engine (`canon/1`). Two values are equal exactly when type and canonical text are.
 *
 * | type | canonical text |
 * |---|---|
 * | integer | decimal digits, `-` before negative ones; any size, never through a JS number |
 * | decimal | digits at the scale of the column, else without trailing zeros; `NaN` where the engine has one |
 * | float | shortest text that reads back to the same IEEE 754 double; `NaN`, `Infinity`, `-Infinity`; `-0` is `-0` |
 * | boolean | `true`, `false` |
 * | text | the characters as they are: no trimming, folding or normalizing |
 * | timestamptz | `2026-11-21T13:05:09.123456Z`: UTC, as many digits of a second as the scale says (6 at most); `infinity`, `-infinity` |
 * | timestamp | the same without zone |
 * | date, time | ISO 8601; a time may pass 24 hours where the engine lets it |
 * | uuid | lower case with hyphens |
 * | bytes | lower-case hex |
 * | json | RFC 8785 (JCS), with numbers as written where a double does not hold them |
 */
export type CanonType =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'text'
  | 'timestamptz'
  | 'timestamp'
  | 'date'
  | 'time'
  | 'uuid'
  | 'bytes'
  | 'json';

/** The version of the rules above; printed in every report and bound into every digest. */
export const canonVersion = 'canon/1';

/** A value as canonical text; null is null, and no text means it. */
export type CanonValue = string | null;

/** Canonical values in the order of the columns that were asked for. */
export type CanonRow = readonly CanonValue[];

/** A column as both sides are to give it, so that equal values have equal text. */
export interface CanonColumn {
  name: string;
  type: CanonType;
  /** Digits after the point of a decimal, or of a second; null for all that there are. The smaller of both sides where they differ. */
  scale: number | null;
}
