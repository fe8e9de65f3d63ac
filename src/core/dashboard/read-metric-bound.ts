/** A bound of a metric in the unit of its query. */
export interface MetricBound {
  is: '<' | '<=' | '>' | '>=';
  /** Percentages as shares of 1, times in seconds. */
  value: number;
  unit: 'share' | 'seconds' | 'number';
}

const words: readonly [RegExp, MetricBound['is']][] = [
  [/^(?:<=|at most|up to)/i, '<='],
  [/^(?:>=|at least)/i, '>='],
  [/^(?:<|below|under|less than)/i, '<'],
  [/^(?:>|above|over|more than)/i, '>'],
];
const seconds: { [unit: string]: number } = { ms: 0.001, s: 1, m: 60, h: 3_600 };

/** Returns the bound that a text says, such as `< 5%`, `below 300 ms` or `100%` (which is at least 100 %); null where it says none. */
export function readMetricBound(text: string): MetricBound | null {
  const found = words.find(([pattern]) => pattern.test(text.trim()));
  const rest = text
    .trim()
    .replace(found?.[0] ?? /^=?/, '')
    .trim();
  const match = /^(\d+(?:[.,]\d+)*) ?(%|ms|s|m|h)?$/.exec(rest.replaceAll(',', ''));
  if (match === null) return null;
  const [, digits = '', unit] = match;
  const is = found?.[1] ?? '>=';
  if (unit === undefined) return { is, value: Number(digits), unit: 'number' };
  if (unit === '%') return { is, value: Number((Number(digits) / 100).toPrecision(12)), unit: 'share' };
  return { is, value: Number(digits) * seconds[unit]!, unit: 'seconds' };
}
