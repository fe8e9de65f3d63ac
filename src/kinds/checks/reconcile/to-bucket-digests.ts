import { createHash } from 'node:crypto';

import type { BucketHash, Bucketing } from '../../../core/dataset/datastore-kind.ts';
import type { ReconcileBuckets } from '../../../core/dataset/reconcile/reconcile-report.ts';

const groups = 256;

/** Returns the buckets of both sides folded into groups, and how many of them changed since a run before; null of it where there is none to compare with. */
export function toBucketDigests(
  bucketing: Bucketing,
  sides: { source: readonly BucketHash[]; target: readonly BucketHash[] },
  before: ReconcileBuckets | null,
): ReconcileBuckets {
  const bounds = bucketing.by === 'hash' ? [] : groupBounds(bucketing.bounds, before);
  const groupOf = bucketing.by === 'hash' ? (bucket: number) => bucket % groups : rankBuckets(bucketing.bounds, bounds);
  const count = bucketing.by === 'hash' ? groups : bounds.length + 1;
  const source = foldBuckets(sides.source, count, groupOf);
  const target = foldBuckets(sides.target, count, groupOf);
  const isComparable = before !== null && before.by === bucketing.by && before.source.length === count;
  return {
    by: bucketing.by,
    bounds: bounds.map(String),
    source,
    target,
    changed: isComparable
      ? { source: changedOf(source, before.source), target: changedOf(target, before.target) }
      : null,
  };
}

/** Those of the run before, which the plan of the buckets has kept; else some of the buckets' own, spread evenly. */
function groupBounds(bounds: readonly bigint[], before: ReconcileBuckets | null): bigint[] {
  if (before?.by === 'range') return before.bounds.map(BigInt);
  const width = Math.ceil((bounds.length + 1) / groups);
  return bounds.filter((_, at) => (at + 1) % width === 0);
}

/** The group of a bucket: how many bounds of groups lie below its rows. Both lists rise, and the second is part of the first. */
function rankBuckets(bounds: readonly bigint[], ofGroups: readonly bigint[]): (bucket: number) => number {
  const ends = new Set(ofGroups);
  const ranks = [0];
  for (const bound of bounds) ranks.push((ranks.at(-1) ?? 0) + (ends.has(bound) ? 1 : 0));
  return (bucket) => ranks[bucket] ?? 0;
}

/** Combined without order, as a bucket is of its rows: a group is then the same however it is cut into buckets. */
function foldBuckets(side: readonly BucketHash[], count: number, groupOf: (bucket: number) => number): string[] {
  const folded = Array.from({ length: count }, () => ({ rows: 0, hash: 0n }));
  for (const { bucket, count: rows, hash } of side) {
    const group = folded[groupOf(bucket)];
    if (group === undefined) continue;
    group.rows += rows;
    group.hash ^= hash;
  }
  return folded.map(({ rows, hash }) => createHash('sha256').update(`${rows} ${hash}`).digest('hex').slice(0, 16));
}

function changedOf(now: readonly string[], then: readonly string[]): number {
  return now.filter((digest, at) => digest !== then[at]).length;
}
