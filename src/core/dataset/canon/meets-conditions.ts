import { RE2JS } from 're2js';

import type { CanonColumn, CanonRow, CanonValue } from '../canon.ts';
import type { RowCondition } from '../dataset.ts';
import { compareUtf8 } from './compare-keys.ts';
import { compareDecimals } from './numbers.ts';
import { toCanonText } from './to-canon-text.ts';

/**
 * Returns a test of rows of these columns: true where every condition holds. A missing value meets `missing`, `!=` and nothing else. Numbers compare as
 * numbers, everything else by the bytes of its canonical text. Throws where a condition names a column that is not there, or a value that its column cannot have.
 */
export function meetsConditions(
  conditions: readonly RowCondition[],
  columns: readonly CanonColumn[],
): (row: CanonRow) => boolean {
  const tests = conditions.map((condition) => compile(condition, columns));
  return (row) => tests.every((test) => test(row));
}

/** Returns a condition with its values as canonical text of the column: `1` for a boolean is `true`. */
export function toCanonCondition(condition: RowCondition, column: CanonColumn): RowCondition {
  if (condition.operator === 'matches') return condition;
  return { ...condition, values: condition.values.map((value) => toCanonText(value, column)) };
}

function compile(written: RowCondition, columns: readonly CanonColumn[]): (row: CanonRow) => boolean {
  const at = columns.findIndex(({ name }) => name === written.column);
  const column = columns[at];
  if (column === undefined) throw new Error(`condition: expected a column that is read, got ${written.column}`);
  const test = toTest(toCanonCondition(written, column), column);
  return (row) => test(row[at] ?? null);
}

function toTest({ operator, values }: RowCondition, column: CanonColumn): (value: CanonValue) => boolean {
  const [first = ''] = values;
  switch (operator) {
    case 'missing':
      return (value) => value === null;
    case 'exists':
      return (value) => value !== null;
    case '==':
      return (value) => value !== null && isEqual(value, first, column);
    case '!=':
      return (value) => value === null || !isEqual(value, first, column);
    case 'in':
      return (value) => value !== null && values.some((one) => isEqual(value, one, column));
    case 'matches': {
      const pattern = RE2JS.compile(first);
      return (value) => value !== null && pattern.matcher(value).find();
    }
    default:
      return (value) => value !== null && isOrdered(operator, order(value, first, column));
  }
}

function isEqual(a: string, b: string, column: CanonColumn): boolean {
  return a === b || (isNumeric(column) && order(a, b, column) === 0);
}

function isOrdered(operator: '<' | '<=' | '>' | '>=', found: number | null): boolean {
  if (found === null) return false;
  if (found === 0) return operator === '<=' || operator === '>=';
  return found < 0 === operator.startsWith('<');
}

function isNumeric({ type }: CanonColumn): boolean {
  return type === 'integer' || type === 'decimal' || type === 'float';
}

function order(a: string, b: string, column: CanonColumn): number | null {
  if (column.type !== 'float') return isNumeric(column) ? compareDecimals(a, b) : compareUtf8(a, b);
  const [one, other] = [Number(a), Number(b)];
  if (Number.isNaN(one) || Number.isNaN(other)) return null;
  return one < other ? -1 : Number(one > other);
}
