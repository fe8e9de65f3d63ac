import { FormatError } from './format-error.ts';
import { emptyRoot, nodeHash } from './merkle-tree.ts';
import { isSha256 } from './sha256.ts';

/** All that is needed to append to a tree: its size and the roots of its full subtrees, largest first. At most 53 hashes. */
export interface Frontier {
  size: number;
  hashes: string[];
}

/**
 * A Merkle tree that can only grow, in memory that grows with the logarithm of its size.
 * Gives the same root as `rootOf` over all leaves appended since the empty tree.
 */
export class MerkleAppender {
  #size: number;
  readonly #hashes: string[];

  /** Starts from the empty tree, or goes on where a saved frontier stood; refuses a frontier that fits no tree. */
  constructor(frontier: Frontier = { size: 0, hashes: [] }) {
    assertFrontier(frontier);
    this.#size = frontier.size;
    this.#hashes = [...frontier.hashes];
  }

  get size(): number {
    return this.#size;
  }

  /** Appends the hash of one leaf (`leafHash`, not the entry) and returns its index. */
  append(hash: string): number {
    let joined = hash;
    // Every trailing 1 of the old size is a full subtree that the new leaf completes to one of twice its size.
    for (let size = this.#size; size % 2 === 1; size = (size - 1) / 2) {
      joined = nodeHash(this.#hashes.pop() ?? '', joined);
    }
    this.#hashes.push(joined);
    this.#size += 1;
    return this.#size - 1;
  }

  /** Root of the tree as it stands. */
  root(): string {
    if (this.#size === 0) return emptyRoot;
    return this.#hashes.reduceRight((right, left) => nodeHash(left, right));
  }

  /** What `new MerkleAppender` goes on from: plain data, to be stored in the same transaction as the entry. */
  frontier(): Frontier {
    return { size: this.#size, hashes: [...this.#hashes] };
  }
}

function assertFrontier({ size, hashes }: Frontier): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new FormatError({ where: 'merkle frontier', expected: 'a size from 0 to 2^53 - 1', got: String(size) });
  }
  let wanted = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) wanted += rest % 2;
  if (hashes.length !== wanted || !hashes.every(isSha256)) {
    const expected = `${wanted} SHA-256 hashes for a tree of ${size}`;
    throw new FormatError({ where: 'merkle frontier', expected, got: `${hashes.length} values` });
  }
}
