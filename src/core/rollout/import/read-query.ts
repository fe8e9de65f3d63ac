import type { DraftMeasure } from './imported-rollout.ts';

/** How a condition on the result of a query bounds it: `result[0] >= 0.95`. */
export interface Bound {
  side: 'above' | 'below';
  value: number;
}

const comparison = /^\s*result(?:\[0\])?\s*(<=|<|>=|>)\s*([0-9]*\.?[0-9]+)\s*$/;

/** Returns the bound that a simple condition sets, or null for every other condition. `isFailure` turns it round. */
export function readBound(condition: string, isFailure = false): Bound | null {
  const [, sign, number] = comparison.exec(condition) ?? [];
  if (sign === undefined || number === undefined) return null;
  const holdsBelow = sign.startsWith('<');
  return { side: holdsBelow !== isFailure ? 'below' : 'above', value: Number(number) };
}

const rate = /^\(?\s*sum\s*(?:by\s*\([^)]*\)\s*)?\(\s*(?:i?rate|increase)\(\s*([^[]+?)\s*\[[^\]]+\]\s*\)\s*\)\s*\)?$/s;
const quantileOf =
  /^histogram_quantile\(\s*([0-9.]+)\s*,\s*sum\s*(?:by\s*\([^)]*\)\s*)?\(\s*rate\(\s*([^[]+?)\s*\[[^\]]+\]\s*\)\s*\)\s*(?:by\s*\([^)]*\)\s*)?\)$/s;

/**
 * Returns what a query counts, where it is a share of rates or a quantile of buckets; null for every other query. The rates themselves are left out: raw counters
 * are differenced, because `increase` and `rate` extrapolate.
 */
export function readQuery(query: string): Omit<DraftMeasure, 'source'> | null {
  const text = query.trim();
  const histogram = quantileOf.exec(text);
  if (histogram) return { buckets: histogram[2]!.trim(), quantile: Number(histogram[1]) };
  const at = divisionOf(text);
  if (at === -1) return null;
  const [over, under] = [text.slice(0, at), text.slice(at + 1)].map(readRate);
  return !over || !under ? null : { bad: over, total: under };
}

/** Returns the selector of a sum of one rate, such as `sum(rate(http_requests_total[5m]))`; null for every other query. */
export function readRate(query: string): string | null {
  return rate.exec(query.trim())?.[1]?.trim() ?? null;
}

/** Where the one division outside of parentheses, braces and quotes stands; -1 where there is none, or several. */
function divisionOf(text: string): number {
  let depth = 0;
  let quote = '';
  const found: number[] = [];
  for (const [index, letter] of [...text].entries()) {
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if ('({['.includes(letter)) depth += 1;
    else if (')}]'.includes(letter)) depth -= 1;
    else if (letter === '/' && depth === 0) found.push(index);
  }
  return found.length === 1 ? found[0]! : -1;
}
