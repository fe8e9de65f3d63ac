import { MerkleAppender, leafHash, proveInclusion, rootOf, verifyInclusion } from '@tminus/verify';
import { assert, integer, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { growTree } from './log-tree.ts';

const leaves = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => leafHash(`entry ${from + at}`));

function frontierOf(hashes: readonly string[]) {
  const tree = new MerkleAppender();
  for (const hash of hashes) tree.append(hash);
  return tree.frontier();
}

describe('growTree', () => {
  it('P11 gives the root, the frontier and every proof of RFC 6962 for all trees up to 40 and batches up to 40', () => {
    for (let before = 0; before <= 40; before += 1) {
      for (let added = 1; added <= 40; added += 1) {
        const all = leaves(0, before + added);
        const grown = growTree(frontierOf(all.slice(0, before)), all.slice(before));
        expect(grown.root).toBe(rootOf(all));
        expect(grown.frontier).toEqual(frontierOf(all));
        expect(grown.proofs).toEqual(all.slice(before).map((_, at) => proveInclusion(all, before + at)));
      }
    }
  });

  it('P11 holds for random larger trees, and a proof for one leaf proves no other', () => {
    assert(
      property(integer({ min: 0, max: 3000 }), integer({ min: 2, max: 600 }), nat(), (before, added, pick) => {
        const all = leaves(0, before + added);
        const { root, proofs, frontier } = growTree(frontierOf(all.slice(0, before)), all.slice(before));
        const at = pick % added;
        const claim = { leaf: all[before + at] as string, index: before + at, size: before + added, root };
        expect(frontier.size).toBe(claim.size);
        expect(verifyInclusion(claim, proofs[at] as string[])).toBe(true);
        expect(verifyInclusion({ ...claim, leaf: leafHash('foreign') }, proofs[at] as string[])).toBe(false);
      }),
      { numRuns: 40 },
    );
  });
});
