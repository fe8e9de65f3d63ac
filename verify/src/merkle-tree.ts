import { sha256Hex } from './sha256.ts';

/** Root of the tree without leaves: the hash of nothing (RFC 6962 section 2.1). */
export const emptyRoot = sha256Hex('');

/** One buffer for every node: its first byte separates nodes from leaves and never changes. */
const nodeInput = Buffer.alloc(65);
nodeInput[0] = 0x01;
let leafInput = Buffer.alloc(4096);

/** The hash of a leaf, `SHA-256(0x00 || bytes)` (RFC 6962 section 2.1). A string stands for its UTF-8 form. */
export function leafHash(entry: Uint8Array | string): string {
  const most = typeof entry === 'string' ? entry.length * 3 : entry.length;
  // Grown for a large entry and kept: entries of one log are of one kind, and a fresh buffer for each would cost more than the hash.
  if (most >= leafInput.length) leafInput = Buffer.alloc(most + 1);
  leafInput[0] = 0x00;
  if (typeof entry === 'string') return sha256Hex(leafInput.subarray(0, 1 + leafInput.write(entry, 1)));
  leafInput.set(entry, 1);
  return sha256Hex(leafInput.subarray(0, 1 + entry.length));
}

/**
 * The hash of an inner node, `SHA-256(0x01 || left || right)` (RFC 6962 section 2.1).
 * Without the leading byte an inner node could be passed off as a leaf.
 */
export function nodeHash(left: string, right: string): string {
  if (nodeInput.write(left, 1, 'hex') + nodeInput.write(right, 33, 'hex') !== 64) {
    throw new TypeError('merkle node: expected two hashes of 64 hex characters');
  }
  return sha256Hex(nodeInput);
}

/** The root over leaf hashes in order (RFC 6962 section 2.1). */
export function rootOf(leafHashes: readonly string[]): string {
  return subtreeRoot(leafHashes, 0, leafHashes.length);
}

/** The root over the leaves from `start` up to `end`, without copying them. */
export function subtreeRoot(leafHashes: readonly string[], start: number, end: number): string {
  const size = end - start;
  if (size === 0) return emptyRoot;
  if (size === 1) return leafHashes[start] ?? emptyRoot;
  const split = start + splitPoint(size);
  return nodeHash(subtreeRoot(leafHashes, start, split), subtreeRoot(leafHashes, split, end));
}

/** The largest power of two smaller than `size`, where RFC 6962 cuts a tree of two leaves or more. */
export function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}
