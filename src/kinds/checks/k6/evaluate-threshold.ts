import type { JsonObject } from '@tminus/verify';

const expression =
  /^\s*(value|count|rate|avg|min|max|med|p\(\d{1,3}(?:\.\d+)?\))\s*(<=|>=|<|>|===?|!==?)\s*(-?\d+(?:\.\d+)?)\s*$/;

/**
 * Returns whether the values of a metric meet a threshold of k6 (`p(95)<500`), or null where that cannot be told from the summary:
 * another language, or an aggregate that the summary does not hold.
 */
export function evaluateThreshold(threshold: string, values: JsonObject): boolean | null {
  const [, aggregate, operator, limit] = expression.exec(threshold) ?? [];
  if (aggregate === undefined) return null;
  const value = values[aggregate] ?? (aggregate === 'rate' ? values['value'] : undefined);
  return typeof value === 'number' ? holds(value, operator!, Number(limit)) : null;
}

function holds(value: number, operator: string, limit: number): boolean {
  if (operator === '<') return value < limit;
  if (operator === '<=') return value <= limit;
  if (operator === '>') return value > limit;
  if (operator === '>=') return value >= limit;
  return operator.startsWith('!') ? value !== limit : value === limit;
}
