import type { CanonRow, CanonType } from '../canon.ts';
import type { Bucketing } from '../datastore-kind.ts';

const rowsPerBucket = 64;
const fewest = 1_024;
const most = 262_144;

/**
 * Returns how rows fall into buckets: 64 to 128 rows each. A key of one whole number falls by ranges whose bounds follow the sampled keys, so that a few keys far
 * out do not leave most buckets empty; every other key falls by its hash. `anchors`, the bounds of groups of a run before, stay bounds, so that its groups can be held
 * beside those of this one.
 */
export function planBuckets(
  rows: number,
  key: readonly { name: string; type: CanonType }[],
  { sample, anchors }: { sample: readonly CanonRow[]; anchors: readonly bigint[] },
): Bucketing {
  // A power of two: so a group of hashes is the same whatever the number of buckets.
  const wanted = 2 ** Math.floor(Math.log2(Math.max(1, rows / rowsPerBucket)));
  const buckets = Math.min(most, Math.max(fewest, wanted));
  const [column] = key;
  if (key.length !== 1 || column?.type !== 'integer') return { by: 'hash', buckets };
  const keys = sample.flatMap(([value]) => (value === null || value === undefined ? [] : [BigInt(value)]));
  const bounds = [...new Set([...spread(keys.toSorted(compare), buckets), ...anchors])].toSorted(compare);
  return bounds.length > 0 ? { by: 'range', column: column.name, bounds } : { by: 'hash', buckets };
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

/** So many bounds between sorted keys, in straight lines from each key to the next; rising, without repeats. */
function spread(keys: readonly bigint[], buckets: number): bigint[] {
  const [first, last] = [keys[0], keys.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const bounds = new Set<bigint>();
  for (let at = 1; at < buckets; at += 1) {
    const place = (at * (keys.length - 1)) / buckets;
    const [low, share] = [Math.floor(place), place - Math.floor(place)];
    const [from, to] = [keys[low] ?? first, keys[low + 1] ?? last];
    bounds.add(from + ((to - from) * BigInt(Math.round(share * 1_000_000))) / 1_000_000n);
  }
  return [...bounds];
}
