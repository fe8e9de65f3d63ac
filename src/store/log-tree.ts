import { nodeHash } from '@tminus/verify';
import type { Frontier } from '@tminus/verify';

/** A tree after a batch of leaves, with the inclusion proof of each of them in the new tree. */
export interface GrownTree {
  frontier: Frontier;
  root: string;
  /** RFC 6962 section 2.1.1 audit paths, from the bottom up, in the order of the leaves. */
  proofs: string[][];
}

/** Full subtrees of one height, side by side from number `first` on. */
interface Level {
  first: number;
  hashes: string[];
}

/**
 * Returns the tree that `leaves` (leaf hashes) make of `frontier`, which must not be empty of leaves.
 *
 * Works on the frontier alone: every inner node over the new leaves is hashed once, and all proofs are read off those nodes.
 * Proving each leaf by itself would need the whole tree, and hash it again for each.
 */
export function growTree(frontier: Frontier, leaves: readonly string[]): GrownTree {
  const size = frontier.size + leaves.length;
  const levels = buildLevels(frontier, leaves);
  const ragged = foldRagged(levels, size);
  return {
    frontier: {
      size,
      hashes: levels
        .flatMap((level, height) => (isFull(size, height) ? [nodeAt(level, countAt(size, height) - 1)] : []))
        .toReversed(),
    },
    root: ragged[levels.length] as string,
    proofs: leaves.map((_, position) => readProof({ levels, ragged, size }, frontier.size + position)),
  };
}

/** How many full subtrees of this height the tree has. Division, because shifts end at 32 bits. */
function countAt(size: number, height: number): number {
  return Math.floor(size / 2 ** height);
}

/** Whether the rightmost full subtree of this height is one of the frontier. */
function isFull(size: number, height: number): boolean {
  return countAt(size, height) % 2 === 1;
}

function nodeAt(level: Level, number: number): string {
  return level.hashes[number - level.first] as string;
}

function buildLevels(frontier: Frontier, leaves: readonly string[]): Level[] {
  const size = frontier.size + leaves.length;
  // Smallest subtree last, so that `pop` gives them in the order of rising height.
  const left = [...frontier.hashes];
  const levels: Level[] = [];
  let fresh: readonly string[] = leaves;
  for (let height = 0; countAt(size, height) > 0; height += 1) {
    const before = countAt(frontier.size, height);
    const joins = before % 2 === 1;
    const level = { first: joins ? before - 1 : before, hashes: joins ? [left.pop() as string, ...fresh] : [...fresh] };
    levels.push(level);
    const parents: string[] = [];
    for (let at = 0; at + 1 < level.hashes.length; at += 2)
      parents.push(nodeHash(level.hashes[at] as string, level.hashes[at + 1] as string));
    fresh = parents;
  }
  return levels;
}

/** At each height the hash over all leaves right of the last full subtree of that height, '' where there are none; last the root. */
function foldRagged(levels: readonly Level[], size: number): string[] {
  const ragged = [''];
  for (const [height, level] of levels.entries()) {
    const rest = ragged[height] as string;
    if (!isFull(size, height)) ragged.push(rest);
    else {
      const last = nodeAt(level, countAt(size, height) - 1);
      ragged.push(rest === '' ? last : nodeHash(last, rest));
    }
  }
  return ragged;
}

interface Nodes {
  levels: readonly Level[];
  ragged: readonly string[];
  size: number;
}

function readProof({ levels, ragged, size }: Nodes, index: number): string[] {
  const path: string[] = [];
  for (const [height, level] of levels.entries()) {
    const number = Math.floor(index / 2 ** height);
    const sibling = number % 2 === 0 ? number + 1 : number - 1;
    const full = countAt(size, height);
    if (sibling < full) path.push(nodeAt(level, sibling));
    else if (sibling === full && number < full && ragged[height] !== '') path.push(ragged[height] as string);
  }
  return path;
}
