import type { BucketHash } from '../../../core/dataset/datastore-kind.ts';

/** True where the hash of a bucket is that of its rows, and no two rows of it, whose keys differ, have the same: what does not follow the values is no hash of them. */
export function addsUp({ count, hash }: Omit<BucketHash, 'bucket'>, leaves: readonly { hash: bigint }[]): boolean {
  if (leaves.length !== count || new Set(leaves.map((leaf) => leaf.hash)).size !== count) return false;
  return leaves.reduce((combined, leaf) => combined ^ leaf.hash, 0n) === hash;
}
