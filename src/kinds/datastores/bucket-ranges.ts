import type { Bucketing } from '../../core/dataset/datastore-kind.ts';

/** Returns conditions on the key that rows of these buckets meet, so that an index finds them; neighbours are one range. Empty where buckets are no ranges. */
export function rangesOf(bucketing: Bucketing, buckets: readonly number[], quote: (name: string) => string): string[] {
  if (bucketing.by === 'hash' || buckets.length === 0) return [];
  const column = quote(bucketing.column);
  const parts: { from: number; to: number }[] = [];
  for (const bucket of buckets.toSorted((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && bucket <= last.to + 1) last.to = bucket;
    else parts.push({ from: bucket, to: bucket });
  }
  const ranges = parts.map(({ from, to }) => {
    const [low, high] = [bucketing.bounds[from - 1], bucketing.bounds[to]];
    return [
      ...(low === undefined ? [] : [`${column} >= ${low}`]),
      ...(high === undefined ? [] : [`${column} < ${high}`]),
    ];
  });
  return [`(${ranges.map((range) => (range.length === 0 ? 'true' : range.join(' and '))).join(' or ')})`];
}
