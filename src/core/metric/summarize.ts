import { percentileOf } from './percentile.ts';

/** A series in seven figures (O16). Percentiles are nearest rank, so each of them is a value of the series. */
export interface Summary {
  count: number;
  sum: number;
  average: number;
  min: number;
  max: number;
  p50: number;
  p95: number;
  p99: number;
}

/** The figures of a series; null for an empty one. */
export function summarize(values: readonly number[]): Summary | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (percent: number): number => percentileOf(sorted, percent)!;
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    count: sorted.length,
    sum,
    average: sum / sorted.length,
    min: sorted[0]!,
    max: sorted.at(-1)!,
    p50: at(50),
    p95: at(95),
    p99: at(99),
  };
}
