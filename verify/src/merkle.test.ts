import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { proveConsistency, verifyConsistency } from './consistency-proof.ts';
import { proveInclusion, verifyInclusion } from './inclusion-proof.ts';
import { MerkleAppender } from './merkle-appender.ts';
import { emptyRoot, leafHash, nodeHash, rootOf, splitPoint } from './merkle-tree.ts';
import { sha256Hex } from './sha256.ts';

/** The leaves and roots that Certificate Transparency implementations are tested with. */
const ctLeaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ctRoots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const ctHashes = ctLeaves.map((leaf) => leafHash(Buffer.from(leaf, 'hex')));
const leavesOf = (size: number): string[] => Array.from({ length: size }, (_, at) => leafHash(`leaf ${at}`));

/** RFC 6962 section 2.1 as it is written, for comparison. */
function rootByDefinition(leaves: readonly string[], node = nodeHash): string {
  if (leaves.length <= 1) return leaves[0] ?? emptyRoot;
  const split = splitPoint(leaves.length);
  return node(rootByDefinition(leaves.slice(0, split), node), rootByDefinition(leaves.slice(split), node));
}

/** Planted fault: a node without the byte that separates it from a leaf. */
function bareNode(left: string, right: string): string {
  return sha256Hex(Buffer.from(left + right, 'hex'));
}

