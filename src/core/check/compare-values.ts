import type { JsonValue } from '@tminus/verify';

import type { Operator } from './check.ts';
import { toPattern } from './pattern.ts';

/** `undefined` where the two cannot be compared at all: the caller makes that unknown, for `!=` as well as for `==`. */
type Comparison = boolean | undefined;

/**
 * Holds `fact` against `wanted`. Undefined where their types do not allow it, so that a value of an unforeseen type passes nothing.
 *
 * There is no coercion but one: a text equals a number where it is exactly the way that number is written (`"42"` and 42, not `"042"` or `"42 "`),
 * because headers, environment variables and many databases deliver numbers as text. Null equals only null, and differs from everything else.
 */
export function compareValues(
  fact: JsonValue,
  operator: Exclude<Operator, 'exists' | 'missing'>,
  wanted: JsonValue,
): Comparison {
  switch (operator) {
    case '==':
      return isEqual(fact, wanted);
    case '!=':
      return negate(isEqual(fact, wanted));
    case 'in':
      return Array.isArray(wanted) ? isAmong(wanted, fact) : undefined;
    case 'contains':
      return contains(fact, wanted);
    case 'matches':
      return typeof fact === 'string' && typeof wanted === 'string'
        ? toPattern(wanted).matcher(fact).find()
        : undefined;
    default:
      return order(fact, operator, wanted);
  }
}

function negate(comparison: Comparison): Comparison {
  return comparison === undefined ? undefined : !comparison;
}

function isEqual(fact: JsonValue, wanted: JsonValue): Comparison {
  if (fact === null || wanted === null) return fact === wanted;
  if (Array.isArray(fact) && Array.isArray(wanted)) return isEqualList(fact, wanted);
  if (typeof fact === 'object' || typeof wanted === 'object') return undefined;
  if (typeof fact === typeof wanted) return fact === wanted;
  if (typeof fact === 'string' && typeof wanted === 'number') return isEqualAsText(fact, wanted);
  if (typeof fact === 'number' && typeof wanted === 'string') return isEqualAsText(wanted, fact);
  return undefined;
}

/** Beyond 2^53 two ids may have become one number on the way, so such a number equals no text. */
function isEqualAsText(text: string, value: number): Comparison {
  const isWrittenNumber = text !== '' && String(Number(text)) === text && Number.isFinite(Number(text));
  return isWrittenNumber && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) === text : undefined;
}

function isEqualList(fact: readonly JsonValue[], wanted: readonly JsonValue[]): Comparison {
  if (fact.length !== wanted.length) return false;
  const items = fact.map((item, index) => isEqual(item, wanted[index]!));
  if (items.includes(false)) return false;
  return items.includes(undefined) ? undefined : true;
}

/** True where one of `list` equals `value`; undefined where none does and one could not be compared. */
function isAmong(list: readonly JsonValue[], value: JsonValue): Comparison {
  const items = list.map((item) => isEqual(item, value));
  if (items.includes(true)) return true;
  return items.includes(undefined) ? undefined : false;
}

function contains(fact: JsonValue, wanted: JsonValue): Comparison {
  if (typeof fact === 'string')
    return typeof wanted === 'string' || typeof wanted === 'number' ? fact.includes(String(wanted)) : undefined;
  return Array.isArray(fact) ? isAmong(fact, wanted) : undefined;
}

function order(fact: JsonValue, operator: '<' | '<=' | '>' | '>=', wanted: JsonValue): Comparison {
  if (typeof fact !== 'number' || typeof wanted !== 'number' || !Number.isFinite(fact)) return undefined;
  if (operator === '<') return fact < wanted;
  if (operator === '<=') return fact <= wanted;
  return operator === '>' ? fact > wanted : fact >= wanted;
}
