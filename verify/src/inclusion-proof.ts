import { nodeHash, splitPoint, subtreeRoot } from './merkle-tree.ts';

/** The audit path of one leaf, from the bottom up (RFC 6962 section 2.1.1). */
export function proveInclusion(leafHashes: readonly string[], index: number): string[] {
  if (!Number.isInteger(index) || index < 0 || index >= leafHashes.length) {
    throw new RangeError(`inclusion proof: expected an index below ${leafHashes.length}, got ${index}`);
  }
  const path: string[] = [];
  let start = 0;
  let end = leafHashes.length;
  while (end - start > 1) {
    const split = start + splitPoint(end - start);
    if (index < split) {
      path.push(subtreeRoot(leafHashes, split, end));
      end = split;
    } else {
      path.push(subtreeRoot(leafHashes, start, split));
      start = split;
    }
  }
  return path.toReversed();
}

/** What an inclusion proof claims: this leaf stands at this index of the tree of this size with this root. */
export interface InclusionClaim {
  leaf: string;
  index: number;
  size: number;
  root: string;
}

/** Whether a path proves the claim (RFC 9162 section 2.1.3.2). A path of the wrong length proves nothing. */
export function verifyInclusion(claim: InclusionClaim, path: readonly string[]): boolean {
  const { leaf, index, size, root } = claim;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      // A rightmost node without a sibling rises unchanged until it is a right child.
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && hash === root;
}