describe('the tree', () => {
  it('gives the known root for every prefix of the CT test leaves', () => {
    for (const [at, root] of ctRoots.entries()) expect(rootOf(ctHashes.slice(0, at + 1))).toBe(root);
    expect(rootOf([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('F67 the known roots catch a tree without domain separation and one with swapped children', () => {
    const bareLeaves = ctLeaves.map((leaf) => sha256Hex(Buffer.from(leaf, 'hex')));
    expect(rootByDefinition(ctHashes)).toBe(ctRoots[7]);
    expect(rootByDefinition(bareLeaves)).not.toBe(ctRoots[7]);
    expect(rootByDefinition(ctHashes, bareNode)).not.toBe(ctRoots[7]);
    expect(rootByDefinition(ctHashes, (left, right) => nodeHash(right, left))).not.toBe(ctRoots[7]);
  });

  it('an inner node cannot be passed off as a leaf', () => {
    const [one = '', two = ''] = ctHashes;
    expect(leafHash(Buffer.from(one + two, 'hex'))).not.toBe(nodeHash(one, two));
  });

  it('hashes a string as its UTF-8 form, however large', () => {
    for (const text of ['', 'ä€😀', 'x'.repeat(4095), 'x'.repeat(4096), '€'.repeat(70_000)]) {
      expect(leafHash(text)).toBe(sha256Hex(Buffer.concat([Buffer.of(0), Buffer.from(text)])));
      expect(leafHash(Buffer.from(text))).toBe(leafHash(text));
    }
  });

  it.each([
    ['', ''],
    ['a'.repeat(63), 'b'.repeat(64)],
    ['g'.repeat(64), 'b'.repeat(64)],
  ])('refuses to join %j and %j', (left, right) => {
    expect(() => nodeHash(left, right)).toThrow('expected two hashes');
  });
});

describe('MerkleAppender', () => {
  it('gives the root of the definition at every size up to 300', () => {
    const tree = new MerkleAppender();
    const leaves = leavesOf(300);
    expect(tree.root()).toBe(emptyRoot);
    for (const [at, leaf] of leaves.entries()) {
      expect(tree.append(leaf)).toBe(at);
      expect(tree.root()).toBe(rootByDefinition(leaves.slice(0, at + 1)));
    }
  });

  it('goes on from a stored frontier as if it had never stopped', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(60), (before, after) => {
        const leaves = leavesOf(before + after);
        const first = new MerkleAppender();
        for (const leaf of leaves.slice(0, before)) first.append(leaf);
        const stored = JSON.stringify(first.frontier());
        const second = new MerkleAppender(JSON.parse(stored) as ReturnType<typeof first.frontier>);
        for (const leaf of leaves.slice(before)) second.append(leaf);
        expect(second.root()).toBe(rootOf(leaves));
        expect(JSON.stringify(first.frontier())).toBe(stored);
      }),
    );
  });

  it.each([
    { size: 3, hashes: [emptyRoot] },
    { size: 2, hashes: [emptyRoot, emptyRoot] },
    { size: -1, hashes: [] },
    { size: 1.5, hashes: [emptyRoot] },
    { size: 1, hashes: ['AA'] },
  ])('refuses the frontier %j, which fits no tree', (frontier) => {
    expect(() => new MerkleAppender(frontier)).toThrow('merkle frontier: expected');
  });
});

describe('inclusion proofs', () => {
  it('R9 prove every leaf of every tree up to 70 leaves, and no other place, leaf, size or root', () => {
    for (let size = 1; size <= 70; size += 1) {
      const leaves = leavesOf(size);
      const root = rootOf(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const path = proveInclusion(leaves, index);
        const claim = { leaf, index, size, root };
        expect(verifyInclusion(claim, path)).toBe(true);
        expect(verifyInclusion({ ...claim, index: (index + 1) % size }, path)).toBe(size === 1);
        expect(verifyInclusion({ ...claim, leaf: emptyRoot }, path)).toBe(false);
        expect(verifyInclusion({ ...claim, root: emptyRoot }, path)).toBe(false);
        expect(verifyInclusion(claim, [...path, emptyRoot])).toBe(false);
        expect(verifyInclusion(claim, path.slice(1))).toBe(size === 1);
      }
    }
  });

  it('R9 take less than 1 kB for a million entries', () => {
    const path = proveInclusion(
      Array.from({ length: 1_000_000 }, () => emptyRoot),
      777_777,
    );
    expect(path).toHaveLength(20);
    expect(path.length * 32).toBeLessThan(1000);
  });

  it.each([
    [-1, 3],
    [3, 3],
    [0.5, 3],
    [0, 0],
  ])('refuse index %s of %s leaves', (index, size) => {
    expect(() => proveInclusion(leavesOf(size), index)).toThrow('inclusion proof: expected an index');
    expect(verifyInclusion({ leaf: emptyRoot, index, size, root: emptyRoot }, [])).toBe(false);
  });
});

describe('consistency proofs', () => {
  it('R9 prove every prefix of every tree up to 40 leaves', () => {
    for (let newSize = 0; newSize <= 40; newSize += 1) {
      const leaves = leavesOf(newSize);
      for (let oldSize = 0; oldSize <= newSize; oldSize += 1) {
        const path = proveConsistency(leaves, oldSize);
        const claim = { oldSize, oldRoot: rootOf(leaves.slice(0, oldSize)), newSize, newRoot: rootOf(leaves) };
        expect(verifyConsistency(claim, path)).toBe(true);
        expect(verifyConsistency(claim, [...path, emptyRoot])).toBe(false);
        expect(verifyConsistency(claim, path.slice(1))).toBe(path.length === 0);
        // The empty tree is a prefix of every log, whatever that log is.
        expect(verifyConsistency({ ...claim, oldRoot: leafHash('x') }, path)).toBe(false);
        expect(verifyConsistency({ ...claim, newRoot: leafHash('x') }, path)).toBe(oldSize === 0 && newSize > 0);
      }
    }
  });

  it('F67 no proof joins a log with a rewritten one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), fc.nat(), (size, seed, where) => {
        const oldSize = 1 + (seed % (size - 1));
        const leaves = leavesOf(size);
        const rewritten = leaves.with(where % oldSize, leafHash('rewritten'));
        const claim = { oldSize, oldRoot: rootOf(leaves.slice(0, oldSize)), newSize: size, newRoot: rootOf(rewritten) };
        expect(verifyConsistency(claim, proveConsistency(rewritten, oldSize))).toBe(false);
        expect(verifyConsistency(claim, proveConsistency(leaves, oldSize))).toBe(false);
      }),
    );
  });

  it('agree with the known proof of the CT test leaves from 6 to 8', () => {
    expect(proveConsistency(ctHashes, 6)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });
});
