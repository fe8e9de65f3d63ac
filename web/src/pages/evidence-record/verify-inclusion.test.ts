import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { readCheckpoint, readKey, rootOf, verifyClaim } from './verify-inclusion.ts';
import type { Claim, ProofStep } from './verify-inclusion.ts';

const vectors = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../../verify/vectors', name), 'utf8'));
const merkle = vectors('merkle.json') as {
  leafHashes: string[];
  roots: string[];
  inclusion: { size: number; index: number; path: string[] }[];
};
const notes = vectors('checkpoint.json') as { verifier: string; good: string[]; bad: string[] };
const { files } = vectors('tiny-bundle.json') as { files: Record<string, string> };

/** A claim about an entry of the published bundle, proven by hand over its leaves. */
function claimOf(index: number): Claim {
  const bodies = files['entries.jsonl']!.trimEnd().split('\n');
  const leaves = bodies.map((body) => hash(Buffer.from([0]), Buffer.from(body)));
  const id = createHash('sha256').update(bodies[index]!).digest('hex');
  const checkpoint = files['checkpoint.txt']!;
  return {
    id,
    body: bodies[index]!,
    index,
    path: pathOf(leaves, index),
    checkpoint,
    logKey: files['log-key.txt']!.trim(),
  };
}

function hash(...parts: Uint8Array[]): string {
  return createHash('sha256').update(Buffer.concat(parts)).digest('hex');
}

/** RFC 6962 section 2.1.1 as it is written. */
function pathOf(leaves: string[], index: number): string[] {
  if (leaves.length === 1) return [];
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return index < split
    ? [...pathOf(leaves.slice(0, split), index), treeHash(leaves.slice(split))]
    : [...pathOf(leaves.slice(split), index - split), treeHash(leaves.slice(0, split))];
}

function treeHash(leaves: string[]): string {
  if (leaves.length === 1) return leaves[0]!;
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const [left, right] = [treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split))];
  return hash(Buffer.from([1]), Buffer.from(left, 'hex'), Buffer.from(right, 'hex'));
}

const outcomes = (steps: ProofStep[]): string[] => steps.map(({ id, outcome }) => `${id} ${outcome}`);
const good = ['record pass', 'path pass', 'signature pass'];

describe('proving an entry in the browser', () => {
  it('R9 accepts every path of the published vectors, and no path of another leaf or size', async () => {
    expect(merkle.inclusion.length).toBeGreaterThan(30);
    for (const { size, index, path } of merkle.inclusion) {
      const leaf = merkle.leafHashes[index]!;
      expect(await rootOf({ leaf, index, size }, path)).toBe(merkle.roots[size]);
      expect(await rootOf({ leaf: merkle.leafHashes[(index + 1) % 8]!, index, size }, path)).not.toBe(
        merkle.roots[size],
      );
      expect(await rootOf({ leaf, index, size }, [...path, leaf])).not.toBe(merkle.roots[size]);
      expect(await rootOf({ leaf, index: size, size }, path)).toBeNull();
    }
  });

  it('R9 accepts every good note of the published vectors and none of the bad ones', async () => {
    for (const checkpoint of notes.good) {
      const [, , signature] = await verifyClaim({ ...claimOf(0), checkpoint, logKey: notes.verifier });
      expect(signature?.outcome).toBe('pass');
    }
    expect(notes.bad.length).toBeGreaterThan(5);
    for (const checkpoint of notes.bad) {
      const steps = await verifyClaim({ ...claimOf(0), checkpoint, logKey: notes.verifier });
      expect(steps.some(({ outcome }) => outcome === 'fail')).toBe(true);
      expect(steps[2]?.outcome).not.toBe('pass');
    }
  });

  it('R9 proves every entry of the published bundle', async () => {
    for (const index of [0, 1, 2, 3, 4]) expect(outcomes(await verifyClaim(claimOf(index)))).toEqual(good);
  });

  it.each<[string, (claim: Claim) => Partial<Claim>, string]>([
    ['a changed record', ({ body }) => ({ body: body.replace(':', ': ') }), 'record fail'],
    ['another id', ({ id }) => ({ id: id.replaceAll('a', 'b') }), 'record fail'],
    ['another place', () => ({ index: 2 }), 'path fail'],
    ['a path that lacks a hash', ({ path }) => ({ path: path.slice(1) }), 'path fail'],
    ['a path with something that is no hash', ({ path }) => ({ path: ['xyz', ...path.slice(1)] }), 'path fail'],
    ['a larger tree', ({ checkpoint }) => ({ checkpoint: checkpoint.replace('\n5\n', '\n6\n') }), 'signature fail'],
    ['a key of another log', ({ logKey }) => ({ logKey: logKey.replace('log+', 'gol+') }), 'signature fail'],
    ['no note', () => ({ checkpoint: 'hello' }), 'signature fail'],
    ['no key', () => ({ logKey: '' }), 'signature fail'],
  ])('A32 (planted fault) refuses %s', async (_, change, step) => {
    const claim = claimOf(1);
    const changed = { ...claim, ...change(claim) };
    expect(changed).not.toEqual(claim);
    expect(outcomes(await verifyClaim(changed))).toContain(step);
  });

  it('reads what the verifier reads', async () => {
    expect(readCheckpoint(files['checkpoint.txt']!).head.size).toBe(5);
    expect((await readKey(notes.verifier)).name).toBe('test.example/log');
  });
});
