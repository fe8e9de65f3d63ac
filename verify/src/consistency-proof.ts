import { emptyRoot, nodeHash, splitPoint, subtreeRoot } from './merkle-tree.ts';

/**
 * The hashes that show that the tree over the first `oldSize` leaves is a prefix of the tree over all of them
 * (RFC 6962 section 2.1.2). Empty where the old tree is empty or is the whole tree.
 */
export function proveConsistency(leafHashes: readonly string[], oldSize: number): string[] {
  if (!Number.isInteger(oldSize) || oldSize < 0 || oldSize > leafHashes.length) {
    throw new RangeError(`consistency proof: expected an old size up to ${leafHashes.length}, got ${oldSize}`);
  }
  if (oldSize === 0 || oldSize === leafHashes.length) return [];
  const path: string[] = [];
  let start = 0;
  let end = leafHashes.length;
  while (end !== oldSize) {
    const split = start + splitPoint(end - start);
    if (oldSize <= split) {
      path.push(subtreeRoot(leafHashes, split, end));
      end = split;
    } else {
      path.push(subtreeRoot(leafHashes, start, split));
      start = split;
    }
  }
  // Where the old tree is a full subtree on the left edge, its root is known to the verifier and left out.
  if (start > 0) path.push(subtreeRoot(leafHashes, start, end));
  return path.toReversed();
}

/** Two heads of one log, the older first. */
export interface ConsistencyClaim {
  oldSize: number;
  oldRoot: string;
  newSize: number;
  newRoot: string;
}

/** Whether a path proves that the old tree is a prefix of the new one (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(claim: ConsistencyClaim, path: readonly string[]): boolean {
  const { oldSize, oldRoot, newSize, newRoot } = claim;
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize) || oldSize < 0 || oldSize > newSize)
    return false;
  if (oldSize === newSize) return path.length === 0 && oldRoot === newRoot;
  if (oldSize === 0) return path.length === 0 && oldRoot === emptyRoot;
  return foldPath(claim, isPowerOfTwo(oldSize) ? [oldRoot, ...path] : path);
}

/** Builds both roots from one path at once; each must come out as claimed. */
function foldPath({ oldSize, oldRoot, newSize, newRoot }: ConsistencyClaim, path: readonly string[]): boolean {
  let node = oldSize - 1;
  let last = newSize - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  const [seed, ...rest] = path;
  if (seed === undefined) return false;
  let old = seed;
  let current = seed;
  for (const hash of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      old = nodeHash(hash, old);
      current = nodeHash(hash, current);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      current = nodeHash(current, hash);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && old === oldRoot && current === newRoot;
}

function isPowerOfTwo(size: number): boolean {
  return Number.isInteger(Math.log2(size));
}
